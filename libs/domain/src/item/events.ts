import { z } from 'zod'
import { format } from '../kernel/events.ts'
import type { EventFormat, EventsOf } from '../kernel/events.ts'
import { storedFile } from '../kernel/file.ts'
import { staff } from '../kernel/staff.ts'
import { channelId, countNumber, digest, instant, line, sensitive, text, uuid } from '../kernel/values.ts'

/** Stream: `item-{id}`; the id is the UUIDv8 of HMAC(store secret, [channelId, externalId]). */
export const itemStream = (id: string): string => `item-${id}`

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──

export const itemAttachment = z.strictObject({
  name: sensitive(line()),
  mediaType: line(100).nullable(),
  sizeBytes: countNumber.nullable(),
  /** Where the channel keeps it. Fifty of these beside the longest content still fit one append. */
  address: sensitive(line(1_000)).nullable(),
  /** Where we keep it, once fetched. */
  file: storedFile.nullable(),
})

/** How often a post was seen and passed on; null: the channel does not say. */
export const reach = z.strictObject({
  views: countNumber.nullable(),
  reposts: countNumber.nullable(),
  comments: countNumber.nullable(),
  likes: countNumber.nullable(),
})
export type Reach = z.infer<typeof reach>

/** What the fingerprint covers: the item as its channel gives it, without how often it was seen and how it came. */
const content = {
  kind: z.enum(['message', 'opinion']),
  /** When the channel received it or, for an opinion item, when the post was discovered: clocks start here. */
  receivedAt: instant,
  title: sensitive(text(500)),
  content: sensitive(text(50_000)),
  author: z.strictObject({ name: sensitive(line(200)).nullable(), contact: sensitive(line(200)).nullable() }),
  wish: z.enum(['public', 'private']).nullable(),
  place: sensitive(line(300)).nullable(),
  /** The post's address. */
  address: sensitive(line(2_000)).nullable(),
  attachments: z.array(itemAttachment).max(50),
  /** The order under which the platform handed it to us. */
  workOrder: z
    .strictObject({ platform: line(100), number: sensitive(line(100)), dueAt: instant.nullable() })
    .nullable(),
  /** What the source calls the department in charge and the type: hints for triage, not our own. */
  sourceDepartment: sensitive(line(200)).nullable(),
  sourceType: sensitive(line(64)).nullable(),
}
export const itemContent = z.strictObject(content)
export type ItemContent = z.infer<typeof itemContent>

/** A message's place in a broker's topic. One that was sent before another of its partition says nothing newer than it. */
export const brokerArrival = z.strictObject({
  kind: z.literal('broker'),
  partition: countNumber,
  /** Digits: they may count beyond 2^53. */
  offset: z.string().regex(/^(?:0|[1-9]\d{0,18})$/),
  /** As the message says; topics made anew count from 0 again, and time goes on. */
  sentAt: instant,
})
export type BrokerArrival = z.infer<typeof brokerArrival>

/** How it reached us. */
export const arrival = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('import'), run: line(64), row: z.number().int().min(1).max(10_000_000) }),
  z.strictObject({ kind: z.literal('webhook'), delivery: line(128).nullable() }),
  z.strictObject({ kind: z.literal('feed') }),
  /** Registered by hand: who called, whether they agreed to be recorded, and the recording. */
  z.strictObject({
    kind: z.literal('registered'),
    caller: sensitive(line()).nullable(),
    consent: z.boolean().nullable(),
    recording: storedFile.nullable(),
  }),
  brokerArrival,
])

export const erasureGround = z.enum(['asked-by-author', 'purpose-fulfilled', 'retention-ended', 'unlawful'])

/** Version 2 knows items that came through a broker; what version 1 holds reads as it is. */
function secondFormat<Schema extends z.ZodType>(schema: Schema): EventFormat<Schema> {
  return { version: 2, schema, upcasters: { 1: (data) => data } }
}

export const itemEventFormats = {
  ItemReceived: secondFormat(
    z.strictObject({
      channelId,
      externalId: sensitive(line()),
      origin: z.enum(['live', 'history']),
      ...content,
      reach: reach.nullable(),
      arrival,
      fingerprint: digest,
    }),
  ),
  /** The same id with other content. The first content is revision 1; nothing is overwritten. */
  ItemRevised: secondFormat(
    z.strictObject({
      contentRevision: z.number().int().min(2).max(10_000),
      ...content,
      arrival,
      previousFingerprint: digest,
      fingerprint: digest,
    }),
  ),
  ItemReachObserved: format(z.strictObject({ reach, observedAt: instant })),
  /** To an opinion case. This stream alone decides to which. */
  ItemAttached: format(
    z.strictObject({
      caseId: uuid,
      /** The content that was judged. */
      contentRevision: z.number().int().min(1).max(10_000),
      reason: sensitive(line(500)).nullable(),
    }),
  ),
  ItemDetached: format(
    z.strictObject({
      caseId: uuid,
      contentRevision: z.number().int().min(1).max(10_000),
      reason: sensitive(line(500)),
    }),
  ),
  /** After this the key is destroyed, so the ground stands as a code and a clause, without names. */
  ItemErased: format(z.strictObject({ ground: erasureGround, basis: line(), approver: staff })),
  /** 涉密隔离: content destroyed at once; digest, time and receipt stay. */
  ItemQuarantined: format(z.strictObject({ fingerprint: digest, receivedAt: instant, receipt: line(100), by: staff })),
}

export type ItemEvent = EventsOf<typeof itemEventFormats>
