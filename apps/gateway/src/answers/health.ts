import { z } from 'zod'

export const aliveAnswer = z.strictObject({ alive: z.literal(true) }).meta({ id: 'Alive' })

export const readyAnswer = z
  .strictObject({
    ready: z.boolean(),
    hindrances: z.array(
      z.strictObject({
        code: z.enum(['EVENT_STORE_SILENT', 'PROJECTIONS_BEHIND', 'PROJECTIONS_STOPPED', 'POLICIES_FAILING']),
        detail: z.string(),
      }),
    ),
    behindSeconds: z.record(z.string(), z.number()),
  })
  .meta({ id: 'Ready' })
