import type { CaseType } from '#domain'
import { staffOf } from '../county/people.ts'
import type { Person } from '../county/people.ts'
import type { Asker } from '../county/places.ts'
import type { Given } from '../play/step.ts'

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

const sourceTypes: Readonly<Record<CaseType, string>> = {
  consultation: '咨询',
  help: '求助',
  complaint: '投诉',
  suggestion: '建议',
  report: '举报',
  correction: '找错',
  thanks: '感谢',
  opinion: '舆情',
}

export interface Arriving {
  externalId: string
  receivedAt: string
  title: string
  content: string
  author: Asker
  wish: 'public' | 'private'
  place: string
  type: CaseType
}

/** How a message is taken in: pushed by its platform, with its work order where it has one, or by who was asked. */
export function arrivalBy(channelId: ChannelId, { externalId, type, author, ...given }: Arriving): Given {
  const kind = channels[channelId]
  const platform = channelId === 'superior' ? '省级交办平台' : '12345政务服务便民热线'
  return {
    by: kind === 'person' ? registrar : platforms,
    command: 'ReceiveItem',
    target: null,
    payload: {
      channelId,
      externalId,
      origin: 'live',
      content: {
        kind: 'message',
        ...given,
        author,
        address: null,
        attachments: [],
        workOrder: kind === 'order' ? { platform, number: `GD-${externalId}`, dueAt: null } : null,
        sourceDepartment: null,
        sourceType: sourceTypes[type],
      },
      reach: null,
      arrival:
        kind === 'person'
          ? { kind: 'registered', caller: author.name, consent: true, recording: null }
          : { kind: 'webhook', delivery: null },
    },
  }
}

const platforms: Person = staffOf('open-government', 'channel')[0]
const registrar: Person = staffOf('open-government', 'monitor')[0]
