import kafkajs from 'kafkajs'
import type { KafkaConfig, LogEntry } from 'kafkajs'
import type { MessagingOptions } from '../options.ts'

const { logLevel } = kafkajs

/** Said in the course of things: a broker that starts, a group that shares out anew, retries that we bound ourselves. */
const EXPECTED = [
  /coordinator is loading/i,
  /coordinator is not available/i,
  /group is rebalancing/i,
  /rebalance in progress/i,
  /Limiting retries for the idempotent producer/,
  /not aware of this member/i,
]

/** Passes what the library says to `log`: errors as errors, what is expected as warnings. Without `log` it is silent. */
export function kafkaLog(log: MessagingOptions['log']): Pick<KafkaConfig, 'logLevel' | 'logCreator'> {
  if (log === undefined) return { logLevel: logLevel.NOTHING, logCreator: () => () => undefined }
  return {
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => log(severity(entry), entry.log.message, fieldsOf(entry)),
  }
}

function severity({ level, log }: LogEntry): 'warn' | 'error' {
  if (level !== logLevel.ERROR) return 'warn'
  const said = `${log.message} ${textOf(log['error'])}`
  return EXPECTED.some((pattern) => pattern.test(said)) ? 'warn' : 'error'
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
