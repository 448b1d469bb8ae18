import { z } from 'zod'

export const instant = z.iso.datetime({ precision: 3 })
export const count = z.number().int().min(0)

/** An event as the cause of what time does next. */
export const cause = z.strictObject({ eventId: z.string(), correlationId: z.string() })

/** Tokens of those who may see a document: `county`, or `department:` and its id. */
export const visibleTo = z.array(z.string()).describe('Who may see it: `county`, or `department:` and its id.')

/** A page of a list. */
export function pageOf<Document extends z.ZodType>(document: Document) {
  return z.strictObject({
    total: count.describe('Exact up to 10,000, else 10,000 and `more`.'),
    more: z.boolean(),
    documents: z.array(document).max(200),
    next: z.string().nullable().describe('The cursor of the next page; null where this is the last.'),
    asOf: instant.nullable().describe('How far the list had come; null while it is built for the first time.'),
  })
}
