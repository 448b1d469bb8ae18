import type { RefusalText } from '../refusals.ts'

/** Why a message of a broker cannot be read, beside what is wrong with any row. */
export const messageRefusals = {
  MESSAGE_EMPTY: {
    zh: '消息是空的；每条消息应是一条来件的 JSON。',
    en: 'The message is empty; each message is one item as JSON.',
  },
  MESSAGE_TOO_LARGE: {
    zh: '消息超过 512 KiB；每条消息只放一条来件，附件请写网址。',
    en: 'The message is larger than 512 KiB; a message holds one item, and files stay where they are.',
  },
  MESSAGE_NOT_UTF_8: {
    zh: '消息不是 UTF-8 编码；请以 UTF-8 发送。',
    en: 'The message is not UTF-8; send it as UTF-8.',
  },
  MESSAGE_NOT_JSON: {
    zh: '消息不是合法的 JSON；每条消息应是一条来件的 JSON 对象。',
    en: 'The message is not valid JSON; each message is one item as a JSON object.',
  },
  MESSAGE_TOO_DEEP: {
    zh: '消息的 JSON 嵌套过深；请按接口说明发送。',
    en: 'The JSON of the message is nested too deep; send items in the documented form.',
  },
} as const satisfies Record<string, RefusalText>

export type MessageRefusalCode = keyof typeof messageRefusals
