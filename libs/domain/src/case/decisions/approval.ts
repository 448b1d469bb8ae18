import { z } from 'zod'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { digest, instant, uuid } from '../../kernel/values.ts'
import type { CaseEvent } from '../events.ts'
import { purposesMetBy } from '../purposes.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { done } from './deadline-events.ts'
import { formerHolder, responseOf } from './drafting.ts'
import { isClosed, peoplesCommand } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const approveResponse = z.strictObject({
  responseId: uuid,
  level: z.number().int().min(1).max(6),
  /** Of what the approver read. */
  digest,
})

/** 签发 of exactly the text that was read, by the level's role, by nobody who wrote any of it, by nobody twice. */
function approve(
  command: z.infer<typeof approveResponse>,
  state: OpenedCase,
  { actor, now }: PersonContext,
): CaseDecision {
  const response = responseOf(state, command.responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', command.responseId)
  const { draft } = response
  if (draft.digest !== command.digest) return refuse('DIGEST_DIFFERS')
  if (!('round' in draft)) return refuse('NOT_SUBMITTED')
  const { approvals, levels } = draft.round
  if (approvals[command.level - 1]?.approver === actor.person) return nothing()
  if (draft.status !== 'submitted' || command.level !== approvals.length + 1) {
    return refuse('WRONG_APPROVAL_LEVEL', `level ${approvals.length + 1} of ${levels.length} is next`)
  }
  const role = levels[approvals.length]
  if (actor.role !== role) return refuse('WRONG_APPROVAL_ROLE', role ?? null)
  if (role === 'officer' || role === 'department-reviewer') {
    if (actor.department !== draft.department) return refuse('NOT_YOUR_CASE')
  }
  if (response.drafters.includes(actor.person)) return refuse('APPROVER_IS_DRAFTER')
  if (approvals.some(({ approver }) => approver === actor.person)) return refuse('APPROVER_TWICE')
  return accept({
    type: 'ResponseApproved',
    data: {
      ...command,
      version: draft.version,
      role,
      approver: actor.person,
      department: actor.department,
      complete: command.level === levels.length,
      at: now,
    },
  })
}

const returnResponse = z.strictObject({ responseId: uuid, digest, why: v.reason })

/** 退回修改, by the level that it waits for or, when all have approved, by the last; the approvals are gone. */
function giveBack(command: z.infer<typeof returnResponse>, state: OpenedCase, { actor }: PersonContext): CaseDecision {
  const response = responseOf(state, command.responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', command.responseId)
  const { draft } = response
  if (draft.digest !== command.digest) return refuse('DIGEST_DIFFERS')
  if (draft.status === 'returned') return nothing()
  if (draft.status === 'published') return refuse('RESPONSE_PUBLISHED')
  if (!('round' in draft)) return refuse('NOT_SUBMITTED')
  const { approvals, levels } = draft.round
  const level = Math.min(approvals.length + 1, levels.length)
  const role = levels[level - 1]
  if (actor.role !== role) return refuse('WRONG_APPROVAL_ROLE', role ?? null)
  const { person, department } = actor
  return accept({
    type: 'ResponseReturned',
    data: { ...command, version: draft.version, level, returnedBy: person, department },
  })
}

const publishResponse = z.strictObject({
  responseId: uuid,
  /** Must be the approved one. */
  digest,
  address: v.publicAddress.nullable(),
  /** Null: now. Not before it was approved. */
  publishedAt: instant.nullable(),
})

/** 公开. Only the text that every level approved, letter by letter. */
function publish(command: z.infer<typeof publishResponse>, state: OpenedCase, context: PersonContext): CaseDecision {
  const response = responseOf(state, command.responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', command.responseId)
  const { draft } = response
  if (draft.digest !== command.digest) return refuse('DIGEST_DIFFERS')
  if (draft.status === 'published') return nothing()
  if (draft.status !== 'approved' || draft.round.approvals.some(({ digest }) => digest !== draft.digest)) {
    return refuse('NOT_APPROVED')
  }
  const { actor, now } = context
  if (actor.department !== draft.department && actor.role !== 'coordinator' && actor.role !== 'opinion-office') {
    return refuse('NOT_YOUR_CASE')
  }
  const { content, correction } = draft
  const hindered = formerHolder(response, state)
  if (hindered !== null) return hindered
  const supplementary = content.kind === 'supplementary' && state.status === 'completed'
  if (isClosed(state) && correction === null && !supplementary) return refuse('CASE_CLOSED', state.status)
  const needsAddress = content.means === 'website' || content.means === 'new-media'
  if (needsAddress && command.address === null) return refuse('ADDRESS_MISSING')
  // A clock set back between approval and publication must not keep the public waiting.
  const approvedAt = draft.round.approvals.reduce((latest, { at }) => (at > latest ? at : latest), '')
  const earliest = approvedAt > now ? approvedAt : now
  const publishedAt = command.publishedAt ?? earliest
  if (publishedAt > earliest) return refuse('PUBLISHED_IN_FUTURE')
  if (publishedAt < approvedAt) return refuse('PUBLISHED_BEFORE_APPROVAL')
  const data = {
    responseId: response.id,
    version: draft.version,
    content,
    digest: draft.digest,
    policy: draft.round.policy,
    approvers: draft.round.approvals.map(({ approver }) => approver),
    address: command.address,
    publishedAt,
    department: draft.department,
    publishedBy: actor.person,
  }
  if (correction !== null) return accept({ type: 'ResponseCorrected', data: { ...data, ...correction } })
  return accept(
    { type: 'ResponsePublished', data },
    ...done(state, purposesMetBy(content.kind, content.means), publishedAt),
  )
}

const featureReply = z.strictObject({ responseId: uuid, digest })

/** 选登: a published final answer, never of a 举报, never against the asker's wish. */
function feature(command: z.infer<typeof featureReply>, state: OpenedCase, { actor }: PersonContext): CaseDecision {
  const response = responseOf(state, command.responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', command.responseId)
  const { published } = response
  if (response.featured && published?.digest === command.digest) return nothing()
  if (published === null) return refuse('NOT_PUBLISHED')
  if (published.content.kind !== 'final') return refuse('FEATURE_ONLY_FINAL')
  if (published.digest !== command.digest) return refuse('DIGEST_DIFFERS')
  if (state.triage === null) return refuse('NOT_TRIAGED')
  if (state.triage.type === 'report') return refuse('FEATURE_REPORT')
  if (state.opened.wish === 'private') return refuse('FEATURE_AGAINST_WISH')
  if (published.content.publicText === null) return refuse('PUBLIC_TEXT_MISSING')
  return accept({ type: 'ReplyFeatured', data: { ...command, featuredBy: actor.person } })
}

const unfeatureReply = z.strictObject({ responseId: uuid, reason: v.reason })

function unfeature({ responseId, reason }: z.infer<typeof unfeatureReply>, state: OpenedCase): CaseDecision {
  const response = responseOf(state, responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', responseId)
  if (!response.featured) return nothing()
  const event: CaseEvent = { type: 'ReplyUnfeatured', data: { responseId, cause: 'person', reason } }
  return accept(event)
}

const approvers = [
  'officer',
  'department-reviewer',
  'legal-reviewer',
  'secrecy-reviewer',
  'coordinator',
  'opinion-office',
  'signer',
  'leader',
] as const

export const approvalCommands = {
  ApproveResponse: peoplesCommand({ schema: approveResponse, by: approvers, work: true, decide: approve }),
  ReturnResponse: peoplesCommand({ schema: returnResponse, by: approvers, work: true, decide: giveBack }),
  PublishResponse: peoplesCommand({
    schema: publishResponse,
    by: ['officer', 'department-reviewer', 'monitor', 'coordinator', 'opinion-office'],
    work: true,
    decide: publish,
  }),
  FeatureReply: peoplesCommand({ schema: featureReply, by: ['coordinator'], decide: feature }),
  UnfeatureReply: peoplesCommand({ schema: unfeatureReply, by: ['coordinator'], decide: unfeature }),
}
