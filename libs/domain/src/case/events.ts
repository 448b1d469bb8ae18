import type { EventsOf } from '../kernel/events.ts'
import { closingEventFormats } from './events/closing.ts'
import { deadlineEventFormats } from './events/deadlines.ts'
import { joiningEventFormats } from './events/joining.ts'
import { openingEventFormats } from './events/opening.ts'
import { oversightEventFormats } from './events/oversight.ts'
import { responseEventFormats } from './events/responses.ts'
import { routingEventFormats } from './events/routing.ts'

/**
 * A case 办件: one asker's message, or one opinion event, and what the county owes it. Stream: case-{id}.
 * The emergency flow of an opinion case will add event types.
 */

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──
export const caseEventFormats = {
  ...openingEventFormats,
  ...joiningEventFormats,
  ...routingEventFormats,
  ...deadlineEventFormats,
  ...responseEventFormats,
  ...closingEventFormats,
  ...oversightEventFormats,
}
export type CaseEvent = EventsOf<typeof caseEventFormats>

export const CASE_STREAM_PREFIX = 'case-'

/** The stream of the case with this id. */
export function caseStream(id: string): string {
  return `${CASE_STREAM_PREFIX}${id}`
}
