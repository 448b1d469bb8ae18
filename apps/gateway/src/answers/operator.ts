import { z } from 'zod'
import { count } from './values.ts'

export const settledAnswer = z
  .strictObject({ settled: z.boolean().describe('False: not within the time that one request takes; ask again.') })
  .meta({ id: 'Settled' })

export const retryAnswer = z
  .strictObject({ tried: count, taken: count, refused: count, notKept: count, token: z.string().nullable() })
  .meta({ id: 'Retried' })

export const rebuiltAnswer = z.strictObject({ rebuilt: z.literal(true) }).meta({ id: 'Rebuilt' })

export const comparisonAnswer = z
  .strictObject({
    documents: count,
    differences: z
      .array(
        z.strictObject({
          collection: z.string(),
          id: z.string(),
          kind: z.enum(['missing', 'surplus', 'different']),
        }),
      )
      .describe('The first 100.'),
    differing: count,
  })
  .meta({ id: 'Comparison' })

export const verificationAnswer = z
  .strictObject({
    events: count,
    streams: count,
    findings: count,
    found: z
      .array(
        z.strictObject({
          code: z.string(),
          message: z.string(),
          stream: z.string(),
          revision: z.number().int(),
          position: z.string(),
        }),
      )
      .describe('The first 1,000.'),
  })
  .meta({ id: 'Verification' })
