import type { KafkaConfig, LogEntry } from 'kafkajs'
import type { MessagingOptions } from '../options.ts'
import { loadKafkajs } from './load.ts'

/** Said in the course of things: a broker that starts, a group that shares out anew. */
const EXPECTED = [
  /coordinator is loading/i,
  /coordinator is not available/i,
  /group is rebalancing/i,
  /rebalance in progress/i,
  /not aware of this member/i,
]
/** What it fears does not happen here: retries go on outside the library (see `Lane`). */
const BESIDE_THE_POINT = /Limiting retries for the idempotent producer/

/** While a broker is away the library says the same several times a second. */
const REPEATED_MS = 30_000
const REMEMBERED_MAX = 100

/**
 * Passes what the library says to `log`: errors as errors; what is expected, or is tried again, as warnings; the same not
 * more often than twice a minute, `repeated` saying how often it was left out. Without `log` it is silent.
 */
export function kafkaLog(
  log: MessagingOptions['log'],
  nowMs: () => number = () => performance.now(),
): Pick<KafkaConfig, 'logLevel' | 'logCreator'> {
  if (log === undefined) return { logLevel: loadKafkajs().logLevel.NOTHING, logCreator: () => () => undefined }
  const said = new Map<string, { atMs: number; repeated: number }>()
  const pass = (entry: LogEntry) => {
    const { message } = entry.log
    if (BESIDE_THE_POINT.test(message)) return
    const before = said.get(message)
    if (before !== undefined && nowMs() - before.atMs < REPEATED_MS) {
      before.repeated += 1
      return
    }
    said.delete(message)
    said.set(message, { atMs: nowMs(), repeated: 0 })
    if (said.size > REMEMBERED_MAX) said.delete(said.keys().next().value!)
    const repeated = before === undefined || before.repeated === 0 ? {} : { repeated: before.repeated }
    log(severity(entry), message, { ...fieldsOf(entry), ...repeated })
  }
  return { logLevel: loadKafkajs().logLevel.WARN, logCreator: () => pass }
}

function severity({ level, log }: LogEntry): 'warn' | 'error' {
  if (level !== loadKafkajs().logLevel.ERROR || log['retryCount'] !== undefined) return 'warn'
  const words = `${log.message} ${textOf(log['error'])}`
  return EXPECTED.some((pattern) => pattern.test(words)) ? 'warn' : 'error'
}

/** Its stack and its clock add nothing; errors in it become their words. */
function fieldsOf({ namespace, log }: LogEntry): Record<string, unknown> {
  const { message: _message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log
  const told = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Error ? value.message : (value as unknown),
  ])
  return { part: namespace, ...(Object.fromEntries(told) as Record<string, unknown>) }
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message
  return typeof value === 'string' ? value : ''
}
