import type { AppendResult, EventStore, NewEvent, RecordedEvent } from '#event-store'

/** A store that takes everything and keeps nothing, as far as observing it needs one. */
export function memoryStore(
  append: () => Promise<AppendResult['status']> = () => Promise.resolve('appended'),
): EventStore {
  let count = 0
  return {
    append: async (stream, _version, events): Promise<AppendResult> => {
      const status = await append()
      if (status === 'conflict') return { status, stream }
      const recorded = events.map(
        (event) => ({ ...event, stream, revision: 0, version: 1 }) as unknown as RecordedEvent,
      )
      return { status, version: 'v', position: String((count += 1)), events: recorded }
    },
    readStream: () => Promise.resolve({ events: [], version: 'no-stream', position: null }),
    readStreamStored: () => Promise.resolve([]),
    readAll: () => nothing(),
    readStored: () => nothing(),
    subscribe: () => nothing(),
    subscribeStored: () => nothing(),
    fingerprinter: () => Promise.resolve(null),
    eraseStream: () => Promise.resolve(),
    head: () => Promise.resolve('start'),
    close: () => Promise.resolve(),
  }
}

memoryStore.event = (id: string, correlationId: string): NewEvent =>
  ({ id, type: 'Happened', data: {}, metadata: { correlationId } }) as unknown as NewEvent

async function* nothing(): AsyncGenerator<never> {
  // It holds nothing.
}
