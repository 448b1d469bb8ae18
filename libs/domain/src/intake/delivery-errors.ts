import type { ErrorTable } from '../kernel/errors.ts'

/** Why a delivery by webhook is not taken at all; said by the application, before any decision. */
export const deliveryErrors = {
  WEBHOOK_NOT_VERIFIED: {
    status: 401,
    zh: '签名未通过验证，或渠道、时间不符，未受理。',
    en: 'The delivery could not be verified. Check the channel, the key, the clock and how the body is signed.',
  },
  DELIVERY_TOO_LARGE: {
    status: 413,
    zh: '一次投递不能超过 1 MiB，请分成几次发送。',
    en: 'A delivery holds at most 1 MiB. Send it in parts.',
  },
  DELIVERY_INVALID: {
    status: 400,
    zh: '投递内容无法读取；应为 UTF-8 编码的 JSON，一条来件，或 items 中一至五百条。',
    en: 'The body cannot be read. Send UTF-8 JSON: one item, or "items" with 1 to 500 of them.',
  },
  TOO_MANY_DELIVERIES: {
    status: 429,
    zh: '正在处理的投递过多，请稍后重发。',
    en: 'Too many deliveries are being taken in at this moment. Send it again after the time in Retry-After.',
  },
} satisfies ErrorTable
