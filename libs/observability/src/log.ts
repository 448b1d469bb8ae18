import type { LoggerService } from '@nestjs/common'
import { activeIds } from './tracing/spans.ts'

export type LogLevel = 'info' | 'warn' | 'error'

/**
 * Structured logs: one JSON object a line. Fields are codes, counts, names of our own and correlation ids, never what
 * people wrote or who they are; addresses with a query are never among them, because searches are words.
 */
export interface Log {
  (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void
}

/**
 * `now`: an instant. `write` takes a whole line. What is said while a span is active carries its ids as `trace` and `span`,
 * so that a line leads to its trace.
 */
export function jsonLog(write: (line: string) => void, now: () => string): Log {
  return (level, message, fields = {}) => {
    write(`${JSON.stringify({ time: now(), level, message, ...fields, ...activeIds() })}\n`)
  }
}

/** An error as the log shows it. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) }
  const code = 'code' in error ? error.code : undefined
  const cause = error.cause === undefined ? undefined : errorFields(error.cause)
  return { error: error.name, code, reason: error.message, stack: error.stack, cause }
}

/** For what Nest itself warns of. */
export function nestLog(log: Log): LoggerService {
  const at =
    (level: LogLevel) =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1)
      if (typeof message === 'object' && message !== null) log(level, String(context), { ...message })
      else log(level, String(message), { context })
    }
  return { log: () => {}, warn: at('warn'), error: at('error'), fatal: at('error') }
}
