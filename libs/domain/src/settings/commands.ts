import { checkNormPack } from '#calendar'
import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../kernel/command.ts'
import { accept, nothing, refuse } from '../kernel/decision.ts'
import type { Decision } from '../kernel/decision.ts'
import { same } from '../kernel/same.ts'
import { withinStream } from '../kernel/stream-bound.ts'
import { line } from '../kernel/values.ts'
import { publicationHosts } from './events.ts'
import type { SettingsArea, SettingsEvent } from './events.ts'
import { approvalPolicy, channel, department, holidayNotice, limits, normPack, reminders } from './model.ts'
import type { SettingsState } from './state.ts'

const DEPARTMENTS_MAX = 1_000
const CHANNELS_MAX = 200
const NORMS_MAX = 2_000
/** Of a pack's JSON: at three bytes a character still below an append's 512 KiB. */
const NORM_PACK_CHARACTERS_MAX = 150_000
/** A calendar is built from at most 500 notices. */
const NOTICES_MAX = 500
const POLICIES_MAX = 200

/** A settings command also says on which area's stream it is decided. */
export interface SettingsCommand<Schema extends z.ZodType> extends CommandDefinition<
  Schema,
  SettingsState,
  SettingsEvent,
  CommandContext
> {
  area: SettingsArea
}

const reason = line(500).nullable()

function setting<Schema extends z.ZodType>(
  area: SettingsArea,
  schema: Schema,
  decide: (command: z.infer<Schema>, state: SettingsState) => Decision<SettingsEvent>,
): SettingsCommand<Schema> {
  return {
    area,
    schema,
    // The shipped defaults are set by a policy when a store is new.
    by: ['administrator', 'policy'],
    decide: (command, state, context) => withinStream(state.events, context.actor, decide(command, state)),
  }
}

/** Defines a department or changes its name, or deactivates it. Its id stays. */
const defineDepartment = setting('departments', z.strictObject({ department, reason }), (command, state) => {
  const known = state.departments.get(command.department.id)
  if (known !== undefined && same(known, command.department)) return nothing()
  if (known === undefined && state.departments.size >= DEPARTMENTS_MAX) return refuse('SETTINGS_TOO_MANY')
  return accept({ type: 'DepartmentDefined', data: command })
})

/** Defines a channel or changes its name, or deactivates it. Its id and the kind of its items stay. */
const defineChannel = setting('channels', z.strictObject({ channel, reason }), (command, state) => {
  const known = state.channels.get(command.channel.id)
  if (known !== undefined && same(known, command.channel)) return nothing()
  if (known === undefined && state.channels.size >= CHANNELS_MAX) return refuse('SETTINGS_TOO_MANY')
  if (known !== undefined && known.kind !== command.channel.kind) return refuse('CHANNEL_KIND_FIXED', known.kind)
  return accept({ type: 'ChannelDefined', data: command })
})

/** Adopts a pack of norms: it adds norms and newer versions of norms. Every version stays beside its successors. */
const adoptNormPack = setting('norms', z.strictObject({ pack: normPack, reason }), (command, state) => {
  const known = state.packs.get(command.pack.id)
  if (known !== undefined && same(known, command.pack)) return nothing()
  if (known !== undefined && command.pack.version <= known.version) {
    return refuse('VERSION_NOT_NEWER', `version ${known.version}`)
  }
  if (state.norms.length + command.pack.norms.length > NORMS_MAX) return refuse('SETTINGS_TOO_MANY')
  if (JSON.stringify(command.pack).length > NORM_PACK_CHARACTERS_MAX) {
    return refuse('NORM_PACK_INVALID', `more than ${NORM_PACK_CHARACTERS_MAX} characters; split it`)
  }
  const checked = checkNormPack(command.pack, state.norms)
  if (checked.outcome === 'refused') {
    const loosened = checked.problems.find(({ code }) => code === 'NORM_LOOSENED')
    const [first] = checked.problems
    return refuse(
      loosened === undefined ? 'NORM_PACK_INVALID' : 'NORM_LOOSENS_STATUTE',
      (loosened ?? first)?.message ?? null,
    )
  }
  return accept({ type: 'NormPackAdopted', data: command })
})

/** The State Council's notice for a year, or a later paper that amends it. */
const announceHolidays = setting('calendars', z.strictObject({ notice: holidayNotice, reason }), (command, state) => {
  const { notice } = command
  if (state.notices.some((known) => same(known, notice))) return nothing()
  if (state.notices.length >= NOTICES_MAX) return refuse('SETTINGS_TOO_MANY')
  const stray = notice.days.find(({ date }) => date < `${notice.year - 1}-12-01` || date > `${notice.year + 1}-01-31`)
  if (stray !== undefined) return refuse('NOTICE_DAY_OUTSIDE_YEAR', stray.date)
  return accept({ type: 'HolidaysAnnounced', data: command })
})

const NEVER_APPROVING = ['auditor', 'administrator', 'channel']

/** Who approves which responses. Responses under way keep the version that they were submitted under. */
const defineApprovalPolicy = setting(
  'approvals',
  z.strictObject({ policy: approvalPolicy, reason }),
  (command, state) => {
    const { policy } = command
    const known = state.approvalPolicies.get(policy.id)
    if (known !== undefined && same(known, policy)) return nothing()
    if (known === undefined && state.approvalPolicies.size >= POLICIES_MAX) return refuse('SETTINGS_TOO_MANY')
    if (known !== undefined && policy.version <= known.version)
      return refuse('VERSION_NOT_NEWER', `version ${known.version}`)
    const level = policy.levels.find((role) => NEVER_APPROVING.includes(role))
    if (level !== undefined) return refuse('APPROVAL_LEVEL_ROLE', level)
    return accept({ type: 'ApprovalPolicyDefined', data: command })
  },
)

const setLimits = setting('limits', z.strictObject({ limits, reason }), (command, state) =>
  same(state.limits, command.limits) ? nothing() : accept({ type: 'LimitsSet', data: command }),
)

/** When warnings, reminders and lists come. */
const setReminders = setting('reminders', z.strictObject({ reminders, reason }), (command, state) =>
  same(state.reminders, command.reminders) ? nothing() : accept({ type: 'RemindersSet', data: command }),
)

/** The hosts on which this county publishes; none: any site will do. */
const setPublicationHosts = setting(
  'publication',
  z.strictObject({ hosts: publicationHosts, reason }),
  (command, state) =>
    same(state.publicationHosts, command.hosts) ? nothing() : accept({ type: 'PublicationHostsSet', data: command }),
)

/** Everything that can be set. */
export const settingsCommands = {
  DefineDepartment: defineDepartment,
  DefineChannel: defineChannel,
  AdoptNormPack: adoptNormPack,
  AnnounceHolidays: announceHolidays,
  DefineApprovalPolicy: defineApprovalPolicy,
  SetLimits: setLimits,
  SetReminders: setReminders,
  SetPublicationHosts: setPublicationHosts,
}
