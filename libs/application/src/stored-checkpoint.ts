import type { EventStore, From } from '#event-store'
import type { ReadStoreWriter } from '#read-store'
import { instantAt } from './clock.ts'
import type { Clock } from './clock.ts'

/** The name under which a read store tells how far policies have come. */
export const POLICIES = 'policies'
/** Likewise of what other systems are told. */
export const RELAY = 'relay'

const SEEN = 'seen'

/** How far somebody who follows the event store has come, kept in a read store. */
export interface StoredCheckpoint {
  load(): Promise<From>
  save(position: From): Promise<void>
  /** The newest event there was when it was last said how far they had come. */
  seen(): Promise<From>
}

export interface StoredCheckpointParts {
  writer: ReadStoreWriter
  store: Pick<EventStore, 'head'>
  clock: Clock
}

/** `name`: of who follows; the read store's `progress` tells it to others. */
export async function storedCheckpoint(
  name: string,
  { writer, store, clock }: StoredCheckpointParts,
): Promise<StoredCheckpoint> {
  const generation = await writer.prepare(name, 1, [
    { name, projection: name, fields: { visibleTo: 'set' }, lists: [] },
  ])
  await generation.switchOver()
  return {
    load: () => generation.checkpoint(),
    save: async (checkpoint) => {
      // What followed from these events was written after them: both must be there when it starts again.
      const head = await store.head()
      const document = { id: SEEN, head, visibleTo: [] }
      await generation.write({
        changes: [{ collection: name, id: SEEN, position: head, document }],
        checkpoint,
        asOf: instantAt(clock.now()),
      })
    },
    seen: async () => {
      const [seen] = await generation.load(name, [SEEN])
      return (seen?.document?.['head'] as From | undefined) ?? 'start'
    },
  }
}
