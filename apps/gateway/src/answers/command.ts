import { uuid } from '#domain'
import { z } from 'zod'

const positionToken = z.string().describe('Opaque; sorts as text. It belongs to this store.')

/** What became of a command. */
export const commandAnswer = z
  .strictObject({
    outcome: z.enum(['accepted', 'nothing']).describe('`nothing`: it was already so.'),
    id: z.string().describe('What it was given to; of what it made new, the new id.'),
    revision: z
      .number()
      .int()
      .min(-1)
      .describe('Of the last event that it wrote, else of what it found; for If-Match.'),
    token: positionToken.nullable(),
    disclosed: z
      .record(z.string(), z.string())
      .optional()
      .describe('Told once, to whoever gave the command first: the secret of a new key.'),
    events: z.array(
      z.strictObject({
        id: uuid,
        type: z.string(),
        revision: z.number().int().min(0),
        data: z.record(z.string(), z.unknown()).describe('As its type says; holds ids that were made.'),
      }),
    ),
  })
  .meta({ id: 'CommandAnswer' })
