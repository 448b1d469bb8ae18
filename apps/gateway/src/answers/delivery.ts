import { errorCode } from '#domain'
import { z } from 'zod'
import { count } from './values.ts'

/** What became of a delivery, item by item. */
export const deliveryAnswer = z
  .strictObject({
    delivery: z.string().describe('The `webhook-id` that it came under.'),
    repeated: z.boolean().describe('Whether it had come before; then nothing was done but to answer.'),
    counts: z.strictObject({ taken: count, unchanged: count, revised: count, refused: count }),
    items: z.array(
      z.strictObject({
        externalId: z.string().nullable(),
        outcome: z.enum(['taken', 'unchanged', 'revised', 'refused']),
        code: errorCode.nullable(),
        message: z.strictObject({ zh: z.string(), en: z.string() }).nullable(),
      }),
    ),
    keyId: z.string().describe('Which key signed it.'),
    token: z.string().nullable(),
  })
  .meta({ id: 'Delivery' })
