import { holidayNotice, normPack } from '#calendar'
import type { Calendar, Norm } from '#calendar'
import { z } from 'zod'
import { role } from '../kernel/actor.ts'
import { channelId, countNumber, departmentId, instant, line, slug, uuid } from '../kernel/values.ts'

/** What a county sets. These shapes are stored in settings events: storage formats. */

export const department = z.strictObject({
  id: departmentId,
  name: line(100),
  /** Whether it may still be routed to. */
  active: z.boolean(),
})
export type Department = z.infer<typeof department>

export const channel = z.strictObject({
  id: channelId,
  name: line(100),
  /** What its items are, unless the item says. */
  kind: z.enum(['message', 'opinion']),
  active: z.boolean(),
})
export type Channel = z.infer<typeof channel>

/** Who must approve a response, in order, before it may be published. */
export const approvalPolicy = z.strictObject({
  id: slug,
  version: z.number().int().min(1),
  title: line(100),
  /** Every key given must match; the policy with the most keys that match rules, then the later one in the list. */
  appliesTo: z.strictObject({
    caseKinds: z.array(z.enum(['message', 'opinion'])).optional(),
    caseTypes: z.array(slug).optional(),
    responseKinds: z.array(slug).optional(),
    sensitive: z.boolean().optional(),
  }),
  /** One role a level; level 1 is the first. */
  levels: z.array(role).min(1).max(6),
})
export type ApprovalPolicy = z.infer<typeof approvalPolicy>

export const limits = z.strictObject({
  /** After so many granted hand-backs only a jurisdiction decision routes the case. */
  handBacks: countNumber.max(100),
  /** Passed rechecks after which an ongoing promise becomes routine. */
  recheckPassesForRoutine: countNumber.max(100),
  /** Days without progress after which a promise counts as stalled. */
  stalledAfterDays: countNumber.max(3_650),
  /** Days from settling to the recheck. */
  recheckAfterDays: countNumber.max(3_650),
})
export type Limits = z.infer<typeof limits>

/** When the clock speaks of its own accord. */
export const reminders = z.strictObject({
  /** Working days before the due day on which a deadline counted in days is warned of; 0: on the day itself. */
  warnWorkingDaysBefore: countNumber.max(30),
  /** Hours before it is due that a deadline counted in hours is warned of. */
  warnHoursBefore: countNumber.min(1).max(240),
  /** Days before its date from which a promise stands on the daily list. */
  promiseDaysBefore: countNumber.max(366),
  /** Time of a working day, `08:30` in Shanghai, at which lists are drawn, and people warned and reminded by day. */
  dailyAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
})
export type Reminders = z.infer<typeof reminders>

/**
 * A key with which a channel's platform signs what it sends. The secret itself is in no event: whoever holds the store's
 * own secret derives it from the channel and this id.
 */
export const channelKey = z.strictObject({
  channelId,
  keyId: uuid,
  validFrom: instant,
  /** The last moment at which it is taken; null: until it is revoked. */
  validUntil: instant.nullable(),
})
export type ChannelKey = z.infer<typeof channelKey> & { revoked: boolean }

/** A feed (RSS, Atom) that is looked at every so often; its entries are items of an opinion channel. */
export const feed = z.strictObject({
  id: slug.max(40),
  channelId,
  address: z.url({ protocol: /^https?$/ }).max(1_000),
  everyMinutes: z.number().int().min(5).max(1_440),
  active: z.boolean(),
})
export type Feed = z.infer<typeof feed>

/** 即时办结: who may answer a simple question at the window or by phone at once, and thereby complete it. */
export const onTheSpotRule = z.strictObject({
  /** Counts up; an answer given so names the version that it rests on. */
  version: z.number().int().min(1),
  /** None: nobody. */
  roles: z.array(z.enum(['monitor', 'officer', 'department-reviewer', 'coordinator'])).max(4),
  means: z.array(z.enum(['in-person', 'phone'])).max(2),
})
export type OnTheSpotRule = z.infer<typeof onTheSpotRule>

export { holidayNotice, normPack }

/** Everything a decision may need of the settings, as data. */
export interface Settings {
  departments: ReadonlyMap<string, Department>
  channels: ReadonlyMap<string, Channel>
  norms: readonly Norm[]
  calendar: Calendar
  approvalPolicies: readonly ApprovalPolicy[]
  limits: Limits
  reminders: Reminders
  /** Hosts where this county publishes; a reported page elsewhere is on the wrong site. */
  publicationHosts: readonly string[]
  /** By channel, in the order they were issued, revoked ones among them. */
  channelKeys: ReadonlyMap<string, readonly ChannelKey[]>
  /** By id. */
  feeds: ReadonlyMap<string, Feed>
  onTheSpot: OnTheSpotRule
}
