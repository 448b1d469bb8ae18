import { extendDeadline, isInTime, recomputeDeadline } from '#calendar'
import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { personId, uuid } from '../../kernel/values.ts'
import type { CaseEvent } from '../events.ts'
import type { OpenedCase } from '../state.ts'
import type { CaseDeadline } from '../state/deadlines.ts'
import * as v from '../values.ts'
import { between, isRunning, later } from './deadline-events.ts'
import { command, peoplesCommand } from './support.ts'
import type { CaseDecision, PersonContext } from './support.ts'

function deadlineOf(state: OpenedCase, id: string): CaseDeadline | undefined {
  return state.deadlines.find((deadline) => deadline.id === id)
}

const extendCaseDeadline = z.strictObject({ deadlineId: uuid, requestedBy: personId, reason: v.reason })

const EXTENSION_REFUSALS = {
  NORM_UNKNOWN: 'EXTENSION_NORM_UNKNOWN',
  NOT_EXTENDABLE: 'DEADLINE_NOT_EXTENDABLE',
  EXTENSION_USED_UP: 'EXTENSION_USED_UP',
  EXTENSION_LIMITED: 'EXTENSION_LIMITED',
} as const

/** 延期, before it is due, as its norm allows, approved by whom the norm names and not by who asked. */
function extend(
  { deadlineId, requestedBy, reason }: z.infer<typeof extendCaseDeadline>,
  state: OpenedCase,
  { actor, now, settings }: PersonContext,
): CaseDecision {
  const current = deadlineOf(state, deadlineId)
  if (current === undefined) return refuse('DEADLINE_UNKNOWN', deadlineId)
  if (current.status !== 'open') return refuse('DEADLINE_NOT_OPEN', current.status)
  if (!isInTime(current, now)) return refuse('DEADLINE_PASSED', current.due)
  if (current.deadline === null) return refuse('DEADLINE_NOT_EXTENDABLE')
  const { norms, calendar } = settings
  const extension = extendDeadline({
    deadline: current.deadline,
    norms,
    calendar,
    timesExtended: current.extensions,
  })
  if (extension.outcome === 'refused') return refuse(EXTENSION_REFUSALS[extension.code])
  if (actor.role !== extension.approver) return refuse('WRONG_APPROVAL_ROLE', extension.approver)
  if (actor.person === requestedBy) return refuse('APPROVER_IS_PROPOSER')
  const { purpose, due: previousDue, suspendedForMs } = current
  const { deadline } = extension
  const due = later(deadline.due, suspendedForMs)
  return accept({
    type: 'DeadlineExtended',
    data: { deadlineId, purpose, previousDue, due, deadline, reason, requestedBy, approver: actor.person },
  })
}

const suspendDeadline = z.strictObject({ deadlineId: uuid, ground: v.reason, basis: v.reason })

/** The clock stands still, on a ground in law. */
function suspend(
  { deadlineId, ground, basis }: z.infer<typeof suspendDeadline>,
  state: OpenedCase,
  { actor, now }: PersonContext,
): CaseDecision {
  const current = deadlineOf(state, deadlineId)
  if (current === undefined) return refuse('DEADLINE_UNKNOWN', deadlineId)
  if (current.status === 'suspended') return nothing()
  if (current.status !== 'open') return refuse('DEADLINE_NOT_OPEN', current.status)
  if (!isInTime(current, now)) return refuse('DEADLINE_PASSED', current.due)
  return accept({
    type: 'DeadlineSuspended',
    data: { deadlineId, purpose: current.purpose, at: now, ground, basis, approver: actor.person },
  })
}

const resumeDeadline = z.strictObject({ deadlineId: uuid })

/** The due moment moves by exactly the time that the clock stood still. */
function resume(
  { deadlineId }: z.infer<typeof resumeDeadline>,
  state: OpenedCase,
  { now }: CommandContext,
): CaseDecision {
  const current = deadlineOf(state, deadlineId)
  if (current === undefined) return refuse('DEADLINE_UNKNOWN', deadlineId)
  if (current.status === 'open') return nothing()
  if (current.status !== 'suspended' || current.suspendedAt === null) return refuse('DEADLINE_NOT_OPEN', current.status)
  const { purpose, due: previousDue, suspendedAt } = current
  const stoodStillMs = Math.max(0, between(suspendedAt, now))
  return accept({
    type: 'DeadlineResumed',
    data: {
      deadlineId,
      purpose,
      suspendedAt,
      at: now,
      previousDue,
      due: later(previousDue, stoodStillMs),
      suspendedForMs: current.suspendedForMs + stoodStillMs,
    },
  })
}

const markDeadlineMissed = z.strictObject({ deadlineId: uuid })

/** Written once, for live cases only. The time to hand back is no obligation: when it has passed, it has passed. */
function miss(
  { deadlineId }: z.infer<typeof markDeadlineMissed>,
  state: OpenedCase,
  { now }: CommandContext,
): CaseDecision {
  const current = deadlineOf(state, deadlineId)
  if (current === undefined) return refuse('DEADLINE_UNKNOWN', deadlineId)
  if (current.status !== 'open' || state.opened.origin === 'history') return nothing()
  if (isInTime(current, now)) return refuse('DEADLINE_NOT_PASSED', current.due)
  const { purpose, due } = current
  return purpose === 'hand-back'
    ? accept({ type: 'DeadlineLapsed', data: { deadlineId, purpose, due, cause: 'window-closed' } })
    : accept({ type: 'DeadlineMissed', data: { deadlineId, purpose, due, doneAt: null } })
}

const recomputeDeadlines = z.strictObject({})

/**
 * A notice has come: provisional deadlines that are not yet met are counted anew. Each names the calendar that it was last
 * counted by, so that it is clear which ones still have to be.
 */
function recompute(
  _command: z.infer<typeof recomputeDeadlines>,
  state: OpenedCase,
  { settings }: CommandContext,
): CaseDecision {
  const events = state.deadlines.flatMap((current): CaseEvent[] => {
    const { id: deadlineId, purpose, due: previousDue, deadline: previous, suspendedForMs } = current
    if (!isRunning(current) || previous === null || !previous.provisional) return []
    if (previous.calendarVersion === settings.calendar.version) return []
    const deadline = recomputeDeadline(previous, settings.calendar)
    const due = later(deadline.due, suspendedForMs)
    return [
      { type: 'DeadlineRecomputed', data: { deadlineId, purpose, previousDue, due, deadline, cause: 'calendar' } },
    ]
  })
  return events.length === 0 ? nothing() : accept(...events)
}

export const deadlineCommands = {
  ExtendDeadline: peoplesCommand({
    schema: extendCaseDeadline,
    by: ['department-reviewer', 'coordinator', 'opinion-office', 'signer', 'leader'],
    decide: extend,
  }),
  SuspendDeadline: peoplesCommand({
    schema: suspendDeadline,
    by: ['coordinator', 'signer', 'leader'],
    decide: suspend,
  }),
  ResumeDeadline: peoplesCommand({
    schema: resumeDeadline,
    by: ['coordinator', 'signer', 'leader'],
    decide: resume,
  }),
  MarkDeadlineMissed: command({ schema: markDeadlineMissed, by: ['policy'], decide: miss }),
  RecomputeDeadlines: command({ schema: recomputeDeadlines, by: ['policy'], decide: recompute }),
}
