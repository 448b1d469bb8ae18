import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { instant, line, personId, sensitive, text, uuid } from '../../kernel/values.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { done, endObligations, setByNorms, setByPerson } from './deadline-events.ts'
import { factsOf } from './deadline-events.ts'
import { command, holderOf, peoplesCommand, workEnded } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const doNotAcceptCase = z.strictObject({
  ground: v.notAcceptedGround,
  basis: v.reason,
  notice: sensitive(v.answerText),
  rightRoute: v.note,
  proposedBy: personId,
})

/** 不予受理: the actor approves what another proposed; the asker is told why and which way is right. */
function doNotAccept(
  command: z.infer<typeof doNotAcceptCase>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  if (state.status === 'not-accepted') return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  const approver = context.actor.person
  if (command.proposedBy === approver) return refuse('APPROVER_IS_PROPOSER')
  return accept(
    { type: 'CaseNotAccepted', data: { ...command, approver, at: context.now } },
    ...endObligations(state, 'not-accepted', context),
  )
}

const transferCase = z.strictObject({
  to: line(200),
  basis: v.reason,
  receipt: sensitive(line(200)).nullable(),
  notice: sensitive(v.answerText),
})

function transfer(command: z.infer<typeof transferCase>, state: OpenedCase, context: CommandContext): CaseDecision {
  if (state.status === 'transferred') return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  return accept(
    { type: 'CaseTransferred', data: { ...command, at: context.now } },
    ...endObligations(state, 'transferred', context),
  )
}

const requestSupplement = z.strictObject({ what: v.reason, due: instant.nullable() })

/** The asker's time for it is the day named, else what a norm gives, else without end. */
function askForSupplement(
  { what, due }: z.infer<typeof requestSupplement>,
  state: OpenedCase,
  context: PersonContext,
): CaseDecision {
  const supplementId = context.derive('supplement')
  if (state.oversight.supplements.some(({ id }) => id === supplementId)) return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  const { actor, now } = context
  if (actor.role === 'officer' && actor.department !== holderOf(state)) return refuse('NOT_YOUR_CASE')
  if (due !== null && due <= now) return refuse('DUE_IN_PAST')
  const clock = { purpose: 'supplement', startsAt: 'published', startedAt: now } as const
  return accept(
    { type: 'SupplementRequested', data: { supplementId, what, due, requestedBy: actor.person } },
    ...(due === null
      ? setByNorms(clock, factsOf(state.opened, state.triage), context, supplementId)
      : [setByPerson('supplement', supplementId, due, context)]),
  )
}

const recordSupplement = z.strictObject({
  request: uuid.nullable(),
  text: sensitive(text(20_000)),
  attachments: v.attachments,
  receivedAt: instant.nullable(),
})

/** What the asker adds is taken at any time, asked for or not. */
function receiveSupplement(
  { receivedAt, ...command }: z.infer<typeof recordSupplement>,
  state: OpenedCase,
  context: CommandContext,
): CaseDecision {
  const supplementId = context.derive('supplement-received')
  if (state.oversight.received.includes(supplementId)) return nothing()
  const { request } = command
  if (request !== null && !state.oversight.supplements.some(({ id }) => id === request)) {
    return refuse('SUPPLEMENT_UNKNOWN', request)
  }
  const at = receivedAt ?? context.occurredAt
  return accept(
    { type: 'SupplementReceived', data: { supplementId, ...command, receivedAt: at } },
    ...(request === null ? [] : done(state, ['supplement'], at, request)),
  )
}

export const admissionCommands = {
  DoNotAcceptCase: peoplesCommand({
    schema: doNotAcceptCase,
    by: ['coordinator', 'signer', 'leader'],
    work: true,
    decide: doNotAccept,
  }),
  TransferCase: peoplesCommand({
    schema: transferCase,
    by: ['coordinator', 'opinion-office'],
    work: true,
    decide: transfer,
  }),
  RequestSupplement: peoplesCommand({
    schema: requestSupplement,
    by: ['officer', 'monitor', 'coordinator'],
    work: true,
    decide: askForSupplement,
  }),
  RecordSupplement: command({
    schema: recordSupplement,
    by: ['policy', 'channel', 'officer', 'monitor', 'coordinator'],
    decide: receiveSupplement,
  }),
}
