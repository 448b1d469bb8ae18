import { Application } from '#application'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { byHand, complaint, County, staff } from '../../../test/support/county.ts'
import { tick, tickAt } from './ticking.ts'

/** The packs that ship know 2026: what reaches into 2027 is provisional until its notice is out. */

let county: County
beforeEach(async () => {
  county = await County.open('2026-12-30 09:00')
})
afterEach(() => county.close())

const notice = (year: number, ...off: string[]) => ({
  notice: { year, source: '国办发明电', days: off.map((date) => ({ date, name: '元旦', off: true })) },
  reason: null,
})
const announce = (...given: Parameters<typeof notice>) =>
  county.give('AnnounceHolidays', 'calendars', notice(...given), staff.administrator)

async function recomputed(id: string): Promise<object[]> {
  const events = await county.events(`case-${id}`)
  return events.filter(({ type }) => type === 'DeadlineRecomputed').map(({ data }) => data)
}

test('when a notice comes, what it may move is counted anew, once, also after a restart', async () => {
  const { case: id } = await county.message('K-1', '一', '一。')
  expect(await tick(county)).not.toHaveProperty('RecomputeDeadlines')
  await announce(2027, '2027-01-01', '2027-01-04')
  await county.reopen()
  expect(await tick(county)).toMatchObject({ RecomputeDeadlines: 1 })
  expect(await recomputed(id)).toMatchObject([
    {
      purpose: 'final-answer',
      // From Wednesday 30 December five working days: 31, then 5, 6, 7, 8 January.
      previousDue: '2027-01-06T15:59:59.999Z',
      due: '2027-01-08T15:59:59.999Z',
      cause: 'calendar',
      deadline: { provisional: false },
    },
  ])
  await county.reopen()
  expect(await tick(county)).not.toHaveProperty('RecomputeDeadlines')
  expect(await recomputed(id)).toHaveLength(1)
})

test('before it is found to be missed, a deadline is counted by the notice that came meanwhile', async () => {
  const { case: id } = await county.message('K-1', '一', '一。')
  await announce(2027, '2027-01-01', '2027-01-04')
  const done = await tickAt(county, '2027-01-07 00:10')
  expect(done).not.toHaveProperty('MarkDeadlineMissed')
  expect(await recomputed(id)).toHaveLength(1)
})

test('what was set meanwhile with the old calendar is counted anew, too', async () => {
  const { case: id } = await county.message('K-1', '一', '一。')
  await county.give('TriageCase', id, complaint, staff.monitor)
  // A process that has not heard of the notice yet.
  const { ports } = county.huiying.application
  const behind = new Application(ports, { load: () => Promise.resolve('start'), save: () => Promise.resolve() })
  await behind.settings.load()
  await announce(2027, '2027-01-01', '2027-01-04')
  expect(await tick(county)).toMatchObject({ RecomputeDeadlines: 1 })
  county.clock.moveTo('2026-12-31 09:00')
  const routing = { lead: 'transport', assisting: [], basis: byHand }
  const given = { command: 'RouteCase', target: id, payload: routing, actor: staff.coordinator }
  expect(await behind.commander.execute(given)).toMatchObject({ outcome: 'accepted' })
  expect(await tick(county)).toMatchObject({ RecomputeDeadlines: 1 })
  expect(await recomputed(id)).toMatchObject([
    { purpose: 'final-answer' },
    { purpose: 'sign-for', previousDue: '2027-01-01T15:59:59.999Z', due: '2027-01-05T15:59:59.999Z' },
  ])
})

test('what stays provisional is counted once for each notice, and goes on waiting for its own', async () => {
  const { case: id } = await county.message('K-1', '一', '一。')
  await announce(2028, '2028-01-01')
  expect(await tick(county)).toMatchObject({ RecomputeDeadlines: 1 })
  await county.reopen()
  expect(await tick(county)).not.toHaveProperty('RecomputeDeadlines')
  await announce(2027, '2027-01-01')
  expect(await tick(county)).toMatchObject({ RecomputeDeadlines: 1 })
  expect(await recomputed(id)).toMatchObject([
    { due: '2027-01-06T15:59:59.999Z', deadline: { provisional: true } },
    { due: '2027-01-07T15:59:59.999Z', deadline: { provisional: false } },
  ])
})

test('what was met or missed before is left as it is', async () => {
  const { case: id } = await county.message('K-1', '一', '一。')
  expect(await tickAt(county, '2027-01-07 00:10')).toMatchObject({ MarkDeadlineMissed: 1 })
  await announce(2027, '2027-01-01', '2027-01-04')
  expect(await tick(county)).not.toHaveProperty('RecomputeDeadlines')
  expect(await recomputed(id)).toEqual([])
})
