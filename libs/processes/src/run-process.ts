import { parseArgs } from 'node:util'
import { instantAt, systemClock } from '#application'
import { errorFields, jsonLog, startTracing } from '#observability'
import type { Log } from '#observability'
import { ConfigurationError } from './environment.ts'
import type { Variables } from './environment.ts'
import { exitCodes } from './exit-codes.ts'

export interface ProcessContext {
  variables: Variables
  log: Log
  /** Which of the process's own options were given. */
  given: ReadonlySet<string>
  /** Aborts when the process is told to stop. */
  stopped: AbortSignal
}

export interface ProcessOptions {
  /** `huiying-gateway`: in traces and in what it says of itself. */
  name: string
  usage: string
  /** Options that it takes beside `--help`, all of them yes or no. */
  options?: readonly string[]
  /** What to do about errors of these codes. */
  hints?: Readonly<Record<string, string>>
  /** Runs until it is told to stop, and has put everything down when it resolves. */
  main: (context: ProcessContext) => Promise<void>
}

/** Runs one process of Huiying from its command line: signals, logs, traces, and exit codes that scripts can trust. */
export async function runProcess({ name, usage, options = [], hints = {}, main }: ProcessOptions): Promise<void> {
  const log = jsonLog(
    (line) => process.stdout.write(line),
    () => instantAt(systemClock.now()),
  )
  const stopping = new AbortController()
  const stop = (signal: NodeJS.Signals) => {
    log('info', 'stopping', { signal })
    stopping.abort()
  }
  try {
    const { values } = parseArgs({
      options: Object.fromEntries(['help', ...options].map((option) => [option, { type: 'boolean' as const }])),
    })
    if (values['help']) {
      process.stdout.write(usage)
      return
    }
    const given = new Set(Object.entries(values).flatMap(([option, value]) => (value ? [option] : [])))
    process.once('SIGTERM', stop).once('SIGINT', stop)
    const tracing = startTracing({ service: name, environment: process.env, log })
    try {
      await main({ variables: process.env, log, given, stopped: stopping.signal })
    } finally {
      await tracing.stop()
    }
    log('info', 'stopped')
  } catch (error) {
    process.exitCode = explain(error, hints, log)
  }
}

/** As `huiying` explains it and with its exit codes: a sentence for whoever started it, on standard error. */
function explain(error: unknown, hints: Readonly<Record<string, string>>, log: Log): number {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`huiying: ${hints[code ?? ''] ?? message}${code ? ` (${code})` : ''}\n`)
  if (code === null) log('error', 'ended by a fault', errorFields(error))
  if (code === 'STORE_IN_USE') return exitCodes.storeInUse
  const isUsage = error instanceof ConfigurationError || code?.startsWith('ERR_PARSE_ARGS') === true
  return isUsage ? exitCodes.usage : exitCodes.fault
}

/** What to do where nothing can be listened on, by the variables that say where. */
export function listeningHints(host: string, port: string): Readonly<Record<string, string>> {
  return {
    EADDRINUSE: `another program listens there already; stop it, or choose another port with ${port}`,
    EADDRNOTAVAIL: `this machine has no such address; ${host} says which one to listen on`,
    EACCES: `this port may not be listened on; choose one above 1023 with ${port}`,
  }
}
