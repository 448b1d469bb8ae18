import type { CollectionDefinition, ReadDocument } from '#read-store'
import { idOf } from '../../stream-id.ts'
import type { RecordedItemEvent } from '../../recorded.ts'
import { WHOLE_COUNTY } from '../visibility.ts'
import { beginning } from './beginning.ts'

/** 来件: what came in, and whether someone still has to look at it. */
export type ItemDocument = ReadDocument & {
  id: string
  kind: string
  origin: string
  channel: string
  /** `waiting`: an opinion item that belongs to no case yet. */
  place: 'waiting' | 'in-case' | 'erased' | 'quarantined'
  title: string
  content: string
  author: string | null
  address: string | null
  location: string | null
  receivedAt: string
  sourceDepartment: string | null
  contentRevision: number
  reach: { views: number | null; reposts: number | null; comments: number | null; likes: number | null } | null
  caseId: string | null
  visibleTo: string[]
}

export const itemCollection: CollectionDefinition = {
  name: 'items',
  projection: 'casework',
  fields: { visibleTo: 'set', place: 'text', channel: 'text', receivedAt: 'text' },
  lists: [
    { where: ['place'], sort: 'receivedAt' },
    { where: ['place', 'channel'], sort: 'receivedAt' },
  ],
}

export function foldItem(document: ItemDocument | null, event: RecordedItemEvent): ItemDocument | null {
  const { type, data } = event
  if (type === 'ItemReceived') {
    const caseId = data.kind === 'message' ? event.metadata.caseId : null
    return {
      id: idOf(event.stream),
      origin: data.origin,
      channel: data.channelId,
      place: caseId === null ? 'waiting' : 'in-case',
      contentRevision: 1,
      reach: data.reach,
      caseId,
      visibleTo: [WHOLE_COUNTY],
      ...contentOf(data),
    }
  }
  if (!document) return null
  switch (type) {
    case 'ItemRevised':
      return { ...document, ...contentOf(data), contentRevision: data.contentRevision }
    case 'ItemReachObserved':
      return { ...document, reach: data.reach }
    case 'ItemAttached':
      return { ...document, place: 'in-case', caseId: data.caseId }
    case 'ItemDetached':
      return { ...document, place: 'waiting', caseId: null }
    case 'ItemErased':
    case 'ItemQuarantined':
      return {
        ...document,
        place: type === 'ItemErased' ? 'erased' : 'quarantined',
        title: '',
        content: '',
        author: null,
        address: null,
        location: null,
      }
  }
}

/** What a message's case is called: as its item is or, where that has no title, as it begins. */
export function titleOf({ title, content }: ItemDocument): string {
  return title === '' ? beginning(content, TITLE_CHARACTERS) : title
}

const TITLE_CHARACTERS = 50

function contentOf(data: Extract<RecordedItemEvent, { type: 'ItemReceived' | 'ItemRevised' }>['data']) {
  return {
    kind: data.kind,
    title: data.title,
    content: data.content,
    author: data.author.name,
    address: data.address,
    location: data.place,
    receivedAt: data.receivedAt,
    sourceDepartment: data.sourceDepartment,
  }
}
