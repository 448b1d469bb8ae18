import { caseStream, evolveCase, followersOf, initialCase } from '#domain'
import type { Case, CaseEvent, OpenedCase } from '#domain'
import type { RecordedEvent } from '#event-store'
import type { Recorded } from '../recorded.ts'
import { idOf } from '../stream-id.ts'
import type { Consequence, Policy, PolicyTools } from './policy.ts'

type Joining = Extract<CaseEvent, { type: 'CaseJoined' | 'CaseSeparated' | 'FollowerJoined' | 'FollowerLeft' }>

/**
 * The lead learns who follows it, and the case that the lead follows learns it from the lead, up to the last. Each step
 * looks at what its own stream says when it is taken, so that it does not matter which of two joins was told first.
 */
export const informLead: Policy = {
  name: 'inform-lead',
  handles: new Set(['CaseJoined', 'CaseSeparated', 'FollowerJoined', 'FollowerLeft']),
  expectedRefusals: new Set(),
  async consequences(recorded, tools) {
    const event = recorded as unknown as Recorded<Joining>
    const id = idOf(event.stream)
    const { type, data, revision } = event
    if (type === 'CaseSeparated') {
      return [left(data.lead, { follower: id, leaveEventId: event.id, revision, leftAt: data.at })]
    }
    const { state } = await readCase(tools, id)
    if (type === 'CaseJoined') {
      const own = {
        follower: id,
        through: data.lead,
        joinEventId: event.id,
        revision,
        joinedAt: data.at,
        barred: data.barred,
      }
      return [joined(data.lead, own), ...joinsOf(state).map((follower) => joined(data.lead, follower))]
    }
    const lead = state?.joining.following?.lead
    if (lead === undefined) return []
    return [type === 'FollowerJoined' ? joined(lead, data) : left(lead, data)]
  },
}

type FollowerJoined = Extract<CaseEvent, { type: 'FollowerJoined' }>['data']
type FollowerLeft = Extract<CaseEvent, { type: 'FollowerLeft' }>['data']

function joined(lead: string, data: FollowerJoined): Consequence {
  return { command: 'RecordFollower', target: lead, payload: data, about: data.follower }
}

function left(lead: string, data: FollowerLeft): Consequence {
  return { command: 'RecordFollowerLeft', target: lead, payload: data, about: data.follower }
}

/** What made those follow who follow now. */
function joinsOf(state: OpenedCase | null): FollowerJoined[] {
  if (!state) return []
  const followers = followersOf(state.joining)
  const latest = new Map<string, FollowerJoined>()
  for (const { type, data } of state.joining.toldOfFollowers) {
    if (type === 'FollowerJoined' && followers.get(data.follower)?.follows) latest.set(data.follower, data)
  }
  return [...latest.values()]
}

/** A case as its stream says it is; null where there is none. */
export async function readCase(
  tools: PolicyTools,
  id: string,
): Promise<{ state: OpenedCase | null; events: readonly RecordedEvent[] }> {
  const events = await tools.readStream(caseStream(id))
  const state = events.reduce<Case>((before, event) => evolveCase(before, event as unknown as CaseEvent), initialCase)
  return { state: state.status === 'none' ? null : state, events }
}
