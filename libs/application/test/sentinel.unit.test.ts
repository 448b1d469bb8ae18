import { buildCalendar } from '#calendar'
import { initialSettingsState, settingsOf } from '#domain'
import type { Query, Range, ReadDocument, ReadStore } from '#read-store'
import { expect, test } from 'vitest'
import type { CommandOutcome, CommandRequest } from '../src/commands/request.ts'
import { Sentinel } from '../src/sentinel/sentinel.ts'

/** Sunday, so that no lists are due. */
const NOW = Date.parse('2026-03-08T02:00:00.000Z')
const settings = {
  ...settingsOf(initialSettingsState),
  calendar: buildCalendar([{ year: 2026, source: '测试', days: [] }]),
}

type Entry = ReadDocument & { next: string; at: string }

/** An agenda in memory, entries by `at`; removed by whoever is told to, as a projection would. */
function setUp(entries: Entry[] = [], answer: (request: CommandRequest) => CommandOutcome | Error = accepted) {
  const agenda = entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
  const queries: Query[] = []
  const given: CommandRequest[] = []
  const views = {
    query: (collection: string, query: Query) => {
      queries.push(query)
      if (collection !== 'agenda') return Promise.resolve({ documents: [], next: null })
      const { next, at } = query.where as { next: { in: string[] }; at: Range }
      const fits = (entry: Entry) =>
        next.in.includes(entry.next) && isWithin(entry.at, at) && (query.cursor == null || key(entry) > query.cursor)
      const found = agenda.filter(fits)
      const documents = found.slice(0, query.limit)
      return Promise.resolve({ documents, next: found.length > documents.length ? key(documents.at(-1)!) : null })
    },
    progress: () => Promise.resolve({ position: '1', asOf: '2026-03-08T01:59:00.000Z', version: 2 }),
  } as unknown as ReadStore
  const sentinel = new Sentinel({
    views,
    settings: () => settings,
    clock: { now: () => NOW },
    reached: () => Promise.resolve(true),
    execute: async (request) => {
      given.push(request)
      const outcome = answer(request)
      if (outcome instanceof Error) throw outcome
      return outcome
    },
  })
  const remove = (subject: string) =>
    agenda.splice(
      agenda.findIndex((entry) => entry['subject'] === subject),
      1,
    )
  return { sentinel, queries, given, remove }
}

const key = ({ at, id }: Entry) => `${at} ${id}`
function isWithin(at: string, { lt, lte, gt, gte }: Range): boolean {
  return (
    (lt === undefined || at < lt) &&
    (lte === undefined || at <= lte) &&
    (gt === undefined || at > gt) &&
    (gte === undefined || at >= gte)
  )
}
function accepted({ target }: CommandRequest): CommandOutcome {
  return { outcome: 'accepted', id: target!, revision: 1, token: '5', events: [] }
}
const missable = (number: number): Entry => {
  const due = new Date(NOW - 10_000_000 + number).toISOString()
  const subject = `case-${String(number).padStart(5, '0')}`
  const deadline = { id: `deadline-${number}`, due, startedAt: due, inHours: false, purpose: 'final-answer' }
  return {
    id: deadline.id,
    about: 'deadline',
    next: 'miss',
    at: due,
    due,
    subject,
    deadline,
    cause: { eventId: `e-${number}`, correlationId: 'c' },
  }
}

test('with nothing due, a tick asks a few bounded questions of indexed lists, however large the county', async () => {
  const later = Array.from({ length: 5_000 }, (_, at) => ({ ...missable(at), at: '2026-06-30T15:59:59.999Z' }))
  const { sentinel, queries, given } = setUp(later)
  expect(await sentinel.tick()).toMatchObject({ done: {}, more: false, failures: 0 })
  expect(given).toEqual([])
  expect(queries.length).toBeLessThanOrEqual(14)
  for (const { limit, where } of queries) {
    expect(limit).toBeLessThanOrEqual(200)
    expect(Object.keys(where!)).toEqual(['next', 'at'])
  }
})

test('does no more than so much at a time, and goes on behind it', async () => {
  const { sentinel, given } = setUp(Array.from({ length: 2_300 }, (_, at) => missable(at)))
  expect(await sentinel.tick()).toMatchObject({ done: { MarkDeadlineMissed: 1_000 }, more: true })
  expect(await sentinel.tick()).toMatchObject({ done: { MarkDeadlineMissed: 1_000 }, more: true })
  expect(await sentinel.tick()).toMatchObject({ done: { MarkDeadlineMissed: 300 }, more: false })
  expect(new Set(given.map(({ target }) => target)).size).toBe(2_300)
})

test('what is refused again and again keeps nothing behind it waiting', async () => {
  const stuck = Array.from({ length: 1_200 }, (_, at) => missable(at))
  const { sentinel, given } = setUp([...stuck, missable(5_000)], ({ target }) =>
    target === 'case-05000'
      ? accepted({ target } as CommandRequest)
      : { outcome: 'refused', code: 'STREAM_NEARLY_FULL', detail: null },
  )
  expect(await sentinel.tick()).toMatchObject({ done: {}, failures: 1_000, more: true })
  const second = await sentinel.tick()
  expect(second).toMatchObject({ done: { MarkDeadlineMissed: 1 }, failures: 200, more: false })
  expect(second.failed[0]).toEqual({
    policy: 'mark-missed',
    command: 'MarkDeadlineMissed',
    target: 'case-01000',
    code: 'STREAM_NEARLY_FULL',
    detail: null,
  })
  expect(given.at(-1)?.target).toBe('case-05000')
})

test('a damaged stream is told of, and the others go on; where everything fails, the tick does', async () => {
  const entries = Array.from({ length: 100 }, (_, at) => missable(at))
  const one = setUp(entries, (request) =>
    request.target === 'case-00007' ? new Error('stream is damaged') : accepted(request),
  )
  const report = await one.sentinel.tick()
  expect(report).toMatchObject({ done: { MarkDeadlineMissed: 99 }, failures: 1 })
  expect(report.failed).toMatchObject([{ target: 'case-00007', code: 'FAULT', detail: 'stream is damaged' }])
  const all = setUp(entries, () => Object.assign(new Error('the disk is full'), { code: 'STORE_DISK_FULL' }))
  await expect(all.sentinel.tick()).rejects.toMatchObject({ code: 'STORE_DISK_FULL' })
  expect(all.given.length).toBeLessThan(60)
})

test('who is told to stop begins nothing more, and is done with what it began', async () => {
  const stopping = new AbortController()
  const { sentinel, given } = setUp(
    Array.from({ length: 900 }, (_, at) => missable(at)),
    (request) => {
      if (request.target === 'case-00250') stopping.abort()
      return accepted(request)
    },
  )
  expect(await sentinel.tick(NOW, stopping.signal)).toMatchObject({ done: { MarkDeadlineMissed: 400 }, more: true })
  expect(given).toHaveLength(400)
  expect(await sentinel.tick(NOW)).toMatchObject({ done: { MarkDeadlineMissed: 500 }, more: false })
})

test('expected answers are no failures: it was done meanwhile, or need not be', async () => {
  const answers: CommandOutcome[] = [
    { outcome: 'nothing', id: 'x', revision: 1, token: '5', events: [] },
    { outcome: 'refused', code: 'DEADLINE_NOT_PASSED', detail: null },
  ]
  const { sentinel } = setUp([missable(1), missable(2)], () => answers.shift()!)
  expect(await sentinel.tick()).toMatchObject({ done: {}, failures: 0 })
})

test('a command is known by what is due, not by the tick that found it', async () => {
  const first = setUp([missable(1)])
  const second = setUp([missable(1)])
  await first.sentinel.tick(NOW)
  await second.sentinel.tick(NOW + 86_400_000 * 20)
  expect(first.given).toEqual(second.given)
  expect(first.given).toMatchObject([
    { cause: { eventId: 'e-1', correlationId: 'c', about: '' }, actor: { policy: 'mark-missed' } },
  ])
})

test('the agenda never says more often what is due next than it knows', async () => {
  const { sentinel } = setUp([{ ...missable(1), at: '2026-03-08T02:30:00.000Z', due: '2026-03-08T02:30:00.000Z' }])
  expect((await sentinel.tick()).nextAt).toBe('2026-03-08T02:30:00.001Z')
  // Nothing on it: the lists of Monday.
  expect((await setUp().sentinel.tick()).nextAt).toBe('2026-03-09T00:30:00.000Z')
})
