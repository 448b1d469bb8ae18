import { GetWatchList, ListWatchLists } from '#application'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeInHand } from '../../../test/support/answering.ts'
import { byHand, complaint, County, staff } from '../../../test/support/county.ts'
import { anotherSentinel, tick, tickAt } from './ticking.ts'

/** One week of one county, from its Monday on. Message A is due on Monday 9 March, B was routed and waits to be signed for. */

let county: County
let a: string
let b: string
beforeAll(async () => {
  county = await County.open('2026-03-02 07:00')
  a = (await county.message('W-1', '路面破损', '请修复。')).case
  await takeInHand(county, a)
  b = (await county.message('W-2', '路灯不亮', '请修。', 'leaders-mailbox')).case
  await county.give('TriageCase', b, complaint, staff.monitor)
  await county.give('RouteCase', b, { lead: 'transport', assisting: ['housing'], basis: byHand }, staff.coordinator)
})
afterAll(() => county.close())

const listOf = async (department: string, date?: string, asker: object = staff.auditor) =>
  await county.huiying.query(new GetWatchList({ asker: asker as never, department, date }))
const DEPARTMENTS = 6

test('before the hour there is none', async () => {
  expect(await tick(county)).toEqual({})
  await expect(listOf('transport')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('on a working day each department has its list, also one that has nothing to do; on Monday the week’s too', async () => {
  expect(await tickAt(county, '2026-03-02 08:30')).toMatchObject({
    DrawWatchList: DEPARTMENTS,
    GiveWeeklyReminder: DEPARTMENTS,
  })
  const { list } = await listOf('transport')
  expect(list).toMatchObject({
    department: 'transport',
    date: '2026-03-02',
    list: { drawnAt: '2026-03-02T00:30:00.000Z' },
  })
  expect(list.list).toMatchObject({
    toSign: { total: 1, entries: [{ caseId: b }] },
    dueToday: { total: 0, entries: [] },
    overdue: { total: 0 },
  })
  // By Sunday: B is to be signed for by Tuesday. A's answer is due on the Monday after.
  expect(list.week?.deadlinesDue).toMatchObject({ total: 1, entries: [{ caseId: b, purpose: 'sign-for' }] })
  expect((await listOf('audit')).list.list).toMatchObject({ toSign: { total: 0 }, overdue: { total: 0 } })
})

test('it is drawn once, whoever comes again, at once with another or after a restart', async () => {
  await county.reopen()
  const both = [anotherSentinel(county), anotherSentinel(county)]
  const reports = await Promise.all(both.map((sentinel) => sentinel.tick()))
  expect(reports.flatMap(({ failed }) => failed)).toEqual([])
  expect(await tickAt(county, '2026-03-02 17:00')).toEqual({})
  expect(await county.types('watch-transport-2026-03-02')).toEqual(['WatchListDrawn', 'WeeklyReminderGiven'])
})

test('what is overdue and what is due today stand on it, where they have to be seen to and nowhere else', async () => {
  await tickAt(county, '2026-03-09 09:00')
  const { list, cases } = await listOf('transport', '2026-03-09', staff.transportOfficer)
  expect(list.list).toMatchObject({
    dueToday: { entries: [{ caseId: a, purpose: 'final-answer', due: '2026-03-09T15:59:59.999Z' }] },
    overdue: { entries: [{ caseId: b, purpose: 'sign-for' }] },
    toSign: { entries: [{ caseId: b }] },
  })
  expect(new Map(cases.map(({ id, title }) => [id, title]))).toEqual(
    new Map([
      [a, '路面破损'],
      [b, '路灯不亮'],
    ]),
  )
  // Housing assists; the answer is not its to give.
  expect((await listOf('housing', '2026-03-09')).list.list).toMatchObject({
    toSign: { total: 0 },
    overdue: { total: 0 },
  })
})

test('nothing that somebody wrote is in its events', async () => {
  const events = await county.events('watch-transport-2026-03-09')
  expect(JSON.stringify(events.map(({ data }) => data))).not.toMatch(/路|修/)
})

test('no list is drawn on a day off, nor afterwards for days on which nothing ran', async () => {
  expect(await tickAt(county, '2026-03-14 10:00')).not.toHaveProperty('DrawWatchList')
  await tickAt(county, '2026-03-18 10:00')
  const page = await county.huiying.query(new ListWatchLists({ asker: staff.auditor, department: 'transport' }))
  expect(page.documents.map(({ date, list }) => [date, list !== null])).toEqual([
    ['2026-03-18', true],
    // Its week began on Monday: the reminder given on Wednesday belongs to it.
    ['2026-03-16', false],
    ['2026-03-09', true],
    ['2026-03-02', true],
  ])
  expect(await county.types('watch-transport-2026-03-16')).toEqual(['WeeklyReminderGiven'])
})

test('a new department has its list on the same day; one that is closed has none', async () => {
  const define = (id: string, active: boolean) =>
    county.give('DefineDepartment', null, { department: { id, name: id, active }, reason: null }, staff.administrator)
  await define('water', true)
  expect(await tick(county)).toEqual({ DrawWatchList: 1, GiveWeeklyReminder: 1 })
  await define('water', false)
  expect(await tickAt(county, '2026-03-19 10:00')).toMatchObject({ DrawWatchList: DEPARTMENTS })
})

test('a department reads its own; who oversees the county, all', async () => {
  await expect(listOf('transport', '2026-03-19', staff.housingOfficer)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const day = { date: '2026-03-19' }
  const own = await county.huiying.query(new ListWatchLists({ asker: staff.housingOfficer, ...day }))
  expect(own.documents.map(({ department }) => department)).toEqual(['housing'])
  const all = await county.huiying.query(new ListWatchLists({ asker: staff.verifier, ...day }))
  expect(all.documents.map(({ department }) => department).toSorted()).toEqual(
    ['office', 'propaganda', 'audit', 'supervision', 'housing', 'transport'].toSorted(),
  )
})

test('a list that names a case shows nothing of it to whom the case accuses by now', async () => {
  const report = {
    ...complaint,
    type: 'report',
    accused: { departments: ['transport'], persons: [] },
  }
  await county.give('TriageCase', b, report, staff.monitor)
  const { list, cases } = await listOf('transport', '2026-03-18', staff.transportOfficer)
  expect(list.list?.toSign.entries).toMatchObject([{ caseId: b }])
  expect(cases.map(({ id }) => id)).not.toContain(b)
  await tickAt(county, '2026-03-20 10:00')
  const later = await listOf('transport', '2026-03-20')
  expect(JSON.stringify(later.list)).not.toContain(b)
})
