import type { DiagLogger } from '@opentelemetry/api'
import type { Log } from '../log.ts'

/** What begins with the same words is the same complaint: numbers and ids come behind them. */
const WORDS = 3
const COMPLAINTS_MAX = 20

/**
 * For what OpenTelemetry's own code complains of, such as spans that are dropped because they come faster than they are delivered:
 * each complaint once for as long as the process lives. Its other news are nobody's here.
 */
export function complaints(log: Log): DiagLogger {
  const told = new Set<string>()
  const tell = (reason: string): void => {
    const complaint = reason
      .split(' ')
      .filter((word) => !/\d/.test(word))
      .slice(0, WORDS)
      .join(' ')
    if (told.has(complaint) || told.size >= COMPLAINTS_MAX) return
    told.add(complaint)
    log('warn', 'tracing', { reason })
  }
  const nothing = () => {}
  return { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }
}
