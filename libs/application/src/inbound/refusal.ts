import { messageRefusals } from '#channels'
import type { RefusalText } from '#channels'
import { errors } from '#domain'

/** Why a message is not taken: a code, and what may be said of it without a key. */
export interface MessageRefusal {
  code: string
  /** Names fields, numbers and rules; quotes nothing of the message. */
  message: RefusalText
  /** The channel of ours that it came by; null where it named none. What else stood there is the sender's word. */
  channelId: string | null
}

const ownRefusals = {
  CHANNEL_NOT_NAMED: {
    zh: '消息没有 channel 头；请注明渠道。',
    en: 'The message has no header "channel"; name the channel that it comes by.',
  },
  POISONED: {
    zh: '处理这条消息时程序多次出错，其他消息不受影响；请把编号告知开发人员，修复后重新处理。',
    en: 'Taking this message in failed again and again where others got through; tell the developers its id, and replay it when that is mended.',
  },
} as const satisfies Record<string, RefusalText>

/** The texts of a code without what a refusal may add of the message itself. */
export function refusalOf(code: string, channelId: string | null): MessageRefusal {
  const own: Readonly<Record<string, RefusalText>> = { ...messageRefusals, ...ownRefusals }
  const { zh, en } = own[code] ?? errors[code] ?? { zh: code, en: code }
  return { code, message: { zh, en }, channelId }
}
