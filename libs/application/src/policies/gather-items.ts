import type { ItemEvent } from '#domain'
import type { Recorded } from '../recorded.ts'
import { idOf } from '../stream-id.ts'
import type { Gathered, GatheringPolicy } from './policy.ts'

type Moved = Extract<ItemEvent, { type: 'ItemAttached' | 'ItemDetached' }>

/** Items in one command, as the case takes them. */
const ITEMS_MAX = 500

/**
 * The item's stream decides which opinion case it belongs to; the case learns of it, of many at once. It takes of each item
 * only what is newer than what it knows.
 */
export const gatherItems: GatheringPolicy = {
  name: 'gather-items',
  handles: new Set(['ItemAttached', 'ItemDetached']),
  expectedRefusals: new Set(['NOT_FOUND']),
  gather(events) {
    // Of each item the last word on a case counts.
    const last = new Map<string, Recorded<Moved>>()
    for (const event of events as unknown as Recorded<Moved>[]) last.set(`${event.data.caseId} ${event.stream}`, event)
    const groups = new Map<string, Recorded<Moved>[]>()
    for (const event of last.values()) {
      const key = `${event.data.caseId} ${event.type}`
      const group = groups.get(key)
      if (group && group.length < ITEMS_MAX) group.push(event)
      else groups.set(group ? `${key} ${event.id}` : key, [event])
    }
    return [...groups.values()].map(consequenceOf)
  },
}

function consequenceOf(group: readonly Recorded<Moved>[]): Gathered {
  const cause = group.at(-1)!
  return {
    command: cause.type === 'ItemAttached' ? 'RecordItemsJoined' : 'RecordItemsLeft',
    target: cause.data.caseId,
    payload: { items: group.map(({ stream, revision }) => ({ item: idOf(stream), revision })) },
    cause,
  }
}
