import type { EventsOf } from '../../kernel/events.ts'
import type { joiningEventFormats } from '../events/joining.ts'
import type { Accused } from '../values.ts'

export interface Follower {
  /** Of the follower's stream: what is older than it is a late delivery. */
  revision: number
  follows: boolean
  through: string
  barred: Accused
}

export interface Joining {
  /** The case whose work this one shares; null: it is worked on here. */
  following: { lead: string; leadOpenedAt: string; since: string } | null
  /** Consequences: never read as the truth of what follows, only as a reason for more caution. */
  followers: ReadonlyMap<string, Follower>
  /** Consequences of the items' own streams. */
  items: ReadonlyMap<string, { revision: number; joined: boolean }>
}

export const initialJoining: Joining = { following: null, followers: new Map(), items: new Map() }

export function evolveJoining(state: Joining, event: EventsOf<typeof joiningEventFormats>): Joining {
  switch (event.type) {
    case 'CaseJoined': {
      const { lead, leadOpenedAt, at } = event.data
      return { ...state, following: { lead, leadOpenedAt, since: at } }
    }
    case 'CaseSeparated':
      return { ...state, following: null }
    case 'FollowerJoined': {
      const { follower, revision, through, barred } = event.data
      return {
        ...state,
        followers: new Map(state.followers).set(follower, { revision, follows: true, through, barred }),
      }
    }
    case 'FollowerLeft':
      return { ...state, followers: without(state.followers, event.data.follower, event.data.revision) }
    case 'ItemsJoined':
    case 'ItemsLeft': {
      const items = new Map(state.items)
      for (const { item, revision } of event.data.items) {
        items.set(item, { revision, joined: event.type === 'ItemsJoined' })
      }
      return { ...state, items }
    }
  }
}

/** Who leaves takes along those who follow through it. */
function without(
  followers: ReadonlyMap<string, Follower>,
  id: string,
  revision: number,
): ReadonlyMap<string, Follower> {
  const rest = new Map(followers)
  const left = rest.get(id)
  if (left === undefined) return followers
  rest.set(id, { ...left, revision, follows: false })
  const leaving = [id]
  for (let through = leaving.pop(); through !== undefined; through = leaving.pop()) {
    for (const [each, follower] of rest) {
      if (follower.through !== through || !follower.follows) continue
      rest.set(each, { ...follower, follows: false })
      leaving.push(each)
    }
  }
  return rest
}
