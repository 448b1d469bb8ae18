import { z } from 'zod'
import type { IncomingMessage } from '#messaging'
import { derivedId } from '../identity/ids.ts'

/** What the topic of dead letters holds: storage formats, told apart by `kind`. Every text in them may be read without a key. */

const instant = z.iso.datetime({ precision: 3 })
const count = z.number().int().min(0)
const texts = z.strictObject({ zh: z.string(), en: z.string() })

export const letterSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('letter'),
  /** Of the message: the same when it is refused again. */
  id: z.uuid(),
  code: z.string(),
  message: texts,
  channelId: z.string().nullable(),
  /** Where the message was. */
  topic: z.string(),
  partition: count,
  offset: z.string(),
  sentAtMs: z.number().int(),
  refusedAt: instant,
  /** How often it was refused by now. */
  attempts: count.min(1),
  /** Key, headers and value of the message, sealed in one piece; a long one comes in several letters, in order. */
  sealed: z.strictObject({
    keyId: z.string(),
    algorithm: z.literal('aes-256-gcm'),
    iv: z.base64(),
    tag: z.base64(),
    part: count,
    parts: count.min(1),
    ciphertext: z.base64(),
  }),
})
export type Letter = z.infer<typeof letterSchema>

/** A letter that was tried again and got through. */
export const resolutionSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal('resolved'),
  id: z.uuid(),
  outcome: z.enum(['taken', 'unchanged', 'revised']),
  resolvedAt: instant,
})
export type Resolution = z.infer<typeof resolutionSchema>

const entrySchema = z.discriminatedUnion('kind', [letterSchema, resolutionSchema])

/** What a message of the topic says; null where it is none of ours. */
export function readEntry(value: Uint8Array): Letter | Resolution | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(value).toString('utf8'))
  } catch {
    return null
  }
  const checked = entrySchema.safeParse(parsed)
  return checked.success ? checked.data : null
}

/** A topic that was made anew counts its offsets from 0 again; the time tells its messages from those before. */
export function letterIdOf({ topic, partition, offset, sentAtMs }: Omit<IncomingMessage, 'key' | 'headers' | 'value'>) {
  return derivedId('dead-letter', topic, partition, offset, Math.trunc(sentAtMs))
}

/** What sealing binds a letter's content to. */
export function letterPlace(id: string): string {
  return `dead-letter ${id}`
}
