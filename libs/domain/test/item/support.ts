import { evolveItem, initialItem, initialSettings, itemCommands, itemEventFormats } from '#domain'
import type { Channel, CommandContext, ItemContent, ItemEvent, Reach, Settings } from '#domain'
import { contextOf, digestOf, NOW, person, policy, uuidOf } from '../support/context.ts'
import { specification } from '../support/spec.ts'

export const { given, stateAfter, decide } = specification({
  initial: initialItem,
  evolve: evolveItem,
  formats: itemEventFormats,
  commands: itemCommands,
})

const channel = (id: string, active = true): [string, Channel] => [id, { id, name: id, kind: 'message', active }]
export const settings: Settings = {
  ...initialSettings,
  channels: new Map([channel('monitoring'), channel('leaders-mailbox'), channel('closed', false)]),
}

const as =
  (actor: CommandContext['actor']) =>
  (now: string = NOW) =>
    contextOf({ actor, settings, now })
export const byChannel = as(person('channel', 'platform'))
export const byPolicy = as(policy)
export const monitor = as(person('monitor', 'monitoring-centre'))
export const coordinator = as(person('coordinator', 'open-government-office'))
export const secrecyReviewer = as(person('secrecy-reviewer', 'secrecy-office'))

export const content: ItemContent = {
  kind: 'opinion',
  receivedAt: NOW,
  title: '城东路坑洼',
  content: '城东路坑洼已半年',
  author: { name: '某网友', contact: null },
  wish: null,
  place: null,
  address: null,
  attachments: [],
  workOrder: null,
  sourceDepartment: null,
  sourceType: null,
}
const came = { arrival: { kind: 'feed' as const }, reach: null }

export const delivery = (changes: Partial<ItemContent> = {}, reach: Reach | null = null) => ({
  channelId: 'monitoring',
  externalId: 'post-1',
  origin: 'live' as const,
  content: { ...content, ...changes },
  ...came,
  reach,
})
export const received = (changes: Partial<ItemContent> = {}, reach: Reach | null = null): ItemEvent => ({
  type: 'ItemReceived',
  data: {
    channelId: 'monitoring',
    externalId: 'post-1',
    origin: 'live',
    ...content,
    ...changes,
    ...came,
    reach,
    fingerprint: digestOf({ ...content, ...changes }),
  },
})
export const revised = (contentRevision: number, from: Partial<ItemContent>, to: Partial<ItemContent>): ItemEvent => ({
  type: 'ItemRevised',
  data: {
    contentRevision,
    ...content,
    ...to,
    arrival: came.arrival,
    previousFingerprint: digestOf({ ...content, ...from }),
    fingerprint: digestOf({ ...content, ...to }),
  },
})
export const seen = (views: number): Reach => ({ views, reposts: null, comments: null, likes: null })
export const observed = (reach: Reach, observedAt: string): ItemEvent => ({
  type: 'ItemReachObserved',
  data: { reach, observedAt },
})

export const [caseId, otherCase] = [uuidOf('case'), uuidOf('other case')]
export const attached: ItemEvent = { type: 'ItemAttached', data: { caseId, contentRevision: 1, reason: '同一路段' } }
export const detached: ItemEvent = { type: 'ItemDetached', data: { caseId, contentRevision: 1, reason: '另一路段' } }
export const erased: ItemEvent = {
  type: 'ItemErased',
  data: {
    ground: 'asked-by-author',
    basis: '个人信息保护法第四十七条',
    approver: { person: 'coordinator@open-government-office', department: 'open-government-office' },
  },
}
export const quarantined: ItemEvent = {
  type: 'ItemQuarantined',
  data: {
    fingerprint: digestOf(content),
    receivedAt: NOW,
    receipt: '保密收字3号',
    by: { person: 'secrecy-reviewer@secrecy-office', department: 'secrecy-office' },
  },
}
