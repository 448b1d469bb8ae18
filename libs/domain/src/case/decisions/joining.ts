import { z } from 'zod'
import type { CommandContext } from '../../kernel/command.ts'
import { accept, nothing, refuse } from '../../kernel/decision.ts'
import { countNumber, departmentId, instant, uuid } from '../../kernel/values.ts'
import { barred, BARRED_MAX, joinedItems } from '../events/joining.ts'
import type { OpenedCase } from '../state.ts'
import { followersOf, itemRevisionsOf } from '../state/joining.ts'
import * as v from '../values.ts'
import { lapse } from './deadline-events.ts'
import { signForDeadline } from './routing.ts'
import { accusedOf, command, departmentsHolding, isClosed, peoplesCommand } from './support.ts'
import type { CaseDecision } from './support.ts'
import { withdrawFrom } from './withdrawal.ts'

/** A lead's stream holds one or two events for each follower and must stay well under 5,000. */
export const FOLLOWERS_MAX = 1_000

/** What the handler reads from the streams of the lead and of the cases that it follows in turn. */
const leadFacts = z.strictObject({
  caseId: uuid,
  kind: v.caseKind,
  openedAt: instant,
  closed: z.boolean(),
  followers: countNumber,
  /** Every department that has it, or a case that it follows, before it. */
  heldBy: z.array(departmentId).max(2_000),
  /** Whom it, or a case that it follows, accuses. */
  accused: barred,
})
export type LeadFacts = z.infer<typeof leadFacts>

/** The facts that `JoinCase` needs: of the lead and then of each case that it follows, up to the last. */
export function leadFactsOf(lead: OpenedCase, ...further: OpenedCase[]): LeadFacts {
  const { caseId, kind, openedAt } = lead.opened
  const line = [lead, ...further]
  const followers = [...followersOf(lead.joining).values()].filter(({ follows }) => follows).length
  const accused = line.map(accusedOf)
  return {
    caseId,
    kind,
    openedAt,
    closed: isClosed(lead),
    followers,
    heldBy: [...new Set(line.flatMap(departmentsHolding))],
    accused: {
      departments: [...new Set(accused.flatMap(({ departments }) => departments))],
      persons: [...new Set(accused.flatMap(({ persons }) => persons))],
    },
  }
}

const joinCase = z.strictObject({ lead: leadFacts, relation: v.joinRelation, reason: v.reason })

/**
 * 并案, of a message to an older message, of an opinion to an older opinion. What is owed to this asker stays owed; only the
 * county's own clocks for the work end, for another does it.
 */
function join(
  { lead, relation, reason }: z.infer<typeof joinCase>,
  state: OpenedCase,
  { now }: CommandContext,
): CaseDecision {
  const { following } = state.joining
  if (following?.lead === lead.caseId) return nothing()
  if (following !== null) return refuse('CASE_FOLLOWS_ANOTHER', following.lead)
  if (isClosed(state)) return refuse('CASE_CLOSED', state.status)
  if (lead.kind !== state.opened.kind) return refuse('JOIN_KINDS_DIFFER')
  if (!isOlder(lead, state.opened)) return refuse('JOIN_ONLY_TO_OLDER', lead.openedAt)
  if (lead.closed) return refuse('LEAD_CLOSED')
  if (lead.followers >= FOLLOWERS_MAX) return refuse('LEAD_FULL', `${lead.followers} followers`)
  const accused = accusedOf(state)
  const shown =
    lead.heldBy.find((department) => accused.departments.includes(department)) ??
    departmentsHolding(state).find((department) => lead.accused.departments.includes(department))
  if (shown !== undefined) return refuse('ROUTE_TO_ACCUSED', shown)
  if (Math.max(accused.departments.length, accused.persons.length) > BARRED_MAX) return refuse('TOO_MANY_ACCUSED')
  return accept(
    {
      type: 'CaseJoined',
      data: { lead: lead.caseId, leadOpenedAt: lead.openedAt, relation, reason, at: now, barred: accused },
    },
    ...lapse(state, ['sign-for', 'hand-back'], 'joined'),
  )
}

function isOlder(lead: LeadFacts, { openedAt, caseId }: OpenedCase['opened']): boolean {
  return lead.openedAt < openedAt || (lead.openedAt === openedAt && lead.caseId < caseId)
}

const separateCase = z.strictObject({ reason: v.reason })

function separate({ reason }: z.infer<typeof separateCase>, state: OpenedCase, context: CommandContext): CaseDecision {
  const { following } = state.joining
  if (following === null) return nothing()
  return accept(
    { type: 'CaseSeparated', data: { lead: following.lead, reason, at: context.now } },
    ...(state.status === 'routed' ? signForDeadline(state, context) : []),
  )
}

const recordFollower = z.strictObject({
  follower: uuid,
  /** The case that it follows directly: this one, or one that follows this. */
  through: uuid,
  joinEventId: uuid,
  /** Of `CaseJoined` in the follower's stream. */
  revision: countNumber,
  joinedAt: instant,
  barred,
})

/** Consequence of `CaseJoined`. Where the case is with those whom the follower accuses, they lose it. */
function recordJoined(data: z.infer<typeof recordFollower>, state: OpenedCase): CaseDecision {
  if (isKnown(state, data)) return nothing()
  return accept(
    { type: 'FollowerJoined', data },
    ...withdrawFrom(data.barred.departments, 'accused-by-follower', state),
  )
}

const recordFollowerLeft = z.strictObject({
  follower: uuid,
  leaveEventId: uuid,
  /** Of `CaseSeparated` in the follower's stream. */
  revision: countNumber,
  leftAt: instant,
})

function recordLeft(data: z.infer<typeof recordFollowerLeft>, state: OpenedCase): CaseDecision {
  const known = followersOf(state.joining).has(data.follower)
  if (!known || isKnown(state, data)) return nothing()
  return accept({ type: 'FollowerLeft', data })
}

/** Delivered before, or overtaken by what the follower's stream said later. */
function isKnown(state: OpenedCase, { follower, revision }: { follower: string; revision: number }): boolean {
  const known = followersOf(state.joining).get(follower)
  return known !== undefined && revision <= known.revision
}

const recordItems = z.strictObject({ items: joinedItems })

/** Consequences of `ItemAttached` and `ItemDetached`; only what is newer than what is known of an item counts. */
function recordItemsAs(type: 'ItemsJoined' | 'ItemsLeft') {
  return ({ items }: z.infer<typeof recordItems>, state: OpenedCase): CaseDecision => {
    if (state.opened.kind !== 'opinion') return refuse('NOT_AN_OPINION_CASE')
    const known = itemRevisionsOf(state.joining)
    const newer = items.filter(({ item, revision }) => revision > (known.get(item) ?? -1))
    return newer.length === 0 ? nothing() : accept({ type, data: { items: newer } })
  }
}

export const joiningCommands = {
  JoinCase: peoplesCommand({ schema: joinCase, by: ['monitor', 'coordinator', 'opinion-office'], decide: join }),
  SeparateCase: peoplesCommand({
    schema: separateCase,
    by: ['monitor', 'coordinator', 'opinion-office'],
    decide: separate,
  }),
  RecordFollower: command({ schema: recordFollower, by: ['policy'], decide: recordJoined }),
  RecordFollowerLeft: command({ schema: recordFollowerLeft, by: ['policy'], decide: recordLeft }),
  RecordItemsJoined: command({ schema: recordItems, by: ['policy'], decide: recordItemsAs('ItemsJoined') }),
  RecordItemsLeft: command({ schema: recordItems, by: ['policy'], decide: recordItemsAs('ItemsLeft') }),
}
