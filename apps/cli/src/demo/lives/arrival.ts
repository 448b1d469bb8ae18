import { messageTypeWords } from '#domain'
import type { MessageType } from '#domain'
import { staffOf } from '../county/people.ts'
import type { Person } from '../county/people.ts'
import type { Asker } from '../county/places.ts'
import type { Given } from '../play/stage.ts'

/** By what the public reaches the county; `yunxi-app` is a channel of its own that it has added. */
export const channels = {
  'governor-suggestions': 'platform',
  'site-corrections': 'platform',
  'interaction-platform': 'platform',
  'leaders-mailbox': 'platform',
  'new-media': 'platform',
  'yunxi-app': 'platform',
  'hotline-12345': 'order',
  superior: 'order',
  window: 'person',
  phone: 'person',
} as const
export type ChannelId = keyof typeof channels

export interface Arriving {
  externalId: string
  receivedAt: string
  title: string
  content: string
  author: Asker
  wish: 'public' | 'private'
  place: string
  type: MessageType
}

/** How a message is taken in: pushed by its platform, with its work order where it has one, or written down by who was asked. */
export function arrivalBy(channelId: ChannelId, arriving: Arriving): Given {
  return channels[channelId] === 'person'
    ? registered(channelId, arriving, null)
    : { by: platforms, command: 'ReceiveItem', target: null, payload: delivered(channelId, arriving) }
}

/** Heard by phone or at the window; with the answer, where it was given at once. */
export function registered(
  channelId: ChannelId,
  { title, content, author, wish, place, type }: Arriving,
  answer: object | null,
): Given {
  const payload = { channelId, title, content, author, wish, place, type, caller: null, consent: true, recording: null }
  return { by: registrar, command: 'RegisterItem', target: null, payload: { ...payload, answer } }
}

function delivered(channelId: ChannelId, { externalId, type, ...given }: Arriving): object {
  const platform = channelId === 'superior' ? '省级交办平台' : '12345政务服务便民热线'
  const isOrdered = channels[channelId] === 'order'
  return {
    channelId,
    externalId,
    origin: 'live',
    content: {
      kind: 'message',
      ...given,
      address: null,
      attachments: [],
      workOrder: isOrdered ? { platform, number: `GD-${externalId}`, dueAt: null } : null,
      sourceDepartment: null,
      sourceType: messageTypeWords[type],
    },
    reach: null,
    arrival: { kind: 'webhook', delivery: null },
  }
}

const platforms: Person = staffOf('open-government', 'channel')[0]
const registrar: Person = staffOf('open-government', 'monitor')[0]
