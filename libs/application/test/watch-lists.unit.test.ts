import { buildCalendar } from '#calendar'
import { initialSettingsState, settingsOf } from '#domain'
import type { Query, ReadDocument, ReadStore } from '#read-store'
import { expect, test } from 'vitest'
import type { CommandOutcome, CommandRequest } from '../src/commands/request.ts'
import { Giver } from '../src/sentinel/giver.ts'
import { momentAt } from '../src/sentinel/moment.ts'
import { Tally } from '../src/sentinel/report.ts'
import { WatchLists } from '../src/sentinel/watch-lists.ts'

/** A Tuesday, nine o'clock. */
const NOW = Date.parse('2026-03-03T01:00:00.000Z')

/** A county of so many departments; lists are shown as soon as they are drawn, unless their command fails. */
function setUp(count: number, fails: (request: CommandRequest) => boolean = () => false) {
  const ids = Array.from({ length: count }, (_, at) => `department-${String(at).padStart(3, '0')}`)
  const departments = new Map(ids.map((id) => [id, { id, name: id, active: true }]))
  const calendar = buildCalendar([{ year: 2026, source: '测试', days: [] }])
  const settings = { ...settingsOf(initialSettingsState), calendar, departments }
  const documents = new Map<string, ReadDocument>()
  const queries: Query[] = []
  const given: string[] = []
  const views = {
    query: (collection: string, query: Query) => {
      queries.push(query)
      const { gte } = (query.where?.['date'] ?? {}) as { gte?: string }
      const found = collection === 'watch-lists' ? [...documents.values()].filter(({ id }) => id.endsWith(gte!)) : []
      return Promise.resolve({ documents: found, next: null })
    },
  } as unknown as ReadStore
  const giver = new Giver((request): Promise<CommandOutcome> => {
    given.push(`${request.command} ${request.target}`)
    if (fails(request)) return Promise.resolve({ outcome: 'refused', code: 'STORE_UNAVAILABLE', detail: null })
    const id = request.target!
    const { department } = request.payload as { department: string }
    const before = documents.get(id) ?? { id, department, list: null, week: null }
    documents.set(id, { ...before, [request.command === 'DrawWatchList' ? 'list' : 'week']: {} })
    return Promise.resolve({ outcome: 'accepted', id, revision: 0, token: '1', events: [] })
  })
  const lists = new WatchLists(views, giver)
  const draw = async () => {
    given.length = 0
    const tally = new Tally()
    return { more: await lists.draw(momentAt(NOW, settings), tally), done: tally.done, failures: tally.failures }
  }
  return { draw, given, queries }
}

test('fifty departments at a time have theirs; then nothing is asked for the rest of the day', async () => {
  const { draw, given, queries } = setUp(120)
  expect(await draw()).toMatchObject({ more: true, done: { DrawWatchList: 50, GiveWeeklyReminder: 50 } })
  expect(await draw()).toMatchObject({ more: true, done: { DrawWatchList: 50, GiveWeeklyReminder: 50 } })
  expect(await draw()).toMatchObject({ more: false, done: { DrawWatchList: 20, GiveWeeklyReminder: 20 } })
  // The week's belongs to its Monday.
  expect(given).toContain('DrawWatchList department-119-2026-03-03')
  expect(given).toContain('GiveWeeklyReminder department-119-2026-03-02')
  const asked = queries.length
  expect(await draw()).toEqual({ more: false, done: {}, failures: 0 })
  expect(queries.length).toBe(asked)
})

test('what failed comes with the next tick, and not at once', async () => {
  let isDown = true
  const { draw, given } = setUp(60, ({ target }) => isDown && target === 'department-007-2026-03-03')
  expect(await draw()).toMatchObject({ more: false, failures: 1 })
  expect(await draw()).toMatchObject({ more: false, failures: 1, done: { DrawWatchList: 10 } })
  isDown = false
  expect(await draw()).toMatchObject({ more: false, failures: 0 })
  expect(given).toEqual(['DrawWatchList department-007-2026-03-03'])
})
