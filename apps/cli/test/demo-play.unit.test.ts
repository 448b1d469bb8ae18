import { setTimeout as pause } from 'node:timers/promises'
import { buildCalendar } from '#calendar'
import { expect, test } from 'vitest'
import { promisedDay } from '../src/demo/lives/due.ts'
import { MovedClock } from '../src/demo/play/moved-clock.ts'
import { Player } from '../src/demo/play/player.ts'
import type { Stage } from '../src/demo/play/stage.ts'
import type { Life } from '../src/demo/play/step.ts'
import { momentAt, WorkingTime } from '../src/demo/play/working-time.ts'
import { Random } from '../src/demo/random.ts'
import { local } from '../src/times.ts'

/** 国庆 from Thursday to the next Wednesday, made up for on a Saturday. */
const calendar = buildCalendar([
  {
    year: 2026,
    source: 'https://www.gov.cn/',
    days: [
      ...['01', '02', '03', '04', '05', '06', '07'].map((day) => ({
        date: `2026-10-${day}`,
        off: true,
        name: '国庆节',
      })),
      { date: '2026-10-10', off: false, name: '国庆节' },
    ],
  },
])
const time = new WorkingTime(calendar)
const said = (ms: number) => local(new Date(ms).toISOString())

test.each([
  ['2026-09-30 08:30', 0, '2026-09-30 08:30'],
  ['2026-09-30 03:00', 10, '2026-09-30 08:40'],
  ['2026-09-30 11:55', 10, '2026-09-30 14:05'],
  ['2026-09-30 17:25', 10, '2026-10-08 08:35'],
  ['2026-10-09 17:30', 1, '2026-10-10 08:31'],
  ['2026-09-30 08:30', 840, '2026-10-09 08:30'],
])('from %s, %i office minutes end at %s', (from, minutes, to) => {
  expect(said(time.after(momentAt(from), minutes))).toBe(to)
})

test('working days are counted over holidays and made-up days', () => {
  expect(said(time.onDayAfter(momentAt('2026-09-29 16:00'), 2, 5))).toBe('2026-10-08 08:35')
  expect(said(time.onDayAfter(momentAt('2026-10-09 16:00'), 1, 300))).toBe('2026-10-10 15:30')
})

test.each([
  ['2026-10-17', 8, 'day', '2026-10-25', '10月25日前'],
  ['2026-10-17', 2, 'ten-days', '2026-10-20', '10月中旬'],
  ['2026-10-17', 10, 'ten-days', '2026-10-31', '10月下旬'],
  ['2026-10-17', 20, 'month', '2026-11-30', '11月底前'],
  ['2026-12-20', 20, 'month', '2027-01-31', '明年1月底前'],
  ['2026-10-17', 90, 'quarter', '2027-03-31', '明年一季度末前'],
  ['2026-03-01', 30, 'half-year', '2026-06-30', '上半年'],
  ['2026-10-17', 90, 'year', '2026-12-31', '年底前'],
] as const)('on %s, in %i days by the %s is %s: %s', (today, days, precision, date, words) => {
  const promised = promisedDay(today, days, precision)
  expect(promised).toEqual({ due: { kind: 'date', date, precision, words: null }, words })
})

test('chance of a purpose is the same whatever is drawn for others, and another for another', () => {
  const draws = (random: Random) => Array.from({ length: 20 }, () => random.between(0, 99))
  const one = new Random(7)
  const other = new Random(7)
  draws(other)
  expect(draws(one.for('plain-1'))).toEqual(draws(other.for('plain-1')))
  expect(draws(one.for('plain-1'))).not.toEqual(draws(one.for('plain-2')))
  expect(draws(one.for('plain-1'))).not.toEqual(draws(new Random(8).for('plain-1')))
})

test('what is done together has each its own moment, and what follows that of what it follows from', async () => {
  const { log, play } = theatre()
  const life = function* (name: string, ...moments: (readonly [at: string, consequential?: boolean])[]): Life {
    for (const [at, hasConsequences = false] of moments) {
      yield {
        atMs: momentAt(`2026-09-30 ${at}`),
        hasConsequences,
        run: async ({ clock }) => {
          await pause(1)
          log.push(`${name} ${said(clock.now()).slice(11)}`)
        },
      }
    }
  }
  await play(
    [
      life('a', ['09:00'], ['09:20', true], ['16:00']),
      life('b', ['09:10'], ['09:15', true], ['18:00']),
      life('c', ['09:30']),
    ],
    '2026-09-30 17:00',
  )
  expect(log).toEqual([
    // The clock's own turns: after midnight is past, lists and noon are not.
    'a 09:00',
    'b 09:10',
    'c 09:30',
    'b 09:15',
    'followed 09:15',
    'a 09:20',
    'followed 09:20',
    'tick 13:00',
    'a 16:00',
  ])
})

test('a life that fails ends the play and says when', async () => {
  const { play } = theatre()
  const failing = function* (): Life {
    yield {
      atMs: momentAt('2026-09-30 09:00'),
      hasConsequences: false,
      run: () => Promise.reject(new Error('no such thing')),
    }
  }
  await expect(play([failing()], '2026-09-30 17:00')).rejects.toThrow('no such thing')
})

/** A stage on which nothing but the clock is real. */
function theatre() {
  const log: string[] = []
  const clock = new MovedClock(momentAt('2026-09-30 08:30'))
  const now = () => said(clock.now()).slice(11)
  const stage = {
    clock,
    followed: () => Promise.resolve(void log.push(`followed ${now()}`)),
    letTimeAct: () => Promise.resolve(void log.push(`tick ${now()}`)),
  } as unknown as Stage
  const player = new Player({
    stage,
    time,
    onHalfDay: () => Promise.resolve(),
    signal: new AbortController().signal,
  })
  const play = async (lives: Life[], until: string) => {
    for (const life of lives) player.add(life)
    await player.play(momentAt('2026-09-30 08:30'), momentAt(until))
  }
  return { log, play }
}
