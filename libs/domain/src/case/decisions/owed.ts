import type { OpenedCase } from '../state.ts'
import type { CaseDeadline } from '../state/deadlines.ts'
import { ANSWER_PURPOSES } from '../purposes.ts'
import { isRunning } from './deadline-events.ts'
import { holderOf } from './support.ts'

/**
 * Whether what a deadline is for has still to be done, its day passed or not: only then is anybody warned or reminded of
 * it. A missed deadline stays missed for ever; what it was for may be done the next day.
 */
export function isOwed(deadline: CaseDeadline, state: OpenedCase): boolean {
  const isOpen = isRunning(deadline) || (deadline.status === 'missed' && deadline.doneAt === null)
  if (!isOpen) return false
  const { hands, responses, oversight } = state
  const { purpose, reference } = deadline
  switch (purpose) {
    case 'hand-back':
      return false
    case 'sign-for':
      return hands.routing.status === 'routed' && !responses.answered && isLast(deadline, state, [purpose])
    case 'final-answer':
    case 'answer-again':
      return !responses.answered && isLast(deadline, state, ANSWER_PURPOSES)
    case 'acknowledge':
    case 'authoritative-information':
    case 'press-conference':
      return !responses.served.includes(purpose)
    case 'assist-reply':
      return hands.assists.some(({ id, open }) => id === reference && open)
    case 'supplement':
      return oversight.supplements.some(({ id, open }) => id === reference && open)
    case 'instruction':
      return oversight.instructions.some(({ id, answered }) => id === reference && !answered)
    case 'supervision':
      return oversight.supervisions.some(({ id, status }) => id === reference && status === 'issued')
  }
}

/** Who has to do it: whoever was asked, else who has the case; null where nobody has. */
export function owedBy({ purpose, reference }: CaseDeadline, state: OpenedCase): string | null {
  const { hands, oversight } = state
  const lead = hands.routing.status === 'unrouted' ? null : hands.routing.lead
  if (purpose === 'sign-for') return lead
  if (purpose === 'assist-reply') return hands.assists.find(({ id }) => id === reference)?.department ?? null
  if (purpose === 'supervision') return oversight.supervisions.find(({ id }) => id === reference)?.to ?? null
  return holderOf(state) ?? lead
}

/** Earlier rounds of the same obligation have been taken over by the last. */
function isLast({ id }: CaseDeadline, { deadlines }: OpenedCase, purposes: readonly string[]): boolean {
  return deadlines.findLast(({ purpose }) => purposes.includes(purpose))?.id === id
}
