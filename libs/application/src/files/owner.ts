import { caseStream, evolveItem, initialItem } from '#domain'
import type { Item, ItemEvent } from '#domain'
import type { EventStore } from '#event-store'

/** Whose a file is: the stream whose events name it, and where its document stands. */
export interface Owner {
  kind: 'item' | 'case' | 'commitment'
  id: string
  collection: string
}

const OWNER = /^(item|case|commitment)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Null where a name is that of no stream that may have files. */
export function parseOwner(stream: string): Owner | null {
  const [, kind, id] = OWNER.exec(stream) ?? []
  return kind === undefined || id === undefined ? null : { kind: kind as Owner['kind'], id, collection: `${kind}s` }
}

/**
 * For whom the files are stored that a command for a stream, or an event in it, names: for itself, but that a lead's answer
 * is given on to its followers with the lead's files.
 */
export function storedFor(stream: string, commandOrEvent: string, data: unknown): string {
  const isLeads = commandOrEvent === 'AnswerByLead' || commandOrEvent === 'AnsweredByLead'
  return isLeads ? caseStream((data as { lead: string }).lead) : stream
}

/** The item that is an owner; null where the owner is none. */
export async function itemOf(store: EventStore, owner: string): Promise<Item | null> {
  if (parseOwner(owner)?.kind !== 'item') return null
  const { events } = await store.readStream(owner)
  return events.reduce<Item>((state, event) => evolveItem(state, event as unknown as ItemEvent), initialItem)
}

/** Why an item is not to have files any more; null where it may, and for what is no item. */
export function destruction(item: Item | null): 'ITEM_ERASED' | 'ITEM_QUARANTINED' | null {
  if (item?.status === 'erased') return 'ITEM_ERASED'
  return item?.status === 'quarantined' ? 'ITEM_QUARANTINED' : null
}
