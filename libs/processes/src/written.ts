import type { EventStore } from '#event-store'

/** What a process has written to the event store. */
export interface Written {
  events: number
}

/** A store that counts what is written to it. */
export function counting(store: EventStore, written: Written): EventStore {
  return {
    ...store,
    append: async (...given) => {
      const result = await store.append(...given)
      if (result.status === 'appended') written.events += result.events.length
      return result
    },
  }
}
