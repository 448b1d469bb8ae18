import { z } from 'zod'

/**
 * An instant in UTC with milliseconds, `2026-11-23T06:07:18.000Z`: one spelling, so that strings sort as time does. A time
 * that exists, of 1950 to 2199: the calendar counts from every such instant.
 */
export const instant = z.iso.datetime({ precision: 3 }).regex(/^(19[5-9]|2[01]\d)\d-/)
export type Instant = z.infer<typeof instant>

/** A day of the business calendar (Asia/Shanghai), `2026-11-23`: one that exists, of 1950 to 2199. */
export const localDate = z.iso.date().regex(/^(19[5-9]|2[01]\d)\d-/)
export type LocalDate = z.infer<typeof localDate>

/** Stream ids: what follows `item-`, `case-`, `commitment-`. */
export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
export type Uuid = z.infer<typeof uuid>

/** Names that settings give: departments, channels, norms, policies. They never change once given. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
export const departmentId = slug
export type DepartmentId = z.infer<typeof departmentId>
export const channelId = slug
export type ChannelId = z.infer<typeof channelId>

/** A person of the staff, by account; never a name. */
export const personId = z.string().min(1).max(64)
export type PersonId = z.infer<typeof personId>

/** Lower-case hex SHA-256 or HMAC-SHA-256. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/)
export type Digest = z.infer<typeof digest>

/** Whole numbers within 2^53: the digest chain allows no others (DESIGN §7). */
export const wholeNumber = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)
export const countNumber = wholeNumber.min(0)

/** A line: a title, a name, a reason in a sentence. Bounds are in UTF-16 code units. */
export const line = (max = 200) => z.string().min(1).max(max)
/** A text of paragraphs: a message, an answer. */
export const text = (max = 50_000) => z.string().max(max)

/**
 * Marks a text that a person wrote, or who they are. The event codec seals every value so marked before it is stored
 * and the domain knows no more of it than this. Mark the innermost schema: `sensitive(text()).optional()`.
 */
export function sensitive<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ sensitive: true })
}
