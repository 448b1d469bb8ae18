import type { FastifyBaseLogger } from 'fastify'
import { errorFields } from '#observability'
import type { Log, LogLevel } from '#observability'

/** For what Fastify itself has to say: its message and the error alone, for it would add addresses. */
export function fastifyLog(log: Log): FastifyBaseLogger {
  const at = (level: LogLevel) => (first: unknown, second?: unknown) => {
    if (typeof first === 'string') return log(level, first)
    const error = first instanceof Error ? first : (first as { err?: unknown } | null)?.err
    log(level, typeof second === 'string' ? second : 'fastify', error === undefined ? {} : errorFields(error))
  }
  const nothing = () => {}
  const logger: FastifyBaseLogger = {
    level: 'warn',
    fatal: at('error'),
    error: at('error'),
    warn: at('warn'),
    info: nothing,
    debug: nothing,
    trace: nothing,
    silent: nothing,
    child: () => logger,
  }
  return logger
}
