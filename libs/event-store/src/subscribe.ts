import type { From, RecordedEvent } from './envelope.ts'
import type { EventLog } from './log.ts'
import type { SubscriptionMessage } from './port.ts'

/** A page of events after a position. `next` is that position itself at the end of the store. */
export type PageReader = (from: From) => Promise<{ events: RecordedEvent[]; next: From }>

export interface SubscriptionParts {
  read: PageReader
  /** Whether the reader leaves out events, so that the pages themselves must be told of. */
  isSelective: boolean
  signal: AbortSignal | undefined
}

/**
 * Reads pages, then waits for the log's word that there is more and reads on. What is delivered always comes from the
 * log and never from a queue, so that a slow reader costs nothing and reading and live are one thing: there is no
 * hand-over at which an event could be missed or come twice.
 */
export async function* subscription(
  log: EventLog,
  from: From,
  { read, isSelective, signal }: SubscriptionParts,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  let woken = Promise.withResolvers<void>()
  const wake = (): void => woken.resolve()
  const stop = log.onAppended(wake)
  signal?.addEventListener('abort', wake)
  const isAborted = (): boolean => signal?.aborted === true
  try {
    const target = await log.head()
    let isBehind = true
    let place = from
    while (!isAborted()) {
      // Made before reading, so that what is added while a page is read wakes the wait after it.
      woken = Promise.withResolvers<void>()
      const { events, next } = await read(place)
      if (isAborted()) return
      const isLast = next === place
      place = next
      if (events.length > 0) yield { kind: 'events', events }
      if (isSelective && !isLast) yield { kind: 'passed', position: place }
      if (isBehind && (isLast || !isBefore(place, target))) {
        isBehind = false
        yield { kind: 'caught-up', position: place }
      }
      if (isLast && !isAborted()) await woken.promise
    }
  } finally {
    stop()
    signal?.removeEventListener('abort', wake)
  }
}

function isBefore(place: From, target: From): boolean {
  return target !== 'start' && (place === 'start' || place < target)
}
