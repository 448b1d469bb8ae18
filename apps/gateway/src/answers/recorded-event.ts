import { actor } from '#domain'
import { z } from 'zod'
import { count, instant } from './values.ts'

/** An event in its envelope. */
export const recordedEvent = z
  .strictObject({
    position: z.string(),
    stream: z.string(),
    revision: count,
    id: z.uuid(),
    type: z.string(),
    version: z.number().int().min(1),
    data: z.record(z.string(), z.unknown()).describe('As its type says.'),
    metadata: z.strictObject({
      occurredAt: instant,
      recordedAt: instant,
      actor,
      commandId: z.uuid(),
      commandFingerprint: z.string().nullable(),
      correlationId: z.string(),
      causationId: z.string().nullable(),
      origin: z.enum(['live', 'history']),
      caseId: z.uuid().nullable(),
      integrity: z.strictObject({
        algorithm: z.literal('sha256-jcs-1'),
        previous: z.string().nullable(),
        digest: z.string(),
      }),
    }),
  })
  .meta({ id: 'RecordedEvent' })
