import type { EventStore, From } from '#event-store'
import type { ReadStoreWriter } from '#read-store'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'

/** The name under which the read store tells how far they have come. */
export const POLICIES = 'policies'
const SEEN = 'seen'

/** How far policies have come, in a read store. */
export interface StoredPolicyCheckpoint {
  load(): Promise<From>
  save(position: From): Promise<void>
  /** The newest event there was when policies last said how far they had come. */
  seen(): Promise<From>
}

export interface StoredPolicyCheckpointParts {
  writer: ReadStoreWriter
  store: Pick<EventStore, 'head'>
  clock: Clock
}

export async function storedPolicyCheckpoint({
  writer,
  store,
  clock,
}: StoredPolicyCheckpointParts): Promise<StoredPolicyCheckpoint> {
  const policies = await writer.prepare(POLICIES, 1, [
    { name: POLICIES, projection: POLICIES, fields: { visibleTo: 'set' }, lists: [] },
  ])
  await policies.switchOver()
  return {
    load: () => policies.checkpoint(),
    save: async (checkpoint) => {
      // What followed from these events was written after them: both must be there when it starts again.
      const head = await store.head()
      const document = { id: SEEN, head, visibleTo: [] }
      await policies.write({
        changes: [{ collection: POLICIES, id: SEEN, position: head, document }],
        checkpoint,
        asOf: instantAt(clock.now()),
      })
    },
    seen: async () => {
      const [seen] = await policies.load(POLICIES, [SEEN])
      return (seen?.document?.['head'] as From | undefined) ?? 'start'
    },
  }
}
