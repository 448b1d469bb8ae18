import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { applicableNorms, buildCalendar, computeDeadline, deadline as deadlineFormat } from '../src/index.ts'
import { extendDeadline, isInTime, recomputeDeadline } from '../src/index.ts'
import type { Deadline, Norm, NormFacts } from '../src/index.ts'
import { calendar, deadlineFor, defaultNorms, inShanghai, lastDay, norm, notices, now, shanghai } from './fixtures.ts'
import { sharedHolidays, sharedReplies } from './fixtures.ts'

const monday = shanghai('2026-11-09 09:00')

function message(facts: Partial<NormFacts>): NormFacts {
  return { kind: 'message', origin: 'live', ...facts }
}

function set(question: Parameters<typeof deadlineFor>[0]): Deadline {
  const deadline = deadlineFor(question)
  if (deadline === null) throw new Error('no norm applies')
  return deadline
}

describe('the default norms', () => {
  test.each([
    ['“我向省长建言”', { channel: 'governor-suggestions' }, 'governor-suggestions-answer', '2026-11-16'],
    ['“我为政府网站找错”', { channel: 'site-corrections' }, 'site-corrections-answer', '2026-11-12'],
    [
      '互动交流平台咨询',
      { channel: 'interaction-platform', type: 'consultation' },
      'interaction-platform-consultation-answer',
      '2026-11-16',
    ],
    [
      '互动交流平台简单常见问题',
      { channel: 'interaction-platform', type: 'consultation', simple: true },
      'interaction-platform-simple-answer',
      '2026-11-10',
    ],
    ['互动交流平台投诉', { channel: 'interaction-platform', type: 'complaint' }, 'message-answer', '2026-11-18'],
    ['互动交流平台, not yet triaged', { channel: 'interaction-platform' }, 'message-answer', '2026-11-18'],
    ['领导信箱', { channel: 'leaders-mailbox' }, 'message-answer', '2026-11-18'],
    ['a simple question elsewhere', { channel: 'phone', simple: true }, 'message-answer', '2026-11-18'],
    ['a county’s own channel', { channel: 'village-wechat' }, 'message-answer', '2026-11-18'],
  ])('%s', (_, facts, id, due) => {
    const deadline = set({ startedAt: monday, facts: message(facts) })
    expect(deadline.norm.id).toBe(id)
    expect(lastDay(deadline.due)).toBe(due)
    expect(deadline).toMatchObject({ provisional: false, retrospective: false, calendarVersion: calendar.version })
    expect(deadlineFormat.parse(deadline)).toEqual(deadline)
  })

  test('name the others that apply, from the earlier to the later', () => {
    const { others } = set({
      startedAt: monday,
      facts: message({ channel: 'interaction-platform', type: 'consultation', simple: true }),
    })
    expect(others.map((other) => [other.norm.id, lastDay(other.due)])).toEqual([
      ['interaction-platform-consultation-answer', '2026-11-16'],
      ['message-answer', '2026-11-18'],
    ])
  })

  test('ask for a signature one working day after routing, a hand-back one after signing', () => {
    const routed = set({ startedAt: shanghai('2026-11-13 16:00'), purpose: 'sign-for', startsAt: 'routed' })
    expect(lastDay(routed.due)).toBe('2026-11-16')
    const signed = set({ startedAt: shanghai('2026-11-13 16:00'), purpose: 'hand-back', startsAt: 'signed-for' })
    expect(lastDay(signed.due)).toBe('2026-11-16')
    expect(deadlineFor({ startedAt: monday, purpose: 'sign-for', startsAt: 'received' })).toBeNull()
  })

  test('give an opinion on a major incident 5 hours for information and 24 for a press conference', () => {
    const startedAt = shanghai('2026-10-01 23:00')
    for (const incidentGrade of ['major', 'especially-major']) {
      const facts: NormFacts = { kind: 'opinion', origin: 'live', channel: 'monitoring', incidentGrade }
      const information = set({ startedAt, facts, purpose: 'authoritative-information', startsAt: 'discovered' })
      expect(inShanghai(information.due)).toBe('2026-10-02 04:00:00.000')
      const conference = set({ startedAt, facts, purpose: 'press-conference', startsAt: 'discovered' })
      expect(inShanghai(conference.due)).toBe('2026-10-02 23:00:00.000')
    }
  })

  test('go by the grade of the incident, not of the opinion', () => {
    const facts: NormFacts = { kind: 'opinion', origin: 'live', opinionGrade: 'major', incidentGrade: 'general' }
    const question = { startedAt: monday, facts, startsAt: 'discovered' as const }
    expect(deadlineFor({ ...question, purpose: 'press-conference' })).toBeNull()
    expect(inShanghai(set({ ...question, purpose: 'final-answer' }).due)).toBe('2026-11-11 09:00:00.000')
  })
})

describe('the day on which a norm holds', () => {
  const old = norm({ id: 'answer', version: 1, within: { amount: 10, unit: 'working-days' } })
  const changed = norm({ id: 'answer', version: 2, validFrom: '2026-07-01' })

  function idsAt(norms: readonly Norm[], local: string, origin: 'live' | 'history' = 'live') {
    const applicable = applicableNorms({
      norms,
      facts: { kind: 'message', origin },
      purpose: 'final-answer',
      startsAt: 'received',
      startedAt: shanghai(local),
      now,
    })
    return [...applicable.norms.map(({ id, version }) => `${id} ${version}`), applicable.retrospective]
  }

  test('is that of the start in Asia/Shanghai; a change affects only clocks that start after it', () => {
    expect(idsAt([old, changed], '2026-06-30 23:59:59.999')).toEqual(['answer 1', false])
    expect(idsAt([old, changed], '2026-07-01 00:00')).toEqual(['answer 2', false])
  })

  test('includes its first and its last', () => {
    const year = norm({ validFrom: '2024-01-01', validTo: '2024-12-31' })
    expect(idsAt([year], '2024-01-01 00:00')).toEqual(['test-norm 1', false])
    expect(idsAt([year], '2024-12-31 23:59:59.999')).toEqual(['test-norm 1', false])
    expect(idsAt([year], '2025-01-01 00:00')).toEqual([false])
    expect(idsAt([year], '2023-12-31 23:59:59.999')).toEqual([false])
  })

  test('once a version has ended, no older one comes back', () => {
    expect(idsAt([old, { ...changed, validTo: '2026-08-31' }], '2026-09-01 00:00')).toEqual([false])
  })

  test('for history is its own where a norm held then, else today, and it says so', () => {
    expect(idsAt([norm({ validFrom: '2023-08-02' })], '2019-05-05 09:00', 'history')).toEqual(['test-norm 1', true])
    expect(idsAt([norm({ validFrom: '2014-12-01' })], '2019-05-05 09:00', 'history')).toEqual(['test-norm 1', false])
    expect(idsAt([norm({ validFrom: '2023-08-02' })], '2019-05-05 09:00', 'live')).toEqual([false])
  })

  test('for history is neither a day to come nor one long past', () => {
    expect(idsAt([norm({ validFrom: '2027-01-01' })], '2019-05-05 09:00', 'history')).toEqual([false])
    expect(idsAt([norm({ validFrom: '2023-01-01', validTo: '2023-12-31' })], '2019-05-05 09:00', 'history')).toEqual([
      false,
    ])
  })

  test('old messages to the governor are judged by today’s 5 days, old letters to leaders by the 7 of their time', () => {
    const startedAt = shanghai('2019-05-06 09:00')
    const governor = set({ startedAt, facts: message({ origin: 'history', channel: 'governor-suggestions' }) })
    expect(governor).toMatchObject({ norm: { id: 'governor-suggestions-answer' }, retrospective: true })
    expect(lastDay(governor.due)).toBe('2019-05-13')
    const mailbox = set({ startedAt, facts: message({ origin: 'history', channel: 'leaders-mailbox' }) })
    expect(mailbox).toMatchObject({ norm: { id: 'message-answer-history' }, retrospective: false })
    const before = shanghai('2012-05-07 09:00')
    const earlier = set({ startedAt: before, facts: message({ origin: 'history', channel: 'leaders-mailbox' }) })
    expect(earlier).toMatchObject({ norm: { id: 'message-answer' }, retrospective: true })
  })
})

describe('of several norms', () => {
  test('the earliest due rules, whatever their layer', () => {
    const norms = [
      norm({ id: 'loose-county', within: { amount: 20, unit: 'working-days' } }),
      norm({ id: 'state', layer: 'state-council', within: { amount: 7, unit: 'working-days' } }),
      norm({ id: 'days', layer: 'province', within: { amount: 8, unit: 'calendar-days' } }),
    ]
    const deadline = set({ startedAt: monday, norms })
    expect(deadline.norm.id).toBe('days')
    expect(deadline.others.map((other) => other.norm.id)).toEqual(['state', 'loose-county'])
  })

  test('equally early, the stronger layer is named', () => {
    const norms = [norm({ id: 'a-county' }), norm({ id: 'b-state', layer: 'state-council' })]
    expect(set({ startedAt: monday, norms }).norm.id).toBe('b-state')
    expect(set({ startedAt: monday, norms: norms.toReversed() }).norm.id).toBe('b-state')
  })

  test('a later one that runs into an unknown year leaves the deadline sure', () => {
    const deadline = set({ startedAt: shanghai('2026-12-20 09:00') })
    expect(lastDay(deadline.due)).toBe('2026-12-25')
    expect(deadline.provisional).toBe(false)
    expect(deadline.others.map((other) => lastDay(other.due))).toEqual(['2026-12-29'])
  })

  test('the one of hours is unsure where another could turn out earlier', () => {
    const hours = norm({ id: 'hours', within: { amount: 60, unit: 'hours' } })
    const days = norm({ id: 'days', within: { amount: 1, unit: 'working-days' } })
    const startedAt = shanghai('2027-01-01 09:00')
    expect(set({ startedAt, norms: [hours] })).toMatchObject({ norm: { id: 'hours' }, provisional: false })
    expect(set({ startedAt, norms: [hours, days] })).toMatchObject({ norm: { id: 'hours' }, provisional: true })
  })
})

describe('answered in time', () => {
  const deadline = set({ startedAt: monday })

  test('is what happens up to the last millisecond of the last day', () => {
    expect(isInTime(deadline, shanghai('2026-11-16 23:59:59.999'))).toBe(true)
    expect(isInTime(deadline, shanghai('2026-11-17 00:00:00.000'))).toBe(false)
  })

  test('up to close of business, its moment included', () => {
    const closing = set({ startedAt: monday, norms: [norm({ endsAt: 'close-of-business' })] })
    expect(isInTime(closing, shanghai('2026-11-16 17:30'))).toBe(true)
    expect(isInTime(closing, shanghai('2026-11-16 17:30:00.001'))).toBe(false)
  })
})

describe('an extension', () => {
  const extendable = norm({
    id: 'county',
    extension: { until: { amount: 20, unit: 'working-days' }, times: 1, approver: 'coordinator' },
  })
  const state = norm({
    id: 'state',
    layer: 'state-council',
    within: { amount: 7, unit: 'working-days' },
    extension: { until: { amount: 15, unit: 'working-days' }, times: 1, approver: 'coordinator' },
  })

  function extend(norms: readonly Norm[], timesExtended = 0, deadline = set({ startedAt: monday, norms })) {
    return extendDeadline({ deadline, norms, calendar, timesExtended })
  }

  test('counts from the same start: 7 working days become 15', () => {
    const deadline = set({ startedAt: monday, facts: message({ channel: 'phone' }) })
    const extension = extendDeadline({ deadline, norms: defaultNorms, calendar, timesExtended: 0 })
    if (extension.outcome === 'refused') throw new Error(extension.code)
    expect(extension.approver).toBe('coordinator')
    expect(extension.deadline).toMatchObject({ within: { amount: 15 }, startedAt: monday, norm: deadline.norm })
    expect(lastDay(extension.deadline.due)).toBe('2026-11-30')
    expect(deadlineFormat.parse(extension.deadline)).toEqual(extension.deadline)
  })

  test('never passes what a stronger norm allows at its furthest', () => {
    const extension = extend([extendable, state])
    if (extension.outcome === 'refused') throw new Error(extension.code)
    expect(extension.deadline.norm.id).toBe('state')
    expect(lastDay(extension.deadline.due)).toBe('2026-11-30')
    expect(extension.deadline.others.map((other) => [other.norm.id, lastDay(other.due)])).toEqual([
      ['county', '2026-12-07'],
    ])
  })

  test('stops at a norm that knows none', () => {
    const extension = extend([extendable, { ...state, extension: null }])
    if (extension.outcome === 'refused') throw new Error(extension.code)
    expect(lastDay(extension.deadline.due)).toBe('2026-11-18')
  })

  test('is refused where another norm leaves no room: a county may have promised to be stricter', () => {
    const five = { amount: 5, unit: 'working-days' as const }
    expect(extend([{ ...state, within: five }, norm({ id: 'strict-county', within: five })])).toEqual({
      outcome: 'refused',
      code: 'EXTENSION_LIMITED',
    })
  })

  test('is refused where the norm knows none, it is used up, or the norm is not at hand', () => {
    expect(extend([norm()])).toEqual({ outcome: 'refused', code: 'NOT_EXTENDABLE' })
    expect(extend([extendable], 1)).toEqual({ outcome: 'refused', code: 'EXTENSION_USED_UP' })
    const deadline = set({ startedAt: monday, norms: [extendable, state] })
    expect(extend([], 0, deadline)).toEqual({ outcome: 'refused', code: 'NORM_UNKNOWN' })
    expect(extend([extendable], 0, deadline)).toEqual({ outcome: 'refused', code: 'NORM_UNKNOWN' })
    expect(extend([{ ...extendable, version: 2 }, state], 0, deadline)).toEqual({
      outcome: 'refused',
      code: 'NORM_UNKNOWN',
    })
  })
})

describe('a provisional deadline', () => {
  const notice2027 = {
    year: 2027,
    source: 'a notice of a test',
    days: [
      { date: '2027-01-01', name: '元旦', off: true },
      { date: '2027-01-02', name: '元旦', off: true },
      { date: '2027-01-03', name: '元旦', off: true },
    ],
  }
  const later = buildCalendar([...notices, notice2027])

  test('is recomputed by the calendar that comes, from the same start and by the same norms', () => {
    const provisional = set({ startedAt: shanghai('2026-12-29 09:00') })
    expect(provisional.provisional).toBe(true)
    expect(lastDay(provisional.due)).toBe('2027-01-05')
    const recomputed = recomputeDeadline(provisional, later)
    expect(lastDay(recomputed.due)).toBe('2027-01-06')
    expect(recomputed).toMatchObject({ provisional: false, calendarVersion: later.version, norm: provisional.norm })
    expect(recomputed).toEqual(set({ startedAt: shanghai('2026-12-29 09:00'), calendar: later }))
  })

  test('keeps its close of business', () => {
    const provisional = set({
      startedAt: shanghai('2026-12-29 09:00'),
      norms: [norm({ endsAt: 'close-of-business' })],
      closeOfBusinessMinutes: 16 * 60 + 45,
    })
    expect(inShanghai(recomputeDeadline(provisional, later).due)).toBe('2027-01-06 16:45:00.000')
  })
})

describe('real replies', () => {
  test.skipIf(sharedReplies === null || sharedHolidays === null)(
    '37.7 % answered in time by 5 working days, as an independent count says',
    () => {
      const off = new Map<string, boolean>()
      for (let year = 2007; year <= 2026; year++) {
        const file = JSON.parse(readFileSync(`${sharedHolidays}${year}.json`, 'utf8')) as {
          days: { date: string; isOffDay: boolean }[]
        }
        for (const day of file.days) off.set(day.date, day.isOffDay)
      }
      let inTime = 0
      let independently = 0
      const rows = readFileSync(sharedReplies ?? '', 'utf8')
        .trimEnd()
        .split('\n')
      for (const row of rows) {
        const { time, reply_time: replyTime } = JSON.parse(row) as { time: string; reply_time: string }
        const deadline = computeDeadline({
          norms: defaultNorms,
          facts: { kind: 'message', origin: 'history', channel: 'governor-suggestions' },
          purpose: 'final-answer',
          startsAt: 'received',
          startedAt: shanghai(time.slice(0, 19)),
          now,
          calendar,
        })
        if (deadline !== null && isInTime(deadline, shanghai(replyTime.slice(0, 19)))) inTime++

        let day = Temporal.PlainDate.from(time.slice(0, 10))
        for (let left = 5; left > 0;) {
          day = day.add({ days: 1 })
          if (!(off.get(day.toString()) ?? day.dayOfWeek > 5)) left--
        }
        if (replyTime.slice(0, 10) <= day.toString()) independently++
      }
      expect(inTime).toBe(independently)
      expect({ rows: rows.length, inTime }).toEqual({ rows: 1_786, inTime: 674 })
    },
  )
})
