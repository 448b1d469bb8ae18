import type { ErrorCode } from '#domain'
import type { Condition } from '#read-store'
import type { Consequence } from '../policies/policy.ts'
import type { AgendaDocument, AgendaStep } from '../projections/casework/agenda.ts'
import type { Moment } from './moment.ts'

export type Range = Extract<Condition, { gt?: unknown }>

/**
 * Something that time does. The agenda says about what it may be due, the stream decides whether it is: whoever asks
 * twice, late, or beside another, changes nothing.
 */
export interface Duty {
  /** The policy in whose name it commands. */
  name: string
  next: readonly AgendaStep[]
  /** Where entries that may be due lie on the agenda, by `at`; none: nothing is due at this moment. */
  due: (moment: Moment) => Range[]
  /** Null: not yet. Its identity is the entry's cause and `about`, never the moment. */
  command: (entry: AgendaDocument, moment: Moment) => Consequence | null
  /** Refusals that are answers, too: it was done, or is no longer to be. */
  expectedRefusals: ReadonlySet<ErrorCode>
  /** Where the entries lie that are due later, the soonest first, and when one of them is. Null where time alone brings none. */
  later: { after: (moment: Moment) => Range; when: (entry: AgendaDocument, moment: Moment) => string } | null
}
