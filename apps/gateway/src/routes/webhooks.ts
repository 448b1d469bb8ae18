import { webhookDelivery } from '#channels'
import { z } from 'zod'
import { deliveryAnswer } from '../answers/delivery.ts'
import { refusal } from '../http/problem-of.ts'
import { Problem } from '../http/problem.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** What platforms send, signed with a key of their channel (docs/integration.md). */
export const webhookRoutes: readonly Route[] = [
  route({
    name: 'Deliver',
    method: 'POST',
    path: '/webhooks/{channel}',
    tag: 'webhooks',
    summary: 'Take in what a platform sends 渠道推送',
    description:
      'One item, or up to 500. Each is taken, unchanged, revised or refused by itself. The same delivery again is answered as the first time.',
    access: 'public',
    parameters: { path: z.strictObject({ channel: z.string().min(1).max(64) }) },
    headers: ['Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature'],
    body: { kind: 'bytes', mediaTypes: ['application/json'], schema: webhookDelivery, limit: 'bodyBytesMax' },
    answers: [{ status: 200, description: 'What became of each item.', schema: deliveryAnswer }],
    errors: [
      'DELIVERY_TOO_LARGE',
      'WEBHOOK_NOT_VERIFIED',
      'TOO_MANY_DELIVERIES',
      'DELIVERY_INVALID',
      'DELIVERY_ID_REUSED',
      'DELIVERIES_FULL',
    ],
    handle: async ({ parameters: { channel }, body, signed }, { served }) => {
      const bytes = (body as unknown as Uint8Array | undefined) ?? new Uint8Array()
      const answer = await served.deliver({ channelId: channel, headers: signed, body: bytes })
      if (answer.outcome === 'accepted') {
        const { outcome: _outcome, status: _status, ...told } = answer
        return { json: told }
      }
      const { code, detail, retryAfterSeconds } = answer
      if (retryAfterSeconds === null) throw refusal(code, detail)
      throw new Problem(code, detail, { headers: { 'Retry-After': String(retryAfterSeconds) } })
    },
  }),
]
