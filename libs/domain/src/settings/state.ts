import { buildCalendar } from '#calendar'
import type { HolidayNotice, Norm, NormPack } from '#calendar'
import type { SettingsEvent } from './events.ts'
import type { ApprovalPolicy, Channel, Department, Limits, Reminders, Settings } from './model.ts'

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
  }
}

export const initialSettings: Settings = settingsOf(initialSettingsState)

function isVersion(known: Norm, norm: Norm): boolean {
  return known.id === norm.id && known.version === norm.version
}

function put<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value)
}
