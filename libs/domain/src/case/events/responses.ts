import { z } from 'zod'
import { role } from '../../kernel/actor.ts'
import { format } from '../../kernel/events.ts'
import { departmentId, digest, instant, line, personId, sensitive, slug, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

const version = z.number().int().min(1).max(10_000)
const policy = z.strictObject({ id: slug, version: z.number().int().min(1) })
const level = z.number().int().min(1).max(6)

const published = {
  responseId: uuid,
  /** The draft that was published. */
  version,
  content: v.responseContent,
  /** Of the content, under the case's key; the one that was approved. */
  digest,
  policy,
  approvers: z.array(personId).min(1).max(6),
  address: v.publicAddress.nullable(),
  publishedAt: instant,
  department: departmentId,
  publishedBy: personId,
}

/** What the asker is answered, and who answers for every word of it. Storage formats. */
export const responseEventFormats = {
  /** An explicit save. An edit of a submitted or approved text cancels its approvals. */
  ResponseDrafted: format(
    z.strictObject({
      responseId: uuid,
      version,
      content: v.responseContent,
      digest,
      department: departmentId,
      draftedBy: personId,
      /** Why a published response is to be corrected; null in drafts before publication. */
      correction: z.strictObject({ reason: v.reason, previousDigest: digest }).nullable(),
    }),
  ),
  ResponseSubmitted: format(
    z.strictObject({
      responseId: uuid,
      version,
      digest,
      /** Pinned: a policy changed later does not touch this round. */
      policy,
      levels: z.array(role).min(1).max(6),
      submittedBy: personId,
    }),
  ),
  ResponseReturned: format(
    z.strictObject({
      responseId: uuid,
      version,
      digest,
      level,
      why: v.reason,
      returnedBy: personId,
      department: departmentId,
    }),
  ),
  ResponseApproved: format(
    z.strictObject({
      responseId: uuid,
      version,
      /** What the approver read. */
      digest,
      level,
      role,
      approver: personId,
      department: departmentId,
      /** The last level: it may be published. */
      complete: z.boolean(),
      at: instant,
    }),
  ),
  ResponsePublished: format(z.strictObject(published)),
  ResponseCorrected: format(z.strictObject({ ...published, previousDigest: digest, reason: v.reason })),
  /** What the lead published answers this follower too; its own stream holds what its asker was told. */
  AnsweredByLead: format(
    z.strictObject({
      /** The case whose department answered, and the one that this case follows directly; mostly the same. */
      lead: uuid,
      through: uuid,
      responseId: uuid,
      ...v.answer,
      attachments: v.attachments,
      /** Under the lead's key. */
      digest,
      department: departmentId,
      by: z.enum(['publication', 'staff']),
      /** When it answered this case: with its publication, or when staff said so. */
      answeredAt: instant,
    }),
  ),
  /** Imported. No approval of ours stands behind it. */
  PastResponseRecorded: format(
    z.strictObject({
      responseId: uuid,
      ...v.answer,
      digest,
      department: departmentId.nullable(),
      /** As the source names it, where it names one. */
      departmentNamed: line(200).nullable(),
    }),
  ),
  /**
   * 当场答复、即时办结: a simple question, answered by word of mouth and thereby completed. No approval stands behind it but
   * the county's rule on who may; nothing of it is public, nothing promised.
   */
  AnsweredOnTheSpot: format(
    z.strictObject({
      responseId: uuid,
      text: sensitive(v.answerText),
      means: v.spokenMeans,
      /** Of kind, text and means, under the case's key. */
      digest,
      /** The version of the rule. */
      rule: z.number().int().min(1),
      department: departmentId,
      answeredBy: personId,
      answeredAt: instant,
    }),
  ),
  /** 选登 */
  ReplyFeatured: format(z.strictObject({ responseId: uuid, digest, featuredBy: personId })),
  ReplyUnfeatured: format(
    z.strictObject({
      responseId: uuid,
      cause: z.enum(['person', 'report']),
      reason: v.note,
    }),
  ),
}
