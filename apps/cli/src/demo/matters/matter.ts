import type { DepartmentId } from '../county/people.ts'

/** What people of the invented county write about, and what its departments make of it. */

/**
 * A matter before it has happened anywhere. Its texts have gaps: `{road}`, `{village}`, `{estate}`, `{school}` places,
 * `{n}` a number, `{amount}` that of the promise, `{due}` the words for its day.
 */
export interface Matter {
  department: DepartmentId
  /** To whom it is sent first by mistake, where it is. */
  mistakenFor: DepartmentId
  subject: string
  type: 'consultation' | 'help' | 'complaint' | 'suggestion' | 'correction'
  /** How several people tell the same trouble. */
  asks: readonly [Ask, ...Ask[]]
  demands: readonly string[]
  /** What was found out and done, as the answer tells it. */
  answer: string
  promise: Promised | null
}

export interface Ask {
  title: string
  body: string
}

export interface Promised {
  /** What will be done, in the words that the page of the result uses, too. */
  action: string
  /** The sentence of the answer; holds `{due}`. */
  quote: string
  strength: 'firm' | 'planned' | 'striving'
  /** Who promised, where it is an enterprise. */
  enterprise?: string
  target?: { measure: string; unit: string; between: readonly [number, number] }
  /** How far it is, before it is done. */
  progress: string
  /** What the department says when it is done, and what stands on the page. */
  done: string
}
