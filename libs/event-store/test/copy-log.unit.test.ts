import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { openSqliteKeyStore } from '#key-store'
import { APPEND_BYTES_MAX, APPEND_EVENTS_MAX, compareLogs, copyLog, openEventStore, openSqliteLog } from '#event-store'
import type { EventLog, ExpectedVersion, LogRow, NewLogEvent, Tip } from '#event-store'

const catalog = { Counted: { version: 1, upcasters: {}, schema: z.strictObject({ text: z.string() }) } }
const clock = { now: () => '2026-11-23T06:07:18.000Z' }
const EVERYTHING = { rows: 1_000_000, sizeBytes: 1024 ** 3 }

let ground: string
let source: EventLog
let rows: LogRow[]
let target: EventLog
let targets = 0

beforeAll(async () => {
  ground = mkdtempSync(join(tmpdir(), 'huiying-copy-'))
  source = openSqliteLog(join(ground, 'source.db'))
  await fill(source)
  rows = await source.readAll('start', EVERYTHING)
})
afterAll(async () => {
  await source.close()
  rmSync(ground, { recursive: true })
})
beforeEach(() => {
  target = newTarget()
})
afterEach(() => target.close())

function newTarget(): EventLog {
  targets += 1
  return openSqliteLog(join(ground, `target-${targets}.db`))
}

/** Streams whose events stand among one another, one with a long run of its own, one with large events. */
async function fill(log: EventLog): Promise<void> {
  const keys = openSqliteKeyStore({ path: join(ground, 'keys.db'), masterKey: Buffer.alloc(32, 7) })
  const store = openEventStore({ log, keys, catalog, clock })
  const versions = new Map<string, ExpectedVersion>()
  const append = async (stream: string, ...texts: string[]) => {
    const events = texts.map((text) => ({ id: randomUUID(), type: 'Counted', data: { text }, metadata }))
    const appended = await store.append(stream, versions.get(stream) ?? 'no-stream', events)
    if (appended.status === 'appended') versions.set(stream, appended.version)
  }
  for (let index = 0; index < 60; index += 1) await append(`case-${index % 7}`, `第 ${index} 件`, 'again')
  for (let index = 0; index < 230; index += 1) await append('case-long', `${index}`)
  for (let index = 0; index < 5; index += 1) await append('case-large', 'x'.repeat(200 * 1024))
  await keys.close()
}

const metadata = {
  occurredAt: clock.now(),
  actor: { policy: 'counting' },
  commandId: 'c',
  commandFingerprint: null,
  correlationId: 'c',
  causationId: null,
  origin: 'live' as const,
  caseId: null,
}

/** Goes on from where the target ends, as whoever migrates does. */
async function resume(to: EventLog = target): Promise<number> {
  return await copyLog({ source, target: to }, (await compareLogs({ source, target: to })).place)
}

const withoutPosition = (each: readonly LogRow[]) => each.map((row) => ({ ...row, position: '' }))
const all = () => target.readAll('start', EVERYTHING)

test('every event is copied in store order, byte for byte', async () => {
  expect(await resume()).toBe(rows.length)
  expect(withoutPosition(await all())).toEqual(withoutPosition(rows))
  const compared = await compareLogs({ source, target })
  expect(compared).toMatchObject({ events: rows.length, isComplete: true, place: rows.at(-1)!.position })
  expect(compared.digest).toMatch(/^[0-9a-f]{64}$/)
})

test('done twice it changes nothing', async () => {
  await resume()
  const head = await target.head()
  expect(await resume()).toBe(0)
  expect(await target.head()).toBe(head)
})

test('events that follow one another in one stream are added together, within the bounds of an append', async () => {
  const appends: (readonly NewLogEvent[])[] = []
  await resume(
    watched(target, (events) => {
      appends.push(events)
    }),
  )
  expect(Math.max(...appends.map(({ length }) => length))).toBe(APPEND_EVENTS_MAX)
  for (const events of appends) {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    expect(bytes).toBeLessThanOrEqual(APPEND_BYTES_MAX)
  }
  // 60 of the first kind, 230 in runs of a hundred, large ones two by two.
  expect(appends).toHaveLength(60 + 3 + 3)
})

test('broken off anywhere, before or after an append was done, it goes on', async () => {
  const points = fc.array(fc.record({ after: fc.nat({ max: 40 }), isDone: fc.boolean() }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(points, async (deaths) => {
      const to = newTarget()
      for (const { after, isDone } of deaths) {
        let appends = 0
        const dies = () => {
          if (appends++ >= after) throw new Error('died')
        }
        const dying = isDone ? watched(to, () => {}, dies) : watched(to, dies)
        await resume(dying).catch((error: Error) => expect(error.message).toBe('died'))
      }
      await resume(to)
      expect(withoutPosition(await to.readAll('start', EVERYTHING))).toEqual(withoutPosition(rows))
      await to.close()
    }),
    { numRuns: 10 },
  )
})

test('an append whose answer was lost is found to be done when it is sent again', async () => {
  await resume(watched(target, () => {}, once()))
    .then(() => expect.fail('it was not lost'))
    .catch(() => {})
  expect(await copyLog({ source, target }, 'start')).toBe(rows.length)
  expect(withoutPosition(await all())).toEqual(withoutPosition(rows))
})

test('streams of the engine itself are neither copied nor compared', async () => {
  const theirs = (at: number) => ({ ...rows[0]!, stream: '$stats', revision: at, id: `stats-${at}`, digest: 'a' })
  await target.append('$stats', null, [theirs(0)])
  await resume()
  await target.append('$stats', { revision: 0, digest: String(JSON.parse(rows[0]!.metadata).integrity.digest) }, [
    theirs(1),
  ])
  expect((await compareLogs({ source, target })).isComplete).toBe(true)
})

test.each([
  ['has another event in its place', 3, (row: LogRow) => ({ ...row, id: randomUUID() })],
  ['has one byte changed in its data', 10, (row: LogRow) => ({ ...row, data: row.data.replace('{', '{ ') })],
  ['has another type', 0, (row: LogRow) => ({ ...row, type: 'Other' })],
])('a target that %s is refused, and the event is named', async (_, at, change) => {
  await copyRows(rows.slice(0, at))
  await copyRows([change(rows[at]!)])
  const head = await target.head()
  await expect(resume()).rejects.toMatchObject({
    code: 'TARGET_DIFFERS',
    message: expect.stringContaining(`Event ${rows[at]!.revision} of ${rows[at]!.stream}`),
  })
  expect(await target.head()).toBe(head)
})

test('a target with events of others is refused, before or after ours', async () => {
  await copyRows([{ ...rows[0]!, stream: 'case-foreign' }])
  await expect(resume()).rejects.toMatchObject({
    code: 'TARGET_DIFFERS',
    message: expect.stringContaining('case-foreign'),
  })
  const whole = newTarget()
  await resume(whole)
  await copyRows([{ ...rows[0]!, stream: 'case-later', id: randomUUID() }], whole)
  await expect(resume(whole)).rejects.toMatchObject({
    code: 'TARGET_DIFFERS',
    message: expect.stringContaining('case-later'),
  })
  await whole.close()
})

test('somebody who writes to the target meanwhile is noticed', async () => {
  const intruding = watched(target, async (events) => {
    if (events[0]!.stream !== 'case-3') return
    await copyRows([{ ...rows.find(({ stream }) => stream === 'case-3')!, id: randomUUID() }]).catch(() => {})
  })
  await expect(resume(intruding)).rejects.toMatchObject({ code: expect.stringMatching(/TARGET_DIFFERS|EVENT_ID_USED/) })
})

async function copyRows(given: readonly LogRow[], to: EventLog = target): Promise<void> {
  for (const row of given) {
    const { previous, digest } = JSON.parse(row.metadata).integrity as { previous: string | null; digest: string }
    const tip: Tip = previous === null ? null : { revision: row.revision - 1, digest: previous }
    expect((await to.append(row.stream, tip, [{ ...row, digest }])).status).toBe('appended')
  }
}

/** A log with something done before and after each append. */
function watched(
  log: EventLog,
  before: (events: readonly NewLogEvent[]) => void | Promise<void>,
  after: () => void = () => {},
): EventLog {
  return {
    append: async (stream, tip, events) => {
      await before(events)
      const result = await log.append(stream, tip, events)
      after()
      return result
    },
    readStream: (...given) => log.readStream(...given),
    readAll: (...given) => log.readAll(...given),
    readByStream: (...given) => log.readByStream(...given),
    head: () => log.head(),
    onAppended: (listener) => log.onAppended(listener),
    wake: () => log.wake(),
    close: () => log.close(),
  }
}

function once(): () => void {
  let appends = 0
  return () => {
    if (++appends === 30) throw new Error('died')
  }
}
