import {
  areaOfSettingsEvent,
  defaultLimits,
  defaultOnTheSpotRule,
  defaultReminders,
  evolveSettings,
  initialSettings,
  initialSettingsState,
  settingsCommands,
  settingsEventFormats,
  settingsOf,
  settingsStream,
  validKeys,
} from '#domain'
import type { Channel, SettingsEvent } from '#domain'
import { describe, expect, test } from 'vitest'
import { contextOf, person, policy } from '../support/context.ts'
import { specification } from '../support/spec.ts'

const { given, stateAfter } = specification({
  initial: initialSettingsState,
  evolve: evolveSettings,
  formats: settingsEventFormats,
  commands: settingsCommands,
})
const administrator = contextOf({ actor: person('administrator', 'county-government') })
const reason = '机构改革'

const housing = { id: 'housing-bureau', name: '县住建局', active: true }
const departmentDefined = (department = housing): SettingsEvent => ({
  type: 'DepartmentDefined',
  data: { department, reason },
})
const repeat = <Value>(count: number, value: (at: number) => Value): Value[] =>
  Array.from({ length: count }, (_, at) => value(at))

describe('departments', () => {
  test('the administrator defines one', () => {
    given().when('DefineDepartment', { department: housing, reason }, administrator).thenEvents(departmentDefined())
  })
  test('a new store gets the shipped ones by a policy', () => {
    given()
      .when('DefineDepartment', { department: housing, reason }, contextOf({ actor: policy }))
      .thenEvents(departmentDefined())
  })
  test('the same definition twice gives nothing', () => {
    given(departmentDefined())
      .when('DefineDepartment', { department: housing, reason: null }, administrator)
      .thenNothing()
  })
  test('it can be renamed and deactivated, under the same id', () => {
    const closed = { ...housing, name: '县住建局（已撤并）', active: false }
    given(departmentDefined())
      .when('DefineDepartment', { department: closed, reason }, administrator)
      .thenEvents(departmentDefined(closed))
    expect(settingsOf(stateAfter([departmentDefined(), departmentDefined(closed)])).departments).toEqual(
      new Map([['housing-bureau', closed]]),
    )
  })
  test('a thousand are enough', () => {
    const full = repeat(1_000, (at) => departmentDefined({ ...housing, id: `department-${at}` }))
    given(...full)
      .when('DefineDepartment', { department: housing, reason }, administrator)
      .thenRefused('SETTINGS_TOO_MANY')
  })
})

describe('channels', () => {
  const hotline = { id: 'hotline-12345', name: '12345热线', kind: 'message' as const, active: true }
  const defined: SettingsEvent = { type: 'ChannelDefined', data: { channel: hotline, reason } }

  test('the administrator defines one', () => {
    given().when('DefineChannel', { channel: hotline, reason }, administrator).thenEvents(defined)
  })
  test('the same definition twice gives nothing', () => {
    given(defined).when('DefineChannel', { channel: hotline, reason }, administrator).thenNothing()
  })
  test('what its items are cannot change', () => {
    given(defined)
      .when('DefineChannel', { channel: { ...hotline, kind: 'opinion' }, reason }, administrator)
      .thenRefused('CHANNEL_KIND_FIXED')
  })
  test('it can be deactivated', () => {
    const closed = { ...hotline, active: false }
    given(defined)
      .when('DefineChannel', { channel: closed, reason }, administrator)
      .thenEvents({ type: 'ChannelDefined', data: { channel: closed, reason } })
  })
})

describe('norms', () => {
  const norm = {
    id: 'message-final',
    version: 1,
    title: '留言答复',
    appliesTo: { kinds: ['message' as const] },
    purpose: 'final-answer' as const,
    within: { amount: 7, unit: 'working-days' as const },
    startsAt: 'received' as const,
    endsAt: 'midnight' as const,
    extension: null,
    validFrom: '2014-12-01',
    validTo: null,
    layer: 'state-council' as const,
    source: { document: '国办发〔2014〕57号', clause: '', quotation: '' },
  }
  const pack = { id: 'national', version: 1, title: '国家规定', norms: [norm] }
  const adopted: SettingsEvent = { type: 'NormPackAdopted', data: { pack, reason } }
  const stricter = {
    ...norm,
    version: 2,
    within: { amount: 5, unit: 'working-days' as const },
    validFrom: '2026-01-01',
  }

  test('a pack is adopted whole', () => {
    given().when('AdoptNormPack', { pack, reason }, administrator).thenEvents(adopted)
  })
  test('the same pack twice gives nothing', () => {
    given(adopted).when('AdoptNormPack', { pack, reason }, administrator).thenNothing()
  })
  test('a changed pack needs a newer version', () => {
    given(adopted)
      .when('AdoptNormPack', { pack: { ...pack, title: '改名' }, reason }, administrator)
      .thenRefused('VERSION_NOT_NEWER')
  })
  test('a newer version of a norm stands beside the earlier one, which still judges what started before', () => {
    const next = { ...pack, version: 2, norms: [norm, stricter] }
    given(adopted)
      .when('AdoptNormPack', { pack: next, reason }, administrator)
      .thenEvents({ type: 'NormPackAdopted', data: { pack: next, reason } })
    const state = stateAfter([adopted, { type: 'NormPackAdopted', data: { pack: next, reason } }])
    expect(settingsOf(state).norms).toEqual([norm, stricter])
  })
  test('no county pack loosens what the State Council set', () => {
    const looser = { ...norm, version: 2, within: { amount: 30, unit: 'working-days' as const } }
    given(adopted)
      .when('AdoptNormPack', { pack: { ...pack, id: 'county', norms: [looser] }, reason }, administrator)
      .thenRefused('NORM_LOOSENS_STATUTE')
  })
  test('a pack too long for one append is refused', () => {
    const source = { document: '文件', clause: '', quotation: '引'.repeat(1_000) }
    const norms = repeat(200, (at) => ({ ...norm, id: `norm-${at}`, source }))
    given()
      .when('AdoptNormPack', { pack: { ...pack, norms }, reason }, administrator)
      .thenRefused('NORM_PACK_INVALID')
  })
  test('a pack that contradicts itself is refused', () => {
    const reversed = { ...norm, id: 'other', validFrom: '2026-01-01', validTo: '2025-01-01' }
    given()
      .when('AdoptNormPack', { pack: { ...pack, norms: [reversed] }, reason }, administrator)
      .thenRefused('NORM_PACK_INVALID')
  })
})

describe('calendars', () => {
  const notice = {
    year: 2026,
    source: '国务院办公厅关于2026年部分节假日安排的通知',
    days: [
      { date: '2026-01-01', name: '元旦', off: true },
      { date: '2026-01-04', name: '元旦', off: false },
    ],
  }
  const announced = (year = 2026): SettingsEvent => ({
    type: 'HolidaysAnnounced',
    data: { notice: year === 2026 ? notice : { ...notice, year }, reason },
  })

  test('a new year’s notice arrives without a release', () => {
    given().when('AnnounceHolidays', { notice, reason }, administrator).thenEvents(announced())
    expect(settingsOf(stateAfter([announced()])).calendar.version).not.toBe(initialSettings.calendar.version)
  })
  test('the same notice twice gives nothing', () => {
    given(announced()).when('AnnounceHolidays', { notice, reason }, administrator).thenNothing()
  })
  test('a later paper for the same year amends it', () => {
    const amended = { ...notice, source: '补充通知', days: [{ date: '2026-01-05', name: '元旦', off: true }] }
    given(announced())
      .when('AnnounceHolidays', { notice: amended, reason }, administrator)
      .thenEvents({ type: 'HolidaysAnnounced', data: { notice: amended, reason } })
  })
  test('a day far from the notice’s year is a slip', () => {
    const slip = { ...notice, days: [{ date: '2062-01-01', name: '元旦', off: true }] }
    given().when('AnnounceHolidays', { notice: slip, reason }, administrator).thenRefused('NOTICE_DAY_OUTSIDE_YEAR')
  })
})

describe('approval policies', () => {
  const standard = {
    id: 'standard',
    version: 1,
    title: '一般答复',
    appliesTo: { caseKinds: ['message' as const] },
    levels: ['department-reviewer' as const, 'signer' as const],
  }
  const defined: SettingsEvent = { type: 'ApprovalPolicyDefined', data: { policy: standard, reason } }

  test('say who approves what, in order', () => {
    given().when('DefineApprovalPolicy', { policy: standard, reason }, administrator).thenEvents(defined)
  })
  test('the same policy twice gives nothing', () => {
    given(defined).when('DefineApprovalPolicy', { policy: standard, reason }, administrator).thenNothing()
  })
  test('a change takes a newer version, so that what was submitted under the old one keeps it', () => {
    const changed = { ...standard, levels: ['signer' as const] }
    given(defined)
      .when('DefineApprovalPolicy', { policy: changed, reason }, administrator)
      .thenRefused('VERSION_NOT_NEWER')
    const newer = { ...changed, version: 2 }
    given(defined)
      .when('DefineApprovalPolicy', { policy: newer, reason }, administrator)
      .thenEvents({ type: 'ApprovalPolicyDefined', data: { policy: newer, reason } })
  })
  test('auditors and administrators approve nothing', () => {
    given()
      .when('DefineApprovalPolicy', { policy: { ...standard, levels: ['auditor'] }, reason }, administrator)
      .thenRefused('APPROVAL_LEVEL_ROLE')
  })
})

describe('limits and publication hosts', () => {
  const limits = { ...defaultLimits, handBacks: 1 }
  const hosts = ['www.fuliang.gov.cn']

  test('limits are set as a whole', () => {
    given()
      .when('SetLimits', { limits, reason }, administrator)
      .thenEvents({ type: 'LimitsSet', data: { limits, reason } })
  })
  test('what holds already gives nothing', () => {
    given().when('SetLimits', { limits: defaultLimits, reason }, administrator).thenNothing()
    given().when('SetPublicationHosts', { hosts: [], reason }, administrator).thenNothing()
  })
  test('reminders are set as a whole, at a time of day', () => {
    const reminders = { ...defaultReminders, dailyAt: '07:45' }
    const set: SettingsEvent = { type: 'RemindersSet', data: { reminders, reason } }
    given().when('SetReminders', { reminders, reason }, administrator).thenEvents(set)
    given(set).when('SetReminders', { reminders, reason }, administrator).thenNothing()
    given().when('SetReminders', { reminders: defaultReminders, reason }, administrator).thenNothing()
    expect(settingsOf(stateAfter([set])).reminders).toEqual(reminders)
    for (const dailyAt of ['7:45', '24:00', '08:60', '08:30:00', '']) {
      const { schema } = settingsCommands.SetReminders
      expect(schema.safeParse({ reminders: { ...reminders, dailyAt }, reason }).success, dailyAt).toBe(false)
    }
  })
  test('the county says where it publishes', () => {
    const set: SettingsEvent = { type: 'PublicationHostsSet', data: { hosts, reason } }
    given().when('SetPublicationHosts', { hosts, reason }, administrator).thenEvents(set)
    expect(settingsOf(stateAfter([set])).publicationHosts).toEqual(hosts)
  })
  test('a host is a name, not an address', () => {
    const { schema } = settingsCommands.SetPublicationHosts
    for (const host of ['https://www.fuliang.gov.cn', 'WWW.fuliang.gov.cn', 'localhost', 'a..cn', 'a.cn:80']) {
      expect(schema.safeParse({ hosts: [host], reason }).success, host).toBe(false)
    }
  })
})

describe('keys of a channel', () => {
  const NOW = '2026-03-02T06:00:00.000Z'
  const LATER = '2026-04-01T00:00:00.000Z'
  const channel = { id: 'governor-suggestions', name: '我向省长建言', kind: 'message' as const, active: true }
  const settings = { ...initialSettings, channels: new Map([[channel.id, channel]]) }
  const as = (commandId: string, now = NOW) =>
    contextOf({ actor: person('administrator', 'county-government'), settings, commandId, now })
  const issue = { channelId: channel.id, validFrom: null, validUntil: null, reason: '省平台对接' }
  const keyOf = (commandId: string) => as(commandId).derive('channel-key')
  const issued = (commandId: string, rest: { validFrom?: string; validUntil?: string } = {}): SettingsEvent => ({
    type: 'ChannelKeyIssued',
    data: {
      key: { channelId: channel.id, keyId: keyOf(commandId), validFrom: NOW, validUntil: null, ...rest },
      reason: '省平台对接',
    },
  })
  const revoked = (commandId: string): SettingsEvent => ({
    type: 'ChannelKeyRevoked',
    data: { channelId: channel.id, keyId: keyOf(commandId), revokedAt: NOW, reason: null },
  })
  const revoke = (commandId: string) => ({ channelId: channel.id, keyId: keyOf(commandId), reason: null })

  test('are issued under an id that the command gives them, and hold no secret', () => {
    given().when('IssueChannelKey', issue, as('first')).thenEvents(issued('first'))
  })
  test('the same command twice makes one', () => {
    given(issued('first')).when('IssueChannelKey', issue, as('first')).thenNothing()
  })
  test('three are taken at once; one that is revoked or has ended makes room', () => {
    given(issued('first'), issued('second')).when('IssueChannelKey', issue, as('third')).thenEvents(issued('third'))
    const three = [issued('first'), issued('second'), issued('third', { validUntil: LATER })]
    given(...three)
      .when('IssueChannelKey', issue, as('fourth'))
      .thenRefused('CHANNEL_KEYS_FULL')
    given(...three, revoked('first'))
      .when('IssueChannelKey', issue, as('fourth'))
      .thenEvents(issued('fourth'))
    const after = '2026-04-01T00:00:00.001Z'
    given(...three)
      .when('IssueChannelKey', issue, as('fourth', after))
      .thenEvents(issued('fourth', { validFrom: after }))
  })
  test('must be valid at some time to come', () => {
    for (const [validFrom, validUntil] of [
      [null, NOW],
      [LATER, LATER],
      ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ] as const) {
      given()
        .when('IssueChannelKey', { ...issue, validFrom, validUntil }, as('first'))
        .thenRefused('CHANNEL_KEY_NEVER_VALID')
    }
  })
  test('the channel must be known', () => {
    given()
      .when('IssueChannelKey', { ...issue, channelId: 'nowhere' }, as('first'))
      .thenRefused('UNKNOWN_CHANNEL')
  })
  test('are revoked for good, once', () => {
    given(issued('first')).when('RevokeChannelKey', revoke('first'), as('any')).thenEvents(revoked('first'))
    given(issued('first'), revoked('first')).when('RevokeChannelKey', revoke('first'), as('any')).thenNothing()
    given(issued('first')).when('RevokeChannelKey', revoke('second'), as('any')).thenRefused('UNKNOWN_CHANNEL_KEY')
  })
  test('sign from their first moment to their last, both included', () => {
    const { channelKeys } = settingsOf(
      stateAfter([issued('first', { validFrom: NOW, validUntil: LATER }), issued('second'), revoked('second')]),
    )
    const validAt = (now: string) => validKeys(channelKeys.get(channel.id)!, now).map(({ keyId }) => keyId)
    expect(validAt('2026-03-02T05:59:59.999Z')).toEqual([])
    expect(validAt(NOW)).toEqual([keyOf('first')])
    expect(validAt(LATER)).toEqual([keyOf('first')])
    expect(validAt('2026-04-01T00:00:00.001Z')).toEqual([])
  })
  test('are only for administrators to make and revoke', () => {
    expect(settingsCommands.IssueChannelKey.by).toEqual(['administrator'])
    expect(settingsCommands.RevokeChannelKey.by).toEqual(['administrator'])
  })
})

describe('feeds', () => {
  const channelOf = (id: string, kind: Channel['kind']): [string, Channel] => [id, { id, name: id, kind, active: true }]
  const channels = new Map([
    channelOf('opinion', 'opinion'),
    channelOf('other', 'opinion'),
    channelOf('message', 'message'),
  ])
  const context = contextOf({
    actor: person('administrator', 'county-government'),
    settings: { ...initialSettings, channels },
  })
  const feed = {
    id: 'county-forum',
    channelId: 'opinion',
    address: 'https://bbs.example.cn/rss.xml',
    everyMinutes: 15,
    active: true,
  }
  const defined: SettingsEvent = { type: 'FeedDefined', data: { feed, reason } }

  test('are defined for an opinion channel, and changed', () => {
    given().when('DefineFeed', { feed, reason }, context).thenEvents(defined)
    given(defined).when('DefineFeed', { feed, reason }, context).thenNothing()
    const stopped = { ...feed, active: false }
    given(defined)
      .when('DefineFeed', { feed: stopped, reason }, context)
      .thenEvents({ type: 'FeedDefined', data: { feed: stopped, reason } })
  })
  test('bring no messages, since no asker waits for a feed', () => {
    given()
      .when('DefineFeed', { feed: { ...feed, channelId: 'message' }, reason }, context)
      .thenRefused('FEED_OF_MESSAGES')
    given()
      .when('DefineFeed', { feed: { ...feed, channelId: 'nowhere' }, reason }, context)
      .thenRefused('UNKNOWN_CHANNEL')
  })
  test('keep their channel', () => {
    given(defined)
      .when('DefineFeed', { feed: { ...feed, channelId: 'other' }, reason }, context)
      .thenRefused('FEED_CHANNEL_FIXED')
  })
  test('have an address without a password', () => {
    given()
      .when('DefineFeed', { feed: { ...feed, address: 'https://me:secret@bbs.example.cn/rss' }, reason }, context)
      .thenRefused('FEED_ADDRESS_HAS_PASSWORD')
    const { schema } = settingsCommands.DefineFeed
    for (const address of ['ftp://a.cn/x', 'javascript:alert(1)', 'bbs.example.cn', '']) {
      expect(schema.safeParse({ feed: { ...feed, address }, reason }).success, address).toBe(false)
    }
  })
  test('two hundred are enough', () => {
    const full = repeat(200, (at): SettingsEvent => ({
      type: 'FeedDefined',
      data: { feed: { ...feed, id: `feed-${at}` }, reason },
    }))
    given(...full)
      .when('DefineFeed', { feed, reason }, context)
      .thenRefused('SETTINGS_TOO_MANY')
  })
})

describe('who may answer on the spot', () => {
  const rule = { version: 2, roles: ['monitor' as const], means: ['phone' as const] }

  test('is set in a newer version, so that an answer names what it rests on', () => {
    given()
      .when('SetOnTheSpotRule', { rule, reason }, administrator)
      .thenEvents({ type: 'OnTheSpotRuleSet', data: { rule, reason } })
    given()
      .when('SetOnTheSpotRule', { rule: { ...rule, version: 1 }, reason }, administrator)
      .thenRefused('VERSION_NOT_NEWER')
  })
  test('the same rule twice gives nothing', () => {
    given().when('SetOnTheSpotRule', { rule: defaultOnTheSpotRule, reason }, administrator).thenNothing()
  })
})

test('every settings event belongs to the stream of one area', () => {
  expect(Object.keys(areaOfSettingsEvent).toSorted()).toEqual(Object.keys(settingsEventFormats).toSorted())
  expect(settingsStream('norms')).toBe('settings-norms')
})
