import type { EventsOf } from '../../kernel/events.ts'
import type { joiningEventFormats } from '../events/joining.ts'
import type { Accused } from '../values.ts'

type JoiningEvent = EventsOf<typeof joiningEventFormats>
type FollowerEvent = Extract<JoiningEvent, { type: 'FollowerJoined' | 'FollowerLeft' }>
type ItemsEvent = Extract<JoiningEvent, { type: 'ItemsJoined' | 'ItemsLeft' }>

/**
 * What was told of followers and items is kept as it was told, so that replaying a flood of them stays linear; the maps are
 * made when a decision asks.
 */
export interface Joining {
  /** The case whose work this one shares; null: it is worked on here. */
  following: { lead: string; leadOpenedAt: string; since: string } | null
  /** Consequences: never read as the truth of what follows, only as a reason for more caution. */
  toldOfFollowers: readonly FollowerEvent[]
  /** Consequences of the items' own streams. */
  toldOfItems: readonly ItemsEvent[]
}

export interface Follower {
  /** Of the follower's stream: what is older than it is a late delivery. */
  revision: number
  follows: boolean
  through: string
  barred: Accused
}

export const initialJoining: Joining = { following: null, toldOfFollowers: [], toldOfItems: [] }

export function evolveJoining(state: Joining, event: JoiningEvent): Joining {
  switch (event.type) {
    case 'CaseJoined': {
      const { lead, leadOpenedAt, at } = event.data
      return { ...state, following: { lead, leadOpenedAt, since: at } }
    }
    case 'CaseSeparated':
      return { ...state, following: null }
    case 'FollowerJoined':
    case 'FollowerLeft':
      return { ...state, toldOfFollowers: [...state.toldOfFollowers, event] }
    case 'ItemsJoined':
    case 'ItemsLeft':
      return { ...state, toldOfItems: [...state.toldOfItems, event] }
  }
}

/** Every case that ever followed, by id, and whether it does. */
export function followersOf({ toldOfFollowers }: Joining): ReadonlyMap<string, Follower> {
  const followers = new Map<string, Follower>()
  for (const { type, data } of toldOfFollowers) {
    if (type === 'FollowerJoined') {
      const { follower, revision, through, barred } = data
      followers.set(follower, { revision, follows: true, through, barred })
    } else {
      leave(followers, data.follower, data.revision)
    }
  }
  return followers
}

/** Who leaves takes along those who follow through it. */
function leave(followers: Map<string, Follower>, id: string, revision: number): void {
  const left = followers.get(id)
  if (left === undefined) return
  followers.set(id, { ...left, revision, follows: false })
  const leaving = [id]
  for (let through = leaving.pop(); through !== undefined; through = leaving.pop()) {
    for (const [each, follower] of followers) {
      if (follower.through !== through || !follower.follows) continue
      followers.set(each, { ...follower, follows: false })
      leaving.push(each)
    }
  }
}

/** The last revision of each item's stream that was told here. */
export function itemRevisionsOf({ toldOfItems }: Joining): ReadonlyMap<string, number> {
  return new Map(toldOfItems.flatMap(({ data }) => data.items.map(({ item, revision }) => [item, revision] as const)))
}
