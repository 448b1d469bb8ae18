import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { departmentId, digest, line, uuid } from '../../kernel/values.ts'
import { purposesMetBy } from '../purposes.ts'
import type { OpenedCase } from '../state.ts'
import * as v from '../values.ts'
import { done } from './deadline-events.ts'
import { command } from './support.ts'
import type { CaseDecision } from './support.ts'

const answerByLead = z.strictObject({
  /** The case whose department answered, and the one that this case follows directly. */
  lead: uuid,
  through: uuid,
  responseId: uuid,
  ...v.answer,
  attachments: v.attachments,
  digest,
  department: departmentId,
  /** A later wording of an answer already given here, rather than an answer. */
  correction: z.boolean(),
})

/**
 * What the lead published after this case joined answers it, in its own right. An answer published before is this asker's
 * only when staff say so, and then from that moment; a correction only where the answer was theirs.
 */
function byLead(
  { correction, ...data }: z.infer<typeof answerByLead>,
  state: OpenedCase,
  { actor, now }: CommandContext,
): CaseDecision {
  const known = state.responses.byLead.filter(({ responseId }) => responseId === data.responseId)
  if (known.some(({ digest }) => digest === data.digest)) return nothing()
  const by = 'policy' in actor ? 'publication' : 'staff'
  const { following } = state.joining
  const follows = following?.lead === data.through
  if (by === 'staff' && !follows) return refuse('NOT_FOLLOWING', data.through)
  if (by === 'publication') {
    if (following === null || !follows) return nothing()
    if (correction ? known.length === 0 : data.publishedAt < following.since) return nothing()
  }
  const answeredAt = by === 'staff' ? now : data.publishedAt
  return accept(
    { type: 'AnsweredByLead', data: { ...data, by, answeredAt } },
    ...done(state, purposesMetBy(data.kind, data.means), answeredAt),
  )
}

const recordPastResponse = z.strictObject({
  ...v.answer,
  department: departmentId.nullable(),
  departmentNamed: line(200).nullable(),
})

/** An imported answer, judged by the day on which it was published. */
function past(command: z.infer<typeof recordPastResponse>, state: OpenedCase, context: CommandContext): CaseDecision {
  const { kind, text, publicText, means, address, publishedAt, department } = command
  const digest = context.digest({ kind, text, publicText, means, address, publishedAt })
  if (state.responses.past.includes(digest)) return nothing()
  if (state.opened.origin !== 'history') return refuse('NOT_HISTORY')
  if (department !== null && !context.settings.departments.has(department)) {
    return refuse('UNKNOWN_DEPARTMENT', department)
  }
  const responseId = context.derive('past-response')
  return accept(
    { type: 'PastResponseRecorded', data: { ...command, responseId, digest } },
    ...done(state, purposesMetBy(kind, means), publishedAt),
  )
}

export const answerCommands = {
  AnswerByLead: command({ schema: answerByLead, by: ['policy', 'monitor', 'coordinator'], decide: byLead }),
  RecordPastResponse: command({
    schema: recordPastResponse,
    by: ['policy', 'monitor', 'coordinator'],
    decide: past,
  }),
}
