import { refuse } from '../../kernel/decision.ts'
import type { Staff } from '../../kernel/staff.ts'
import type { MadeCommitment } from '../state.ts'
import type { CommitmentDecision } from './definition.ts'

/** Nobody verifies their own department's work (DESIGN §9), nor what they or their department reported. Null: independent. */
export function refuseDependentVerifier(
  state: MadeCommitment,
  verifier: Staff,
  reporter: Staff | null,
): CommitmentDecision | null {
  const departments = [state.terms.responsible, reporter?.department]
  if (departments.includes(verifier.department) || reporter?.person === verifier.person) {
    return refuse('VERIFIER_NOT_INDEPENDENT', verifier.department)
  }
  return null
}

/** Whoever approves a change of a promise is neither of the department that owes it nor the one who asked. Null: independent. */
export function refuseDependentApprover(
  state: MadeCommitment,
  approver: Staff,
  requestedBy: Staff | null,
): CommitmentDecision | null {
  if (approver.department === state.terms.responsible) return refuse('APPROVER_NOT_INDEPENDENT', approver.department)
  if (approver.person === requestedBy?.person) return refuse('APPROVER_IS_REQUESTER')
  return null
}
