import type { CollectionDefinition, ReadDocument } from '#read-store'
import { departmentToken, WHOLE_COUNTY } from '../visibility.ts'
import type { CaseDocument } from './case-document.ts'
import type { CommitmentDocument } from './commitment.ts'

/** What a department has in hand. */
export type WorkloadDocument = ReadDocument & {
  id: string
  counts: Record<string, number>
  visibleTo: string[]
}

export const workloadCollection: CollectionDefinition = {
  name: 'workloads',
  projection: 'casework',
  fields: { visibleTo: 'set', department: 'text' },
  lists: [{ where: [], sort: 'department' }],
}

/** What a case or a promise is to the department that it lies with. */
export interface Work {
  department: string
  counts: Record<string, number>
}

export function workOfCase(document: CaseDocument | null): Work | null {
  const department = document?.lead ?? document?.coordinating ?? null
  if (!document || department === null || document.origin === 'history') return null
  const { status, final } = document
  const counts: Record<string, number> = { cases: 1 }
  if (status === 'routed') counts['toSign'] = 1
  if (status === 'signed') counts['inWork'] = 1
  if (status === 'handing-back') counts['handingBack'] = 1
  if (status === 'answered') counts['answered'] = 1
  if (status === 'completed') counts['completed'] = 1
  if (final?.state === 'missed') counts['missed'] = 1
  return { department, counts }
}

export function workOfCommitment(document: CommitmentDocument | null): Work | null {
  if (!document || document.origin === 'history') return null
  const counts: Record<string, number> = { commitments: 1 }
  if (document.status === 'open') counts['commitmentsOpen'] = 1
  if (document.status === 'open' && document.overdue) counts['commitmentsOverdue'] = 1
  if (document.status === 'broken') counts['commitmentsBroken'] = 1
  return { department: document.responsible, counts }
}

export function foldWorkload(
  document: WorkloadDocument | null,
  department: string,
  counts: Record<string, number>,
  sign: 1 | -1,
): WorkloadDocument | null {
  const next = { ...document?.counts }
  for (const [name, by] of Object.entries(counts)) {
    next[name] = (next[name] ?? 0) + sign * by
    if (next[name] === 0) delete next[name]
  }
  if (Object.keys(next).length === 0) return null
  return { id: department, department, counts: next, visibleTo: [WHOLE_COUNTY, departmentToken(department)] }
}
