import { z } from 'zod'
import { format } from '../kernel/events.ts'
import type { EventsOf } from '../kernel/events.ts'
import { channelId, instant, line, sensitive, uuid } from '../kernel/values.ts'
import {
  approvalPolicy,
  channel,
  channelKey,
  department,
  feed,
  holidayNotice,
  limits,
  normPack,
  onTheSpotRule,
  reminders,
} from './model.ts'

/** Streams: `settings-{area}`. Settings are events from the first day; YAML is only their input. */
export const settingsAreas = [
  'departments',
  'channels',
  'norms',
  'calendars',
  'approvals',
  'limits',
  'reminders',
  'publication',
  'channel-keys',
  'feeds',
  'on-the-spot',
] as const
export type SettingsArea = (typeof settingsAreas)[number]
export const settingsStream = (area: SettingsArea): string => `settings-${area}`

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──

/** Why it was set; null where the setting speaks for itself or came with the system. */
const reason = sensitive(line(500)).nullable()

/** A name of a host, lower-case, without port: `www.fuliang.gov.cn`. */
export const publicationHost = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
export const publicationHosts = z.array(publicationHost).max(100)

export const settingsEventFormats = {
  DepartmentDefined: format(z.strictObject({ department, reason })),
  ChannelDefined: format(z.strictObject({ channel, reason })),
  NormPackAdopted: format(z.strictObject({ pack: normPack, reason })),
  HolidaysAnnounced: format(z.strictObject({ notice: holidayNotice, reason })),
  ApprovalPolicyDefined: format(z.strictObject({ policy: approvalPolicy, reason })),
  LimitsSet: format(z.strictObject({ limits, reason })),
  RemindersSet: format(z.strictObject({ reminders, reason })),
  PublicationHostsSet: format(z.strictObject({ hosts: publicationHosts, reason })),
  ChannelKeyIssued: format(z.strictObject({ key: channelKey, reason })),
  ChannelKeyRevoked: format(z.strictObject({ channelId, keyId: uuid, revokedAt: instant, reason })),
  FeedDefined: format(z.strictObject({ feed, reason })),
  OnTheSpotRuleSet: format(z.strictObject({ rule: onTheSpotRule, reason })),
}

export type SettingsEvent = EventsOf<typeof settingsEventFormats>

/** The stream to which each type of event belongs. */
export const areaOfSettingsEvent: Readonly<Record<SettingsEvent['type'], SettingsArea>> = {
  DepartmentDefined: 'departments',
  ChannelDefined: 'channels',
  NormPackAdopted: 'norms',
  HolidaysAnnounced: 'calendars',
  ApprovalPolicyDefined: 'approvals',
  LimitsSet: 'limits',
  RemindersSet: 'reminders',
  PublicationHostsSet: 'publication',
  ChannelKeyIssued: 'channel-keys',
  ChannelKeyRevoked: 'channel-keys',
  FeedDefined: 'feeds',
  OnTheSpotRuleSet: 'on-the-spot',
}
