import { z } from 'zod'
import { format } from '../kernel/events.ts'
import type { EventsOf } from '../kernel/events.ts'
import { evidence } from '../kernel/file.ts'
import { staff } from '../kernel/staff.ts'
import { countNumber, digest, instant, line, localDate, sensitive, slug, text, uuid } from '../kernel/values.ts'
import { promiseDue, promiseTerms } from './terms.ts'

/** Stream: `commitment-{id}`; the id is derived from where the promise was made. */
export const commitmentStream = (id: string): string => `commitment-${id}`

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──

/** Where a promise was made. A promise of an answer is known by its case, response and mark. */
export const promiseSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('response'),
    caseId: uuid,
    responseId: uuid,
    markId: slug,
    responseDigest: digest,
  }),
  z.strictObject({ kind: z.literal('press-conference'), heldOn: localDate, title: sensitive(line()) }),
  z.strictObject({ kind: z.literal('site-visit'), visitedOn: localDate, place: sensitive(line()) }),
  // 民生实事: the yearly list of works for the people
  z.strictObject({
    kind: z.literal('livelihood-project'),
    year: z.number().int().min(2000).max(2200),
    number: line(50),
    document: line(),
  }),
])
export type PromiseSource = z.infer<typeof promiseSource>

/** A page of the open web, with its whole address. */
export const pageAddress = z
  .string()
  .regex(/^https?:\/\/\S+$/i)
  .max(2_000)

/** Each happening that the askers must hear of has a number within its promise: 1, 2, 3 … */
const occasion = z.number().int().min(1).max(10_000)
/** Reports and rechecks are numbered within their track, so that a judgement names exactly what was judged. */
const ordinal = z.number().int().min(1).max(10_000)

const reason = sensitive(line(1_000))
const statement = sensitive(text(10_000).min(1))

export const fulfilmentDegree = z.enum(['complete', 'partial', 'none']) // 已落实 部分落实 未落实
export const fulfilmentMethod = z.enum(['site-visit', 'documents', 'citizen-confirmation'])
export const publicationFault = z.enum(['unreachable', 'not-public', 'words-missing', 'wrong-site'])
/** 政府信息公开条例 (2019) 14–16: what is or may be kept from the public. */
export const exemptionGround = z.enum([
  'state-secret',
  'forbidden-by-law',
  'security-and-stability',
  'trade-secret',
  'personal-privacy',
  'internal-affairs',
  'enforcement-file',
])
export const trackName = z.enum(['fulfilment', 'publication'])
export type TrackName = z.infer<typeof trackName>
/** What an overdue mark is about. */
export const overdueMatter = z.enum(['due-date', 'review', 'rectification'])
export type OverdueMatter = z.infer<typeof overdueMatter>
/** What a machine's look at a page is about: what a department reported, or what a recheck asks after. */
export const pageLookAt = z.discriminatedUnion('about', [
  z.strictObject({ about: z.literal('report'), report: ordinal }),
  z.strictObject({ about: z.literal('recheck'), recheck: ordinal }),
])
export type PageLookAt = z.infer<typeof pageLookAt>
/** What came of fetching a page that could not be looked at. */
export const pageFault = z.enum([
  'wrong-site',
  'address-refused',
  'unreachable',
  'not-public',
  'too-large',
  'too-slow',
  'too-many-redirects',
  'not-a-page',
])
export type PageFault = z.infer<typeof pageFault>
/** Why a machine leaves a page to a person. */
export const leftBecause = z.enum([
  'nothing-to-look-for', // the promise's words are too common to prove anything
  'page-of-the-answer', // it is the page that made the promise
  'front-page', // what stands there is another thing tomorrow
  'words-partly-found',
  'rejected-before', // reported again after a machine had not found the words on it
  'not-readable', // a document, too large, or led around
  'no-answer', // its site was asked for two days
])
export type LeftBecause = z.infer<typeof leftBecause>
export const newsReason = z.enum(['settled', 'slipped', 'broken', 'withdrawn'])
export type NewsReason = z.infer<typeof newsReason>
/** How askers are told. */
export const tellingMeans = z.enum(['website', 'phone', 'message', 'letter', 'in-person'])

export const commitmentEventFormats = {
  CommitmentMade: format(
    z.strictObject({
      source: promiseSource,
      /** `history`: from an imported answer; nothing that time does arises from it. */
      origin: z.enum(['live', 'history']),
      /** When it was said in public. */
      madeAt: instant,
      terms: promiseTerms,
    }),
  ),
  /** A later answer repeats the promise. */
  CommitmentAffirmed: format(
    z.strictObject({ source: promiseSource, quote: sensitive(text(2_000).min(1)), affirmedAt: instant }),
  ),
  /** A newer promise takes its place; the words of both are kept. */
  CommitmentSuperseded: format(
    z.strictObject({
      successor: z.strictObject({ commitmentId: uuid, source: promiseSource, quote: sensitive(text(2_000).min(1)) }),
      previousQuote: sensitive(text(2_000).min(1)),
      reason,
      requestedBy: staff.nullable(),
      approver: staff,
    }),
  ),
  DueDateRevised: format(
    z.strictObject({
      previous: promiseDue,
      due: promiseDue,
      reason,
      requestedBy: staff.nullable(),
      approver: staff,
      occasion,
    }),
  ),
  /** Someone looked at a promise that has no date of its own, or is ongoing. */
  CommitmentReviewed: format(
    z.strictObject({ finding: statement, previousReviewOn: localDate, nextReviewOn: localDate, by: staff }),
  ),
  ProgressReported: format(
    z.strictObject({ statement, evidence, contentDigest: digest, reportedAt: instant, by: staff }),
  ),
  MilestoneReached: format(
    z.strictObject({ milestoneId: slug, reachedOn: localDate, statement, evidence, reportedAt: instant, by: staff }),
  ),

  FulfilmentReported: format(
    z.strictObject({ report: ordinal, statement, evidence, contentDigest: digest, reportedAt: instant, by: staff }),
  ),
  FulfilmentVerified: format(
    z.strictObject({
      report: ordinal,
      degree: fulfilmentDegree,
      method: fulfilmentMethod,
      statement,
      evidence,
      verifiedAt: instant,
      by: staff,
    }),
  ),
  FulfilmentRejected: format(z.strictObject({ report: ordinal, reason, by: staff })),
  /** 整改: after a verification that found the promise kept in part or not at all. */
  RectificationOrdered: format(
    z.strictObject({ report: ordinal, requirement: statement, dueOn: localDate, contentDigest: digest, by: staff }),
  ),

  PublicationReported: format(
    z.strictObject({ report: ordinal, address: pageAddress, reportedAt: instant, by: staff }),
  ),
  PublicationVerified: format(
    z.strictObject({
      report: ordinal,
      method: z.enum(['automatic', 'manual']),
      /** SHA-256 of the page as it was seen: a public page. */
      pageDigest: digest,
      /** The words of the promise's result found on it. */
      wordsFound: z.array(sensitive(line())).min(1).max(20),
      verifiedAt: instant,
      /** Null where a policy looked. */
      by: staff.nullable(),
    }),
  ),
  PublicationRejected: format(
    z.strictObject({ report: ordinal, fault: publicationFault, note: reason.nullable(), by: staff.nullable() }),
  ),
  /** The page could not be looked at now; it is tried again. */
  PageCheckDeferred: format(
    z.strictObject({
      look: pageLookAt,
      attempt: z.number().int().min(1).max(100),
      fault: pageFault,
      detail: sensitive(line(300)),
      nextAttemptAt: instant,
    }),
  ),
  /** A machine cannot tell; a person has to look. */
  PageCheckLeft: format(
    z.strictObject({
      look: pageLookAt,
      because: leftBecause,
      /** Of the page as it was seen; null where it was not. */
      pageDigest: digest.nullable(),
      wordsFound: z.array(sensitive(line())).max(20),
      detail: sensitive(line(300)).nullable(),
    }),
  ),
  /** For a recheck: the page is still there with the words that were found on it. Whether the promise still holds, a person says. */
  PageSeenAgain: format(
    z.strictObject({
      recheck: ordinal,
      pageDigest: digest,
      wordsFound: z.array(sensitive(line())).min(1).max(20),
      seenAt: instant,
    }),
  ),
  PublicationExempted: format(
    z.strictObject({
      ground: exemptionGround,
      law: line(),
      clause: line(100),
      reason,
      /** The asker is told instead of the public. */
      askerTold: z.strictObject({ means: tellingMeans, toldAt: instant, statement }),
      requestedBy: staff.nullable(),
      approver: staff,
    }),
  ),

  CommitmentSettled: format(
    z.strictObject({
      settledAt: instant,
      fulfilmentReport: ordinal,
      /** Null where publication was exempted. */
      publicationReport: ordinal.nullable(),
      occasion,
    }),
  ),
  /** 未兑现: it will not be kept, and the public is told so with the reason. */
  CommitmentBroken: format(z.strictObject({ reason, by: staff, occasion })),
  CommitmentWithdrawn: format(z.strictObject({ reason, requestedBy: staff.nullable(), approver: staff, occasion })),
  /** 转为常态化 */
  CommitmentMadeRoutine: format(z.strictObject({ passes: countNumber })),

  CommitmentOverdue: format(
    z.strictObject({
      matter: overdueMatter,
      due: localDate,
      /** Only a passed due date is news for the askers. */
      occasion: occasion.nullable(),
    }),
  ),
  CommitmentStalled: format(z.strictObject({ lastMovementAt: instant, afterDays: countNumber })),
  RecheckScheduled: format(z.strictObject({ recheck: ordinal, dueOn: localDate })),
  RecheckPassed: format(
    z.strictObject({ recheck: ordinal, statement, evidence, passes: countNumber, recheckedAt: instant, by: staff }),
  ),
  /** Reopens the promise on the tracks that failed. `by` is null where a policy saw that the page is gone. */
  RecheckFailed: format(
    z.strictObject({
      recheck: ordinal,
      tracks: z.array(trackName).min(1).max(2),
      reason,
      evidence,
      recheckedAt: instant,
      by: staff.nullable(),
    }),
  ),
  AskersInformed: format(
    z.strictObject({
      occasion,
      reason: newsReason,
      means: tellingMeans,
      statement,
      informedAt: instant,
      by: staff.nullable(),
    }),
  ),
}

export type CommitmentEvent = EventsOf<typeof commitmentEventFormats>
