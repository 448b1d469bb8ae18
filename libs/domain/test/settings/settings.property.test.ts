import {
  defaultReminders,
  evolveSettings,
  initialSettings,
  initialSettingsState,
  settingsCommands,
  settingsEventFormats,
  settingsOf,
} from '#domain'
import type { SettingsState } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextOf, person, uuidOf } from '../support/context.ts'
import { runSequence, steps } from '../support/sequence.ts'
import type { Attempt, Draw } from '../support/sequence.ts'

const aggregate = {
  initial: initialSettingsState,
  evolve: evolveSettings,
  formats: settingsEventFormats,
  commands: settingsCommands,
}

const opinion = { id: 'opinion', name: '舆情', kind: 'opinion' as const, active: true }
const settings = { ...initialSettings, channels: new Map([[opinion.id, opinion]]) }

function next(state: SettingsState, draw: Draw, step: number): Attempt {
  const actor = person('administrator', 'county-government')
  const reason = draw.chance(50) ? null : '调整'
  const id = `id-${draw.below(3)}`
  const version = 1 + draw.below(4)
  const norm = {
    id,
    version: 1 + draw.below(3),
    title: '时限',
    appliesTo: {},
    purpose: 'final-answer',
    within: { amount: 1 + draw.below(10), unit: 'working-days' },
    startsAt: 'received',
    endsAt: 'midnight',
    extension: null,
    validFrom: '2014-12-01',
    validTo: null,
    layer: draw.pick(['state-council', 'county']),
    source: { document: '文件', clause: '', quotation: '' },
  }
  const limits = { handBacks: draw.below(3), recheckPassesForRoutine: 3, stalledAfterDays: 30, recheckAfterDays: 90 }
  const year = 2024 + draw.below(3)
  const keyId = state.channelKeys.get('opinion')?.at(-1)?.keyId ?? uuidOf('none')
  const address = draw.pick(['https://a.cn/rss', 'https://b.cn/rss'])
  const [name, body] = draw.pick<[string, unknown]>([
    ['DefineDepartment', { department: { id, name: `单位${draw.below(2)}`, active: draw.chance(70) }, reason }],
    ['DefineChannel', { channel: { id, name: '渠道', kind: draw.pick(['message', 'opinion']), active: true }, reason }],
    ['AdoptNormPack', { pack: { id: 'pack', version, title: '规则包', norms: [norm] }, reason }],
    [
      'AnnounceHolidays',
      {
        notice: {
          year,
          source: '通知',
          days: [{ date: `${year}-10-0${1 + draw.below(7)}`, name: '国庆节', off: true }],
        },
        reason,
      },
    ],
    ['DefineApprovalPolicy', { policy: { id, version, title: '签发', appliesTo: {}, levels: ['signer'] }, reason }],
    ['SetLimits', { limits, reason }],
    ['SetReminders', { reminders: { ...defaultReminders, dailyAt: `0${draw.below(10)}:30` }, reason }],
    ['IssueChannelKey', { channelId: 'opinion', validFrom: null, validUntil: null, reason }],
    ['RevokeChannelKey', { channelId: 'opinion', keyId, reason }],
    ['DefineFeed', { feed: { id, channelId: 'opinion', address, everyMinutes: 15, active: true }, reason }],
    ['SetOnTheSpotRule', { rule: { version, roles: draw.pick([[], ['monitor']]), means: ['phone'] }, reason }],
    ['SetPublicationHosts', { hosts: draw.pick([[], ['a.gov.cn'], ['a.gov.cn', 'b.gov.cn']]), reason }],
  ])
  return { name, body, context: contextOf({ actor, settings, commandId: `command-${step}` }) }
}

test('settings only ever grow newer: kinds stay, versions rise, no State Council norm gets longer', () => {
  const accepted = new Set<string>()
  fc.assert(
    fc.property(steps(20, 60), (seeds) => {
      const kinds = new Map<string, string>()
      const versions = new Map<string, number>()
      const run = runSequence(aggregate, seeds, next)
      for (const { type, data } of run.events) {
        if (type === 'ChannelDefined') {
          expect(kinds.get(data.channel.id) ?? data.channel.kind).toBe(data.channel.kind)
          kinds.set(data.channel.id, data.channel.kind)
        }
        const versioned = type === 'NormPackAdopted' ? data.pack : type === 'ApprovalPolicyDefined' ? data.policy : null
        if (versioned !== null) {
          const key = `${type} ${versioned.id}`
          expect(versioned.version).toBeGreaterThan(versions.get(key) ?? 0)
          versions.set(key, versioned.version)
        }
      }
      const { norms } = settingsOf(run.state)
      for (const norm of norms.filter(({ layer }) => layer === 'state-council')) {
        const later = norms.filter(({ id, version }) => id === norm.id && version > norm.version)
        for (const other of later) expect(other.within.amount).toBeLessThanOrEqual(norm.within.amount)
      }
      for (const name of run.accepted.keys()) accepted.add(name)
    }),
    { numRuns: 200 },
  )
  expect([...accepted].toSorted()).toEqual(Object.keys(settingsCommands).toSorted())
})
