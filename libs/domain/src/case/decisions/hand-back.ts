import { isInTime } from '#calendar'
import { z } from 'zod'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { departmentId, uuid } from '../../kernel/values.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { done } from './deadline-events.ts'
import { peoplesCommand, routedToAccused, unknownDepartment, workEnded } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

const requestHandBack = z.strictObject({
  reason: v.reason,
  basis: v.reason,
  suggestedLead: departmentId.nullable(),
})

/** 退回: once for each routing, and only while the time for it runs. */
function request(command: z.infer<typeof requestHandBack>, state: OpenedCase, context: PersonContext): CaseDecision {
  const { routing, handBack } = state.hands
  const { person, department } = context.actor
  if (routing.status !== 'signed') return refuse('NOT_SIGNED_FOR')
  if (routing.lead !== department) return refuse('NOT_YOUR_CASE')
  if (handBack?.status === 'open') return nothing()
  const ended = workEnded(state)
  if (ended !== null) return ended
  if (routing.binding) return refuse('JURISDICTION_BINDS')
  if (handBack !== null) return refuse('HAND_BACK_ALREADY_REFUSED')
  const window = state.deadlines.findLast(({ purpose }) => purpose === 'hand-back')
  if (window !== undefined && (window.status !== 'open' || !isInTime(window, context.now))) {
    return refuse('HAND_BACK_TOO_LATE', window.due)
  }
  const { suggestedLead } = command
  if (suggestedLead !== null) {
    const barred = unknownDepartment([suggestedLead], context) ?? routedToAccused([suggestedLead], state)
    if (barred !== null) return barred
  }
  const at = context.now
  const handBackId = context.derive('hand-back')
  return accept(
    { type: 'HandBackRequested', data: { handBackId, department, ...command, requestedBy: person, at } },
    ...done(state, ['hand-back'], at),
  )
}

const grantHandBack = z.strictObject({ handBackId: uuid, reason: v.note })

function grant(
  { handBackId, reason }: z.infer<typeof grantHandBack>,
  state: OpenedCase,
  { actor }: PersonContext,
): CaseDecision {
  const { handBack, coordinating, routing } = state.hands
  if (handBack?.id !== handBackId || handBack.status !== 'open') return refuse('NO_HAND_BACK_OPEN')
  if (routing.status !== 'unrouted' && routing.binding) return refuse('JURISDICTION_BINDS')
  const ended = workEnded(state)
  if (ended !== null) return ended
  const { department } = handBack
  if (actor.department === department) return refuse('NOT_INDEPENDENT')
  return accept({
    type: 'HandBackGranted',
    data: { handBackId, department, reason, grantedBy: actor.person, coordinating: coordinating ?? department },
  })
}

const refuseHandBack = z.strictObject({ handBackId: uuid, reason: v.reason })

function decline(
  { handBackId, reason }: z.infer<typeof refuseHandBack>,
  state: OpenedCase,
  { actor }: PersonContext,
): CaseDecision {
  const { handBack } = state.hands
  if (handBack?.id !== handBackId) return refuse('NO_HAND_BACK_OPEN')
  if (handBack.status === 'refused') return nothing()
  const { department } = handBack
  if (actor.department === department) return refuse('NOT_INDEPENDENT')
  return accept({
    type: 'HandBackRefused',
    data: { handBackId, department, reason, refusedBy: actor.person },
  })
}

export const handBackCommands = {
  RequestHandBack: peoplesCommand({
    schema: requestHandBack,
    by: ['officer', 'department-reviewer'],
    work: true,
    decide: request,
  }),
  GrantHandBack: peoplesCommand({
    schema: grantHandBack,
    by: ['coordinator', 'opinion-office', 'leader'],
    work: true,
    decide: grant,
  }),
  RefuseHandBack: peoplesCommand({
    schema: refuseHandBack,
    by: ['coordinator', 'opinion-office', 'leader'],
    work: true,
    decide: decline,
  }),
}
