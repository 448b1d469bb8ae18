import { buildCalendar } from '#calendar'
import type { HolidayNotice, Norm, NormPack } from '#calendar'
import type { SettingsEvent } from './events.ts'
import type {
  ApprovalPolicy,
  Channel,
  ChannelKey,
  Department,
  Feed,
  Limits,
  OnTheSpotRule,
  Reminders,
  Settings,
} from './model.ts'

/**
 * What the settings streams come to. One state takes the events of all areas: fold all of them into it for
 * `settingsOf`, or the one stream of a command's area to decide that command.
 */
export interface SettingsState {
  departments: ReadonlyMap<string, Department>
  channels: ReadonlyMap<string, Channel>
  /** By id; the newest version adopted. */
  packs: ReadonlyMap<string, NormPack>
  /** Every version of every norm ever adopted: a changed norm affects only clocks that start after its date. */
  norms: readonly Norm[]
  /** In the order they were announced. */
  notices: readonly HolidayNotice[]
  approvalPolicies: ReadonlyMap<string, ApprovalPolicy>
  limits: Limits
  reminders: Reminders
  publicationHosts: readonly string[]
  channelKeys: ReadonlyMap<string, readonly ChannelKey[]>
  feeds: ReadonlyMap<string, Feed>
  onTheSpot: OnTheSpotRule
  events: number
}

/** What holds until a county sets its own. */
export const defaultLimits: Limits = {
  handBacks: 2,
  recheckPassesForRoutine: 3,
  stalledAfterDays: 30,
  recheckAfterDays: 90,
}

export const defaultReminders: Reminders = {
  warnWorkingDaysBefore: 1,
  warnHoursBefore: 2,
  promiseDaysBefore: 7,
  dailyAt: '08:30',
}

/** Likewise. */
export const defaultOnTheSpotRule: OnTheSpotRule = {
  version: 1,
  roles: ['monitor', 'officer', 'department-reviewer', 'coordinator'],
  means: ['in-person', 'phone'],
}

export const initialSettingsState: SettingsState = {
  departments: new Map(),
  channels: new Map(),
  packs: new Map(),
  norms: [],
  notices: [],
  approvalPolicies: new Map(),
  limits: defaultLimits,
  reminders: defaultReminders,
  publicationHosts: [],
  channelKeys: new Map(),
  feeds: new Map(),
  onTheSpot: defaultOnTheSpotRule,
  events: 0,
}

/** The state after an event of any area. */
export function evolveSettings(before: SettingsState, event: SettingsEvent): SettingsState {
  const state = { ...before, events: before.events + 1 }
  const { type, data } = event
  switch (type) {
    case 'DepartmentDefined':
      return { ...state, departments: put(state.departments, data.department.id, data.department) }
    case 'ChannelDefined':
      return { ...state, channels: put(state.channels, data.channel.id, data.channel) }
    case 'NormPackAdopted':
      return {
        ...state,
        packs: put(state.packs, data.pack.id, data.pack),
        norms: [
          ...state.norms,
          ...data.pack.norms.filter((norm) => !state.norms.some((known) => isVersion(known, norm))),
        ],
      }
    case 'HolidaysAnnounced':
      return { ...state, notices: [...state.notices, data.notice] }
    case 'ApprovalPolicyDefined':
      return { ...state, approvalPolicies: put(state.approvalPolicies, data.policy.id, data.policy) }
    case 'LimitsSet':
      return { ...state, limits: data.limits }
    case 'RemindersSet':
      return { ...state, reminders: data.reminders }
    case 'PublicationHostsSet':
      return { ...state, publicationHosts: data.hosts }
    case 'ChannelKeyIssued': {
      const { channelId } = data.key
      const keys = [...(state.channelKeys.get(channelId) ?? []), { ...data.key, revoked: false }]
      return { ...state, channelKeys: put(state.channelKeys, channelId, keys) }
    }
    case 'ChannelKeyRevoked': {
      const keys = state.channelKeys.get(data.channelId) ?? []
      const changed = keys.map((key) => (key.keyId === data.keyId ? { ...key, revoked: true } : key))
      return { ...state, channelKeys: put(state.channelKeys, data.channelId, changed) }
    }
    case 'FeedDefined':
      return { ...state, feeds: put(state.feeds, data.feed.id, data.feed) }
    case 'OnTheSpotRuleSet':
      return { ...state, onTheSpot: data.rule }
  }
}

/** The settings as decisions are given them. Builds the calendar anew: call it when settings changed, not per command. */
export function settingsOf(state: SettingsState): Settings {
  return {
    departments: state.departments,
    channels: state.channels,
    norms: state.norms,
    calendar: buildCalendar(state.notices),
    approvalPolicies: [...state.approvalPolicies.values()],
    limits: state.limits,
    reminders: state.reminders,
    publicationHosts: state.publicationHosts,
    channelKeys: state.channelKeys,
    feeds: state.feeds,
    onTheSpot: state.onTheSpot,
  }
}

export const initialSettings: Settings = settingsOf(initialSettingsState)

function isVersion(known: Norm, norm: Norm): boolean {
  return known.id === norm.id && known.version === norm.version
}

function put<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value)
}
