import type { Actor } from './actor.ts'
import { refuse } from './decision.ts'
import type { Decision } from './decision.ts'

/** A stream that people drive stays under 5,000 events (DOMAIN §2); the last of them are kept for what must follow. */
const PEOPLE_EVENTS_MAX = 4_500
const POLICY_EVENTS_MAX = 4_990

/** The decision, unless its events would fill the stream. `events`: how many the stream holds. */
export function withinStream<Event>(events: number, actor: Actor, decision: Decision<Event>): Decision<Event> {
  if (decision.outcome !== 'accepted') return decision
  const max = 'policy' in actor ? POLICY_EVENTS_MAX : PEOPLE_EVENTS_MAX
  return events + decision.events.length > max ? refuse('STREAM_NEARLY_FULL', `${events} events`) : decision
}
