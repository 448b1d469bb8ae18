import { checkNormPack } from '#calendar'
import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../kernel/command.ts'
import { accept, nothing, refuse } from '../kernel/decision.ts'
import type { Decision } from '../kernel/decision.ts'
import { same } from '../kernel/same.ts'
import { withinStream } from '../kernel/stream-bound.ts'
import { channelId, instant, line, uuid } from '../kernel/values.ts'
import { publicationHosts } from './events.ts'
import type { SettingsArea, SettingsEvent } from './events.ts'
import {
  approvalPolicy,
  channel,
  department,
  feed,
  holidayNotice,
  limits,
  normPack,
  onTheSpotRule,
  reminders,
} from './model.ts'
import type { ChannelKey } from './model.ts'
import type { SettingsState } from './state.ts'

const DEPARTMENTS_MAX = 1_000
const CHANNELS_MAX = 200
const NORMS_MAX = 2_000
/** Of a pack's JSON: at three bytes a character still below an append's 512 KiB. */
const NORM_PACK_CHARACTERS_MAX = 150_000
/** A calendar is built from at most 500 notices. */
const NOTICES_MAX = 500
const POLICIES_MAX = 200
const FEEDS_MAX = 200
/** Enough to change one for another with both taken meanwhile, and one to spare. */
export const CHANNEL_KEYS_MAX = 3

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
  decide: (command: z.infer<Schema>, state: SettingsState, context: CommandContext) => Decision<SettingsEvent>,
  by: SettingsCommand<Schema>['by'] = ['administrator', 'policy'],
): SettingsCommand<Schema> {
  return {
    area,
    schema,
    // The shipped defaults are set by a policy when a store is new.
    by,
    decide: (command, state, context) => withinStream(state.events, context.actor, decide(command, state, context)),
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

const issueChannelKeySchema = z.strictObject({
  channelId,
  /** Null: from now on. */
  validFrom: instant.nullable(),
  /** Null: until it is revoked. */
  validUntil: instant.nullable(),
  reason,
})

/** Makes a channel another key to sign with. At most three that are not spent, so that every delivery is checked soon. */
const issueChannelKey = setting(
  'channel-keys',
  issueChannelKeySchema,
  ({ reason, ...command }, state, context) => {
    const keyId = context.derive('channel-key')
    const known = state.channelKeys.get(command.channelId) ?? []
    if (known.some((key) => key.keyId === keyId)) return nothing()
    if (context.settings.channels.get(command.channelId)?.active !== true) {
      return refuse('UNKNOWN_CHANNEL', command.channelId)
    }
    const validFrom = command.validFrom ?? context.now
    const { validUntil } = command
    if (validUntil !== null && (validUntil <= validFrom || validUntil <= context.now)) {
      return refuse('CHANNEL_KEY_NEVER_VALID')
    }
    if (known.filter((key) => !isSpent(key, context.now)).length >= CHANNEL_KEYS_MAX) return refuse('CHANNEL_KEYS_FULL')
    const key = { channelId: command.channelId, keyId, validFrom, validUntil }
    return accept({ type: 'ChannelKeyIssued', data: { key, reason } })
  },
  ['administrator'],
)

const revokeChannelKeySchema = z.strictObject({ channelId, keyId: uuid, reason })

/** From now on nothing signed with it is taken. It cannot be made valid again. */
const revokeChannelKey = setting(
  'channel-keys',
  revokeChannelKeySchema,
  (command, state, { now: revokedAt }) => {
    const key = state.channelKeys.get(command.channelId)?.find(({ keyId }) => keyId === command.keyId)
    if (key === undefined) return refuse('UNKNOWN_CHANNEL_KEY', command.keyId)
    return key.revoked ? nothing() : accept({ type: 'ChannelKeyRevoked', data: { ...command, revokedAt } })
  },
  ['administrator'],
)

/** Whether a key is neither taken now nor ever will be. */
function isSpent({ revoked, validUntil }: ChannelKey, now: string): boolean {
  return revoked || (validUntil !== null && validUntil < now)
}

/** The keys of a channel that sign at this moment. */
export function validKeys(keys: readonly ChannelKey[], now: string): ChannelKey[] {
  return keys.filter((key) => !isSpent(key, now) && key.validFrom <= now)
}

/** Defines a feed, changes how often it is looked at, or stops that. Its channel stays, since its items are of that. */
const defineFeed = setting('feeds', z.strictObject({ feed, reason }), (command, state, { settings }) => {
  const { id, channelId } = command.feed
  const known = state.feeds.get(id)
  if (known !== undefined && same(known, command.feed)) return nothing()
  if (known === undefined && state.feeds.size >= FEEDS_MAX) return refuse('SETTINGS_TOO_MANY')
  if (known !== undefined && known.channelId !== channelId) return refuse('FEED_CHANNEL_FIXED', known.channelId)
  const channel = settings.channels.get(channelId)
  if (channel === undefined) return refuse('UNKNOWN_CHANNEL', channelId)
  if (channel.kind !== 'opinion') return refuse('FEED_OF_MESSAGES', channelId)
  if (/^https?:\/\/[^/?#]*@/i.test(command.feed.address)) return refuse('FEED_ADDRESS_HAS_PASSWORD')
  return accept({ type: 'FeedDefined', data: command })
})

/** Who may answer on the spot; answers given keep the version that they rest on. */
const setOnTheSpotRule = setting('on-the-spot', z.strictObject({ rule: onTheSpotRule, reason }), (command, state) => {
  const { onTheSpot } = state
  if (same(onTheSpot, command.rule)) return nothing()
  if (command.rule.version <= onTheSpot.version) return refuse('VERSION_NOT_NEWER', `version ${onTheSpot.version}`)
  return accept({ type: 'OnTheSpotRuleSet', data: command })
})

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
  IssueChannelKey: issueChannelKey,
  RevokeChannelKey: revokeChannelKey,
  DefineFeed: defineFeed,
  SetOnTheSpotRule: setOnTheSpotRule,
}
