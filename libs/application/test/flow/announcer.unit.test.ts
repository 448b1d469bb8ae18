import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { catalog, CLOUD_EVENT_CONTENT_TYPE, integrationDocuments } from '#application'
import { readFileSync, readdirSync } from 'node:fs'
import { Announcer } from '../../src/integration/announcer.ts'
import { integrationTypes } from '../../src/integration/index.ts'
import { openToldStore, sampleOf, samples } from './told.ts'
import type { ToldStore } from './told.ts'

let told: ToldStore
const caseId = randomUUID()
const stream = `case-${caseId}`

beforeEach(() => {
  told = openToldStore()
})
afterEach(() => told.close())

interface Told {
  id: string
  type: string
  subject: string
  partitionkey: string
  data: Record<string, unknown>
}

/** What others were told of everything that is stored, in order. `anew`: by one that knows nothing before each event. */
async function announced(anew = false): Promise<(Told & { key: string })[]> {
  let announcer = new Announcer(told.store, 'urn:huiying:test')
  const all: (Told & { key: string })[] = []
  for (const event of await told.stored()) {
    if (anew) announcer = new Announcer(told.store, 'urn:huiying:test')
    for (const { key, value, headers } of await announcer.announce(event)) {
      expect(headers).toEqual({
        'content-type': CLOUD_EVENT_CONTENT_TYPE,
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string,
      })
      all.push({ ...(JSON.parse(Buffer.from(value).toString()) as Told), key })
    }
  }
  return all
}

const types = async (anew = false) => (await announced(anew)).map(({ type }) => type.replace('cn.huiying.', ''))

const harmless = { type: 'complaint', sensitivities: ['safety'], accused: { departments: [], persons: [] } }
const report = { type: 'report', sensitivities: [], accused: { departments: ['housing-bureau'], persons: [] } }
const live = { origin: 'live', number: '2026-000123' }

describe('a CloudEvent', () => {
  test('is the event, with an id that stays and a key that keeps the case’s order', async () => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', harmless)
    const missed = await told.tell(stream, 'DeadlineMissed')
    const cloudEvent = (await announced()).at(-1)!
    expect(cloudEvent).toEqual({
      specversion: '1.0',
      id: missed.id,
      source: 'urn:huiying:test',
      type: 'cn.huiying.deadline.missed.v1',
      subject: '2026-000123',
      time: '2026-03-02T08:00:00.000Z',
      datacontenttype: 'application/json',
      partitionkey: caseId,
      occurredat: '2026-03-02T07:00:00.000Z',
      key: caseId,
      data: {
        caseId,
        number: '2026-000123',
        deadlineId: missed.data['deadlineId'],
        purpose: missed.data['purpose'],
        due: missed.data['due'],
        doneAt: missed.data['doneAt'],
      },
    })
  })

  test('of a promise or an item has the key of its case, or its own where it has none', async () => {
    const [promise, other, item] = [randomUUID(), randomUUID(), randomUUID()]
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', harmless)
    await told.tell(`commitment-${promise}`, 'CommitmentSettled', {}, { caseId })
    await told.tell(`commitment-${other}`, 'CommitmentSettled')
    await told.tell(`item-${item}`, 'ItemReceived', { kind: 'opinion' })
    const last = (await announced()).slice(-3)
    expect(last.map(({ key, subject }) => [key, subject])).toEqual([
      [caseId, promise],
      [other, other],
      [item, item],
    ])
  })
})

describe('who may hear of a case', () => {
  test('nobody, until somebody has judged it; then all that happened, in order', async () => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'DeadlineSet')
    expect(await types()).toEqual([])
    await told.tell(stream, 'CaseTriaged', harmless)
    await told.tell(stream, 'CaseRouted')
    const expected = ['case.opened.v1', 'deadline.set.v1', 'case.triaged.v1', 'case.routed.v1']
    expect(await types()).toEqual(expected)
  })

  test('what a message says is told with its case alone, not when it comes', async () => {
    await told.tell(`item-${randomUUID()}`, 'ItemReceived', { kind: 'message' }, { caseId })
    expect(await types()).toEqual([])
  })

  test.each([
    ['a 举报', report],
    ['a 举报 that accuses nobody yet', { ...report, accused: { departments: [], persons: [] } }],
    ['what touches a secret', { ...harmless, sensitivities: ['secrecy'] }],
    ['what touches minors', { ...harmless, sensitivities: ['safety', 'minors'] }],
    ['what touches privacy', { ...harmless, sensitivities: ['privacy'] }],
    ['what touches discipline', { ...harmless, sensitivities: ['discipline'] }],
  ])('of %s nobody hears anything, nor of its promises', async (_what, triage) => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', triage)
    await told.tell(stream, 'CaseRouted')
    await told.tell(stream, 'DeadlineMissed')
    await told.tell(`commitment-${randomUUID()}`, 'CommitmentMade', {}, { caseId })
    await told.tell(`item-${randomUUID()}`, 'ItemRevised', {}, { caseId })
    expect(await types()).toEqual([])
    expect(await types(true)).toEqual([])
  })

  test('one that turns out to be a 举报 falls silent', async () => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', harmless)
    await told.tell(stream, 'CaseTriaged', report)
    await told.tell(stream, 'RoutingWithdrawn')
    await told.tell(stream, 'DeadlineMissed')
    expect(await types()).toEqual(['case.opened.v1', 'case.triaged.v1'])
  })

  test('one that was held to be a 举报 and is none is told of, and never that it was', async () => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', report)
    await told.tell(stream, 'DeadlineSet')
    await told.tell(stream, 'CaseTriaged', harmless)
    const events = await announced()
    expect(events.map(({ type }) => type)).toEqual([
      'cn.huiying.case.opened.v1',
      'cn.huiying.deadline.set.v1',
      'cn.huiying.case.triaged.v1',
    ])
    expect(JSON.stringify(events)).not.toMatch(/report|housing-bureau/)
  })

  test('one that a case followed which accuses somebody falls silent, for good', async () => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', harmless)
    await told.tell(stream, 'FollowerJoined', { barred: { departments: ['housing-bureau'], persons: [] } })
    await told.tell(stream, 'FollowerLeft')
    await told.tell(stream, 'DeadlineMissed')
    expect(await types()).toEqual(['case.opened.v1', 'case.triaged.v1'])
  })

  test('imported history is no news, nor is what follows from it', async () => {
    await told.tell(stream, 'CaseOpened', { ...live, origin: 'history' }, { origin: 'history' })
    await told.tell(stream, 'CaseTriaged', harmless)
    await told.tell(stream, 'CaseReopened')
    expect(await types()).toEqual([])
  })

  test('the same is told whatever is in mind: after each event begun anew', async () => {
    const [first, second] = [randomUUID(), randomUUID()].map((id) => `case-${id}`) as [string, string]
    for (const each of [first, second]) await told.tell(each, 'CaseOpened', live)
    await told.tell(first, 'DeadlineSet')
    await told.tell(second, 'CaseTriaged', harmless)
    await told.tell(first, 'CaseTriaged', report)
    await told.tell(second, 'CaseRouted')
    await told.tell(second, 'CompletionSubmitted')
    await told.tell(second, 'CompletionApproved', { completionId: sampleOf('CompletionSubmitted')['completionId']! })
    await told.tell(first, 'CaseTriaged', harmless)
    await told.tell(second, 'CaseTriaged', report)
    await told.tell(second, 'CaseReopened')
    await told.tell(second, 'CaseTriaged', harmless)
    await told.tell(`commitment-${randomUUID()}`, 'CommitmentMade', {}, { caseId: second.slice(5) })
    expect(await announced(true)).toEqual(await announced())
    const { data } = (await announced()).find(({ type }) => type.endsWith('case.closed.v1'))!
    expect(data['finding']).toBe(sampleOf('CompletionSubmitted')['finding'])
  })
})

describe('what is published', () => {
  /** Nothing that a person could have written: ids, instants, days, numbers, names of departments, words of a list. */
  const FORMED = /^[0-9A-Za-z.:+-]{1,64}$/

  test('holds no text in it, whatever the event says', async () => {
    await told.tell(stream, 'CaseOpened', live)
    await told.tell(stream, 'CaseTriaged', harmless)
    const texts = new Set<string>()
    for (const { aggregate, type, version, data } of samples()) {
      if (version !== catalog[type]!.version || !integrationTypes.has(type) || type === 'CaseOpened') continue
      const into = aggregate === 'case' ? stream : `${aggregate}-${randomUUID()}`
      const kept = type === 'CaseTriaged' ? harmless : {}
      await told.tell(
        into,
        type,
        { ...(type === 'ItemReceived' ? { kind: 'opinion' } : kept) },
        aggregate === 'case' ? {} : { caseId: null },
      )
      for (const text of strings(data)) if (/[^ -~]/.test(text) || text.includes('@')) texts.add(text)
    }
    const events = await announced()
    const published = new Set(events.map(({ type }) => type.replace('cn.huiying.', '')))
    expect([...integrationTypes.values()].map(({ name }) => name).filter((name) => !published.has(name))).toEqual([])
    for (const { data } of events) for (const text of strings(data)) expect(text).toMatch(FORMED)
    const whole = JSON.stringify(events)
    expect([...texts].filter((text) => whole.includes(text))).toEqual([])
    expect(texts.size).toBeGreaterThan(50)
    expect(whole).not.toContain('13800000000')
  })

  test('is read from the newest version of every event that it tells of', () => {
    for (const { of, versions } of integrationTypes.values()) {
      expect([of, Math.max(...versions)]).toEqual([of, catalog[of]!.version])
    }
  })

  test('has a type of its own for each', () => {
    const names = [...integrationTypes.values()].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z-]+\.[a-z-]+\.v\d+$/)
  })

  test('is what docs/integration-events says; `npm run integration-events` writes it', () => {
    const root = new URL('../../../../', import.meta.url)
    const documents = integrationDocuments()
    for (const [path, text] of Object.entries(documents)) expect(readFileSync(new URL(path, root), 'utf8')).toBe(text)
    const files = readdirSync(new URL('docs/integration-events/', root)).map(
      (file) => `docs/integration-events/${file}`,
    )
    expect(files.toSorted()).toEqual(Object.keys(documents).toSorted())
  })
})

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(strings)
}
