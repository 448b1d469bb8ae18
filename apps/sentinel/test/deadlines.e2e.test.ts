import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approve, draft, publish, takeInHand, ADDRESS } from '../../../test/support/answering.ts'
import { answer, byHand, complaint, County, staff } from '../../../test/support/county.ts'
import { fileIn, jsonLines, row } from '../../../test/support/files.ts'
import { anotherSentinel, tick, tickAt, written } from './ticking.ts'

/** Monday. A message of 我向省长建言 is due on the next Monday, 9 March, at midnight. */
const START = '2026-03-02 09:00'

let county: County
beforeEach(async () => {
  county = await County.open(START)
})
afterEach(() => county.close())

const message = async () => (await county.message('T-1', '路面破损', '请修复。')).case
const final = (id: string) => written(county, id, 'final-answer')

describe('a deadline in time', () => {
  test('is warned of once, on the morning of the working day before its last', async () => {
    const id = await message()
    expect(await tickAt(county, '2026-03-06 08:29')).not.toHaveProperty('RemindCase')
    expect(await tickAt(county, '2026-03-06 08:30')).toMatchObject({ RemindCase: 1 })
    await tick(county)
    await tickAt(county, '2026-03-07 12:00')
    await tickAt(county, '2026-03-09 23:59')
    expect(await final(id)).toEqual(['03-02 09:07 DeadlineSet', '03-06 08:30 CaseReminded before-due'])
  })

  test('is met without a warning where the answer came before', async () => {
    const id = await message()
    await takeInHand(county, id)
    await publish(county, id, answer('已修复。'))
    await tickAt(county, '2026-03-06 09:00')
    await tickAt(county, '2026-03-20 09:00')
    expect((await final(id)).map((line) => line.slice(12))).toEqual(['DeadlineSet', 'DeadlineMet'])
  })

  test('that was extended is warned of again', async () => {
    const id = (await county.message('T-2', '路灯不亮', '请修。', 'leaders-mailbox')).case
    await takeInHand(county, id)
    await tickAt(county, '2026-03-10 09:00') // due on the 11th
    const [set] = await county
      .events(`case-${id}`)
      .then((events) => events.filter(({ type, data }) => type === 'DeadlineSet' && data['purpose'] === 'final-answer'))
    const extension = { deadlineId: set!.data['deadlineId'], requestedBy: 'transport-1', reason: '需现场勘查' }
    await county.give('ExtendDeadline', id, extension, staff.coordinator)
    await tickAt(county, '2026-03-20 09:00')
    await tickAt(county, '2026-03-23 09:00') // due on the 23rd
    expect((await final(id)).map((line) => line.slice(0, 5) + line.slice(11))).toEqual([
      '03-02 DeadlineSet',
      '03-10 CaseReminded before-due',
      '03-10 DeadlineExtended',
      '03-20 CaseReminded before-due',
    ])
  })

  test('in hours is warned of two hours before, whatever the day', async () => {
    const opened = await county.give(
      'OpenOpinionCase',
      null,
      {
        discoveredAt: '2026-03-06T12:00:00.000Z',
        channel: 'monitoring',
        items: [],
        title: '网传水质异常',
        subject: null,
      },
      staff.opinionOffice,
    )
    await tickAt(county, '2026-03-08 17:59')
    expect(await final(opened.id)).toHaveLength(1)
    await tickAt(county, '2026-03-08 18:00') // Sunday; due at 20:00
    await tickAt(county, '2026-03-08 20:00')
    await tickAt(county, '2026-03-08 20:01')
    expect((await final(opened.id)).map((line) => line.slice(0, 11) + line.slice(11))).toEqual([
      expect.stringContaining('DeadlineSet'),
      '03-08 18:00 CaseReminded before-due',
      '03-08 20:01 DeadlineMissed',
    ])
  })

  test('stands still while it is suspended', async () => {
    const id = await message()
    const [set] = (await county.events(`case-${id}`)).filter(({ type }) => type === 'DeadlineSet')
    const leader = { person: 'leader-1', department: 'office', role: 'leader' } as const
    const deadlineId = set!.data['deadlineId']
    await county.give('SuspendDeadline', id, { deadlineId, ground: '鉴定', basis: '条例' }, leader)
    expect(await tickAt(county, '2026-06-01 09:00')).not.toHaveProperty('MarkDeadlineMissed')
    await county.give('ResumeDeadline', id, { deadlineId }, leader)
    await tick(county)
    expect((await final(id)).at(-1)).toContain('DeadlineResumed')
    await tickAt(county, '2026-06-30 09:00')
    expect((await final(id)).map((line) => line.slice(12))).toContain('DeadlineMissed')
  })
})

describe('a deadline that has passed', () => {
  test('is marked once, the moment after its last', async () => {
    const id = await message()
    await tickAt(county, '2026-03-09 23:59')
    expect(await final(id)).not.toContainEqual(expect.stringContaining('Missed'))
    county.clock.moveTo('2026-03-10 00:00')
    const { at, done, nextAt } = await county.huiying.application.sentinel.tick()
    expect([at, done]).toEqual(['2026-03-09T16:00:00.000Z', { MarkDeadlineMissed: 1 }])
    expect(nextAt).toBe('2026-03-10T00:30:00.000Z')
    await county.huiying.settled()
    expect(await tick(county)).toEqual({})
  })

  test('is reminded of each working day until the answer is there; days off pass in silence', async () => {
    const id = await message()
    await takeInHand(county, id)
    for (const day of ['10', '11', '12', '13', '14', '15', '16']) {
      await tickAt(county, `2026-03-${day} 08:00`)
      await tickAt(county, `2026-03-${day} 09:00`)
      await tickAt(county, `2026-03-${day} 18:00`)
    }
    const days = (lines: string[]) => lines.filter((line) => line.endsWith('overdue')).map((line) => line.slice(3, 11))
    expect(days(await final(id))).toEqual(['10 09:00', '11 09:00', '12 09:00', '13 09:00', '16 09:00'])
    const drafted = await draft(county, id, answer('已修复。'))
    await approve(county, id, drafted)
    await county.give(
      'PublishResponse',
      id,
      { ...drafted, address: ADDRESS, publishedAt: null },
      staff.transportOfficer,
    )
    await tickAt(county, '2026-03-17 09:00')
    expect(days(await final(id))).toHaveLength(5)
  })

  test('goes to who must sign, while nobody has', async () => {
    const id = await message()
    await county.give('TriageCase', id, complaint, staff.monitor)
    await county.give('RouteCase', id, { lead: 'transport', assisting: [], basis: byHand }, staff.coordinator)
    await tickAt(county, '2026-03-04 08:45')
    const events = await county.events(`case-${id}`)
    expect(events.filter(({ type }) => type === 'CaseReminded').map(({ data }) => data)).toEqual([
      {
        day: '2026-03-04',
        cause: 'overdue',
        deadlineId: expect.anything(),
        purpose: 'sign-for',
        to: 'transport',
        note: null,
      },
    ])
  })

  test('to hand back only lapses', async () => {
    const id = await message()
    await takeInHand(county, id)
    await tickAt(county, '2026-03-04 00:00')
    expect((await written(county, id, 'hand-back')).map((line) => line.slice(12))).toEqual([
      'DeadlineSet',
      'DeadlineLapsed window-closed',
    ])
  })
})

describe('a clock that jumps', () => {
  test('forward over everything writes what is so now, once each, and no warning that comes too late', async () => {
    const id = await message()
    const first = await tickAt(county, '2028-05-09 10:00')
    expect(first).toMatchObject({ MarkDeadlineMissed: 1, RemindCase: 1 })
    await tickAt(county, '2028-05-09 18:00')
    expect((await final(id)).map((line) => line.slice(12))).toEqual([
      'DeadlineSet',
      'DeadlineMissed',
      'CaseReminded overdue',
    ])
  })

  test('back writes nothing until it has come again to where it was', async () => {
    await message()
    await tickAt(county, '2026-03-11 09:00')
    const before = await county.extent()
    for (const local of ['2026-03-10 12:00', '2026-03-06 09:00', '2026-01-05 09:00', '2025-12-01 09:00']) {
      county.clock.moveTo(local)
      const report = await county.huiying.application.sentinel.tick()
      expect(report).toMatchObject({ heldBack: true, done: {}, nextAt: '2026-03-11T01:00:00.000Z' })
    }
    expect(await county.extent()).toEqual(before)
    expect(await tickAt(county, '2026-03-12 09:00')).toMatchObject({ RemindCase: 1 })
  })

  test('far ahead for a moment does not stop the county for years', async () => {
    await county.message('T-0', '一', '一。')
    county.clock.moveTo('2036-01-02 09:00')
    await county.message('T-9', '二', '二。')
    const id = await (async () => {
      county.clock.moveTo(START)
      return await message()
    })()
    await tickAt(county, '2026-03-10 00:00')
    expect((await final(id)).map((line) => line.slice(12))).toContain('DeadlineMissed')
  })
})

describe('whoever tells the time', () => {
  test('two sentinels at once write everything once', async () => {
    const ids = []
    for (let at = 0; at < 12; at += 1) ids.push((await county.message(`D-${at}`, '路面破损', '请修复。')).case)
    county.clock.moveTo('2026-03-10 09:00')
    const { application } = county.huiying
    const other = anotherSentinel(county)
    const reports = await Promise.all([application.sentinel.tick(), other.tick(), application.sentinel.tick()])
    expect(reports.flatMap(({ failed }) => failed)).toEqual([])
    await county.huiying.settled()
    await Promise.all([application.sentinel.tick(), other.tick()])
    for (const id of ids) {
      expect((await final(id)).map((line) => line.slice(12))).toEqual([
        'DeadlineSet',
        'DeadlineMissed',
        'CaseReminded overdue',
      ])
    }
  })

  test('a restart changes nothing, nor do read models made anew', async () => {
    const id = await message()
    await tickAt(county, '2026-03-06 09:00')
    await county.reopen()
    expect(await tick(county)).toEqual({})
    await county.huiying.projector.rebuild()
    expect(await tick(county)).toEqual({})
    await tickAt(county, '2026-03-10 00:00')
    await county.reopen()
    expect(await tick(county)).toEqual({})
    expect(await county.huiying.projector.compare()).toMatchObject({ differing: 0 })
    expect((await final(id)).map((line) => line.slice(12))).toEqual([
      'DeadlineSet',
      'CaseReminded before-due',
      'DeadlineMissed',
    ])
  })

  test('what it writes names what brought it about, and whose doing it is', async () => {
    const id = await message()
    await tickAt(county, '2026-03-10 00:00')
    const events = await county.events(`case-${id}`)
    const set = events.find(({ type, data }) => type === 'DeadlineSet' && data['purpose'] === 'final-answer')!
    const missed = events.find(({ type }) => type === 'DeadlineMissed')!
    expect(missed.metadata).toMatchObject({
      actor: { policy: 'mark-missed' },
      causationId: set.id,
      correlationId: set.metadata.correlationId,
      origin: 'live',
    })
  })
})

test('imported history gives rise to none of this', async () => {
  const path = await fileIn(
    county.folder,
    'past.jsonl',
    jsonLines([
      row('late', { time: '2019-03-04 10:00', reply: '已修复。', reply_time: '2019-06-30 10:00' }),
      row('early', { time: '2019-03-04 10:00', reply: '已修复。', reply_time: '2019-03-05 10:00' }),
    ]),
  )
  const given = { path, channelId: 'leaders-mailbox', kind: 'message', dryRun: false } as const
  expect(await county.huiying.application.importFile(given)).toMatchObject({ refused: 0 })
  await county.huiying.settled()
  const before = await county.extent()
  expect(await tickAt(county, '2026-03-20 06:00')).toEqual({})
  expect(await county.extent()).toEqual(before)
  const agenda = await county.huiying.application.ports.views.query('agenda', {
    sort: { field: 'at', direction: 'ascending' },
    where: { next: { in: ['warn', 'miss', 'remind', 'recount', 'sign'] } },
    limit: 10,
    reader: 'system',
  })
  expect(agenda.documents).toEqual([])
})
