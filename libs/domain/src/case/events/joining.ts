import { z } from 'zod'
import { format } from '../../kernel/events.ts'
import { countNumber, departmentId, instant, personId, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

export const BARRED_MAX = 500

/** Everyone whom a case and its followers accuse. */
export const barred = z.strictObject({
  departments: z.array(departmentId).max(BARRED_MAX),
  persons: z.array(personId).max(BARRED_MAX),
})

export const joinedItems = z
  .array(z.strictObject({ item: uuid, revision: countNumber }))
  .min(1)
  .max(500)

/** Joining shares the work, never the obligation. Storage formats. */
export const joiningEventFormats = {
  /** Consequences of `ItemAttached` and `ItemDetached`; `revision` is that event's in the item's stream. */
  ItemsJoined: format(z.strictObject({ items: joinedItems })),
  ItemsLeft: format(z.strictObject({ items: joinedItems })),
  CaseJoined: format(
    z.strictObject({
      lead: uuid,
      leadOpenedAt: instant,
      relation: v.joinRelation,
      reason: v.reason,
      /** What the lead publishes from here on answers this case too. */
      at: instant,
      /** Whom this case and its followers accuse: the lead is kept from them too. */
      barred,
    }),
  ),
  CaseSeparated: format(z.strictObject({ lead: uuid, reason: v.reason, at: instant })),
  /** Consequence of a follower's `CaseJoined`; `revision` is that event's in the follower's stream. */
  FollowerJoined: format(
    z.strictObject({
      follower: uuid,
      /** The case that it follows directly: this one, or one that follows this. */
      through: uuid,
      joinEventId: uuid,
      revision: countNumber,
      joinedAt: instant,
      barred,
    }),
  ),
  FollowerLeft: format(z.strictObject({ follower: uuid, leaveEventId: uuid, revision: countNumber, leftAt: instant })),
}
