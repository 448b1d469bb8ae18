import type { CaseEvent } from '#domain'
import type { StoredEvent } from '#event-store'

type Finding = Extract<CaseEvent, { type: 'CompletionSubmitted' }>['data']['finding']

/** What is known of a case from the events that decide whether others may hear of it. */
export interface CaseFacts {
  number: string
  /** Imported from before the system: nothing of it is news. */
  isHistory: boolean
  /** Null until somebody has judged it. */
  triage: 'harmless' | 'restricted' | null
  /** Whether a case that accuses somebody ever followed it. */
  ledAccusing: boolean
  /** The last result that was submitted. */
  completion: { id: string; finding: Finding } | null
  /** The last revision at which others might hear of it; −1: never yet. */
  openThrough: number
}

/** What `evolveFacts` needs to see. */
export const FACT_TYPES: ReadonlySet<string> = new Set([
  'CaseOpened',
  'CaseTriaged',
  'FollowerJoined',
  'CompletionSubmitted',
] satisfies CaseEvent['type'][])

/**
 * Others hear of a case once somebody has judged that it is none of those that are kept close: a 举报, a case that one which
 * accuses somebody of the county has followed, and what touches secrets, privacy, minors or discipline. Until then it might
 * be one.
 */
export function isOpen({ isHistory, triage, ledAccusing }: CaseFacts): boolean {
  return !isHistory && triage === 'harmless' && !ledAccusing
}

type Triaged = Extract<CaseEvent, { type: 'CaseTriaged' }>['data']

const KEPT_CLOSE: ReadonlySet<Triaged['sensitivities'][number]> = new Set([
  'secrecy',
  'privacy',
  'minors',
  'discipline',
])

/** Reads only what is stored in clear. */
export function isRestrictive({ type, accused, sensitivities }: Triaged): boolean {
  const accuses = accused.departments.length + accused.persons.length > 0
  return type === 'report' || accuses || sensitivities.some((each) => KEPT_CLOSE.has(each))
}

/** The facts after an event of the case's own stream; null before it was opened. */
export function evolveFacts(before: CaseFacts | null, stored: StoredEvent): CaseFacts | null {
  const facts = changed(before, stored)
  return facts !== null && isOpen(facts) ? { ...facts, openThrough: stored.revision } : facts
}

function changed(facts: CaseFacts | null, stored: StoredEvent): CaseFacts | null {
  const event = stored as unknown as CaseEvent
  if (event.type === 'CaseOpened') {
    const { number, origin } = event.data
    return {
      number,
      isHistory: origin === 'history',
      triage: null,
      ledAccusing: false,
      completion: null,
      openThrough: -1,
    }
  }
  if (facts === null) return null
  switch (event.type) {
    case 'CaseTriaged':
      return { ...facts, triage: isRestrictive(event.data) ? 'restricted' : 'harmless' }
    case 'FollowerJoined': {
      const { departments, persons } = event.data.barred
      return { ...facts, ledAccusing: facts.ledAccusing || departments.length + persons.length > 0 }
    }
    case 'CompletionSubmitted':
      return { ...facts, completion: { id: event.data.completionId, finding: event.data.finding } }
    default:
      return facts
  }
}
