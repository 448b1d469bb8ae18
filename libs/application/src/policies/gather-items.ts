import type { ItemEvent } from '#domain'
import type { Recorded } from '../recorded.ts'
import { idOf } from '../stream-id.ts'
import type { Policy } from './policy.ts'

type Moved = Extract<ItemEvent, { type: 'ItemAttached' | 'ItemDetached' }>

/** The item's stream decides which opinion case it belongs to; the case learns of it. */
export const gatherItems: Policy = {
  name: 'gather-items',
  handles: new Set(['ItemAttached', 'ItemDetached']),
  expectedRefusals: new Set(['CASE_NOT_FOUND', 'NOT_FOUND']),
  consequences: (recorded) => {
    const event = recorded as unknown as Recorded<Moved>
    return Promise.resolve([
      {
        command: event.type === 'ItemAttached' ? 'RecordItemsJoined' : 'RecordItemsLeft',
        target: event.data.caseId,
        payload: { items: [{ item: idOf(event.stream), revision: event.revision }] },
      },
    ])
  },
}
