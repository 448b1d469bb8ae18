import { caseCommands, caseEventFormats, evolveCase, initialCase, leadFactsOf } from '#domain'
import type { Actor, Case, CaseEvent, CommandContext, Decision, OpenedCase } from '#domain'
import { contextOf } from '../support/context.ts'
import { checkFormat } from '../support/spec.ts'
import { hoursLater, policy, settings, uuidOf } from './support.ts'

/** Three cases of one county and the policies between them, for properties over runs of commands. */

export const IDS = ['a', 'b', 'c'].map((each) => uuidOf('case', each)).toSorted()

export interface Told {
  stream: number
  event: CaseEvent
  revision: number
  id: string
}

export interface World {
  cases: Case[]
  histories: CaseEvent[][]
  /** What policies have not yet seen. */
  pending: Told[]
  /** Hours since the start. */
  hour: number
  given: number
}

export function newWorld(): World {
  return { cases: IDS.map(() => initialCase), histories: IDS.map(() => []), pending: [], hour: 0, given: 0 }
}

export interface Given {
  name: keyof typeof caseCommands
  body: unknown
  actor: Actor
}

/** Gives a command to a case, then the very same again: that must not add anything. */
export function give(world: World, stream: number, { name, body, actor }: Given): Decision<CaseEvent> {
  const row = caseCommands[name]
  const parsed = row.schema.safeParse(body)
  if (!parsed.success) throw new Error(`${name}: ${parsed.error.message}`)
  const context = contextOf({
    actor,
    settings,
    ...hoursLater(world.hour),
    commandId: `command-${(world.given += 1)}`,
  })
  const decide = row.decide as (command: unknown, state: Case, context: CommandContext) => Decision<CaseEvent>
  const decision = decide(parsed.data, world.cases[stream]!, context)
  if (decision.outcome !== 'accepted') return decision
  for (const event of decision.events) {
    checkFormat(caseEventFormats, event)
    world.cases[stream] = evolveCase(world.cases[stream]!, event)
    const history = world.histories[stream]!
    world.pending.push({ stream, event, revision: history.length, id: uuidOf('event', stream, history.length) })
    history.push(event)
  }
  const again = decide(parsed.data, world.cases[stream]!, context)
  if (again.outcome === 'accepted') throw new Error(`${name} given twice gave ${JSON.stringify(again.events)}`)
  return decision
}

/** Lets the policies see everything that happened, each event twice, until nothing more comes of it. */
export function settle(world: World): void {
  for (let rounds = 0; world.pending.length > 0; rounds++) {
    if (rounds > 1_000) throw new Error('The policies do not come to rest')
    const told = world.pending.shift()!
    react(world, told)
    react(world, told)
  }
}

function react(world: World, { stream, event, revision, id }: Told): void {
  const caseId = IDS[stream]!
  const toLead = (lead: string, given: Omit<Given, 'actor'>) =>
    give(world, IDS.indexOf(lead), { ...given, actor: policy })
  switch (event.type) {
    case 'CaseJoined': {
      const { lead, at: joinedAt, barred } = event.data
      const body = { follower: caseId, through: lead, joinEventId: id, revision, joinedAt, barred }
      return void toLead(lead, { name: 'RecordFollower', body })
    }
    case 'CaseSeparated': {
      const body = { follower: caseId, leaveEventId: id, revision, leftAt: event.data.at }
      return void toLead(event.data.lead, { name: 'RecordFollowerLeft', body })
    }
    case 'FollowerJoined': {
      // Follows through to the last lead.
      const { following } = opened(world, stream).joining
      if (following !== null)
        toLead(following.lead, { name: 'RecordFollower', body: { ...event.data, through: event.data.through } })
      return
    }
    case 'ResponsePublished':
    case 'ResponseCorrected': {
      const { content, digest, responseId, address, publishedAt, department } = event.data
      const { kind, text, publicText, attachments, means } = content
      const correction = event.type === 'ResponseCorrected'
      const answer = {
        responseId,
        kind,
        text,
        publicText,
        attachments,
        means,
        address,
        publishedAt,
        digest,
        department,
        correction,
      }
      return answerFollowers(world, stream, { ...answer, lead: caseId })
    }
    case 'AnsweredByLead': {
      const { by: _by, answeredAt: _at, through: _through, ...answer } = event.data
      return answerFollowers(world, stream, { ...answer, correction: false })
    }
  }
}

function answerFollowers(world: World, stream: number, answer: object): void {
  const through = IDS[stream]!
  for (const [other, state] of world.cases.entries()) {
    if (state.status === 'none' || state.joining.following?.lead !== through) continue
    give(world, other, { name: 'AnswerByLead', body: { ...answer, through }, actor: policy })
  }
}

export function opened(world: World, stream: number): OpenedCase {
  const state = world.cases[stream]!
  if (state.status === 'none') throw new Error('Not opened')
  return state
}

/** The cases that a case follows, the nearest first. */
export function leadsOf(world: World, stream: number): OpenedCase[] {
  const state = world.cases[stream]!
  if (state.status === 'none' || state.joining.following === null) return []
  const lead = IDS.indexOf(state.joining.following.lead)
  return [opened(world, lead), ...leadsOf(world, lead)]
}

/** What a handler reads before it gives `JoinCase`. */
export function factsFor(world: World, lead: number) {
  return leadFactsOf(opened(world, lead), ...leadsOf(world, lead))
}
