import { z } from 'zod'
import { channelId } from '#domain'
import { tells } from '../definition.ts'
import { idOf } from '../../stream-id.ts'
import * as v from '../values.ts'

const ofItem = {
  itemId: v.id,
  /** Null: it belongs to no case. */
  caseId: v.id.nullable(),
}

/** Items. That a message came is told with its case. Published formats: only ever add a field. */
export const itemTypes = [
  tells('ItemReceived', {
    versions: [1, 2],
    name: 'item.received.v1',
    zh: '发现舆情信息',
    en: 'A post was found. Messages are told of with their case.',
    schema: z.strictObject({ ...ofItem, channel: channelId, receivedAt: v.when }),
    map: ({ kind, channelId: channel, origin, receivedAt }, { event }) =>
      kind === 'opinion' && origin === 'live'
        ? { itemId: idOf(event.stream), caseId: event.metadata.caseId, channel, receivedAt }
        : null,
  }),
  tells('ItemRevised', {
    versions: [1, 2],
    name: 'item.revised.v1',
    zh: '来件内容已更新',
    en: 'Its source gave an item another content.',
    schema: z.strictObject({ ...ofItem, contentRevision: z.number().int().min(2) }),
    map: ({ contentRevision }, { event }) => ({
      itemId: idOf(event.stream),
      caseId: event.metadata.caseId,
      contentRevision,
    }),
  }),
  tells('ItemErased', {
    name: 'item.erased.v1',
    zh: '来件内容已删除',
    en: 'What an item said was destroyed; whoever holds anything of it has to destroy it too.',
    schema: z.strictObject({ ...ofItem }),
    map: (_data, { event }) => ({ itemId: idOf(event.stream), caseId: event.metadata.caseId }),
  }),
]
