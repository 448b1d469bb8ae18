import { z } from 'zod'
import type { CommandContext, JsonValue } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { digest, line, uuid } from '../../kernel/values.ts'
import type { ApprovalPolicy } from '../../settings/model.ts'
import type { OpenedCase } from '../state.ts'
import type { CaseResponse } from '../state/responses.ts'
import * as v from '../values.ts'
import type { ResponseContent } from '../values.ts'
import { takeInHand } from './on-the-spot.ts'
import { holderOf, inSequence, isClosed, peoplesCommand, unknownDepartment } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

/** What the digest of a response covers: everything that an approver reads. */
export function contentOf({ kind, text, publicText, attachments, means, marks }: ResponseContent): JsonValue {
  return { kind, text, publicText, attachments, means, marks }
}

export function responseOf(state: OpenedCase, id: string): CaseResponse | undefined {
  return state.responses.own.find((response) => response.id === id)
}

/** 受理告知 and 转办告知 come from the office that takes messages in; every other word from who works on the case. */
function mayDraft(kind: v.ResponseKind, correcting: CaseResponse | null, state: OpenedCase, { actor }: PersonContext) {
  if (actor.department === holderOf(state)) return true
  const office = actor.role === 'monitor' || actor.role === 'coordinator' || actor.role === 'opinion-office'
  if (kind === 'acknowledgement' || kind === 'forwarded') return office
  return correcting !== null && (actor.department === correcting.draft.department || actor.role === 'coordinator')
}

function faultIn(content: ResponseContent, context: CommandContext): CaseDecision | null {
  if (JSON.stringify(content).length > v.RESPONSE_CHARACTERS_MAX) return refuse('RESPONSE_TOO_LONG')
  const ids = content.marks.map(({ markId }) => markId)
  if (new Set(ids).size < ids.length) return refuse('MARK_TWICE')
  const lost = content.marks.find(({ terms }) => content.publicText?.includes(terms.quote) !== true)
  if (lost !== undefined) return refuse('MARK_NOT_IN_TEXT', lost.markId)
  if (content.publicText === null && isPublic(content)) return refuse('PUBLIC_TEXT_MISSING')
  return unknownDepartment(
    content.marks.map(({ terms }) => terms.responsible),
    context,
  )
}

function isPublic({ means }: ResponseContent): boolean {
  return means === 'website' || means === 'new-media' || means === 'press-conference'
}

const saveDraft = z.strictObject({
  /** Null: a new response. */
  responseId: uuid.nullable(),
  content: v.responseContent,
})

/** Saved on purpose. An edit of what was submitted or approved starts its approval anew; the same text again is none. */
export function save(
  { responseId, content }: z.infer<typeof saveDraft>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const id = responseId ?? context.derive('response')
  const response = responseOf(state, id)
  if (response === undefined && responseId !== null) return refuse('RESPONSE_UNKNOWN', responseId)
  const digest = context.digest(contentOf(content))
  if (response?.draft.digest === digest) return nothing()
  if (response?.draft.status === 'published') return refuse('RESPONSE_PUBLISHED')
  return draft(id, content, digest, response?.draft.correction ?? null, response, state, context)
}

const correctResponse = z.strictObject({ responseId: uuid, content: v.responseContent, reason: v.reason })

/** A published response is corrected by a new round of drafting and the same approval; until then it stands as it is. */
function correct(
  { responseId, content, reason }: z.infer<typeof correctResponse>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const response = responseOf(state, responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', responseId)
  const digest = context.digest(contentOf(content))
  if (response.draft.digest === digest) return nothing()
  if (response.published === null) return refuse('NOT_PUBLISHED')
  const correction = { reason, previousDigest: response.published.digest }
  return draft(responseId, content, digest, correction, response, state, context)
}

function draft(
  responseId: string,
  content: ResponseContent,
  digest: string,
  correction: CaseResponse['draft']['correction'],
  response: CaseResponse | undefined,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const correcting = correction === null ? null : (response ?? null)
  if (response !== undefined && response.draft.content.kind !== content.kind) return refuse('RESPONSE_KIND_FIXED')
  // After a case has closed there is still something to put right or to add, but nothing else to say.
  if (isClosed(state) && correcting === null && !(state.status === 'completed' && content.kind === 'supplementary')) {
    return refuse('CASE_CLOSED', state.status)
  }
  if (!mayDraft(content.kind, correcting, state, context)) return refuse('NOT_YOUR_CASE')
  const fault = faultIn(content, context)
  if (fault !== null) return fault
  const { person, department } = context.actor
  const version = (response?.draft.version ?? 0) + 1
  return accept({
    type: 'ResponseDrafted',
    data: { responseId, version, content, digest, department, draftedBy: person, correction },
  })
}

const submitResponse = z.strictObject({ responseId: uuid, digest })

/** 送审: pins the policy that rules now, so that a later one does not touch this round. */
function submit(command: z.infer<typeof submitResponse>, state: OpenedCase, context: PersonContext): CaseDecision {
  const response = responseOf(state, command.responseId)
  if (response === undefined) return refuse('RESPONSE_UNKNOWN', command.responseId)
  const { draft } = response
  if (draft.digest !== command.digest) return refuse('DIGEST_DIFFERS')
  if ('round' in draft) return nothing()
  if (context.actor.department !== draft.department) return refuse('NOT_YOUR_CASE')
  const hindered = formerHolder(response, state)
  if (hindered !== null) return hindered
  const policy = policyFor(draft.content, state, context)
  if (policy === null) return refuse('NO_APPROVAL_POLICY')
  const { id: responseId } = response
  return accept({
    type: 'ResponseSubmitted',
    data: {
      responseId,
      version: draft.version,
      digest: draft.digest,
      policy: { id: policy.id, version: policy.version },
      levels: policy.levels,
      submittedBy: context.actor.person,
    },
  })
}

/** What a department drafted while it had the case is no longer its to publish when another has it. */
export function formerHolder({ draft }: CaseResponse, state: OpenedCase): CaseDecision | null {
  const { kind } = draft.content
  if (draft.correction !== null || kind === 'acknowledgement' || kind === 'forwarded') return null
  return draft.department === holderOf(state) ? null : refuse('RESPONSE_OF_FORMER_HOLDER', draft.department)
}

/** Of the policies whose every key matches the one with the most keys; of equals the later one. */
function policyFor(content: ResponseContent, state: OpenedCase, { settings }: CommandContext): ApprovalPolicy | null {
  const { triage, opened } = state
  const sensitive = triage !== null && triage.sensitivities.length > 0
  let best: { policy: ApprovalPolicy; keys: number } | null = null
  for (const policy of settings.approvalPolicies) {
    const { caseKinds, caseTypes, responseKinds, sensitive: asked } = policy.appliesTo
    const answers = [
      caseKinds?.includes(opened.kind),
      caseTypes?.includes(triage?.type ?? ''),
      responseKinds?.includes(content.kind),
      asked === undefined ? undefined : asked === sensitive,
    ].filter((answer) => answer !== undefined)
    if (answers.includes(false)) continue
    if (best === null || answers.length >= best.keys) best = { policy, keys: answers.length }
  }
  return best?.policy ?? null
}

const answerOnTheSpot = z.strictObject({
  type: v.caseType,
  subject: line(100).nullable(),
  /** Its kind is final. */
  content: v.responseContent.extend({ kind: z.literal('final') }),
})

/**
 * Who is asked at the window or by phone takes the case, signs for it and submits the answer in one act. What is still
 * needed is another's approval and the publication; what needs neither is `CompleteOnTheSpot`.
 */
function onTheSpot(
  { type, subject, content }: z.infer<typeof answerOnTheSpot>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const id = context.derive('response')
  if (responseOf(state, id) !== undefined) return nothing()
  return inSequence(
    state,
    ...takeInHand({ type, subject, simple: false }, context),
    (now) => save({ responseId: null, content }, now, context),
    (now) => submit({ responseId: id, digest: context.digest(contentOf(content)) }, now, context),
  )
}

const drafters = ['officer', 'department-reviewer', 'monitor', 'coordinator', 'opinion-office'] as const

export const draftingCommands = {
  SaveDraft: peoplesCommand({ schema: saveDraft, by: drafters, work: true, decide: save }),
  CorrectResponse: peoplesCommand({ schema: correctResponse, by: drafters, work: true, decide: correct }),
  SubmitResponse: peoplesCommand({ schema: submitResponse, by: drafters, work: true, decide: submit }),
  AnswerOnTheSpot: peoplesCommand({
    schema: answerOnTheSpot,
    by: ['officer', 'department-reviewer', 'monitor', 'coordinator'],
    work: true,
    decide: onTheSpot,
  }),
}
