import { z } from 'zod'
import { NOTICES_MAX } from './calendar.ts'
import { dateOf, dayNumberOf } from './day.ts'
import { holidayNotice } from './holiday-notice.ts'
import type { HolidayNotice } from './holiday-notice.ts'
import { PROBLEMS_MAX, problemsFrom } from './problems.ts'
import type { Problem } from './problems.ts'

/** Days one line of the file may span. */
const RANGE_DAYS_MAX = 31

/** `2026-01-01..2026-01-03 元旦`, or `2026-01-04 元旦` for a single day. */
const line = z.string().max(150)
const lines = z.array(line).max(60).default([])
const holidayFile = z.strictObject({
  notices: z
    .array(
      z.strictObject({
        year: holidayNotice.shape.year,
        source: holidayNotice.shape.source,
        off: lines,
        work: lines,
      }),
    )
    .min(1)
    .max(NOTICES_MAX),
})

export type HolidayFileResult =
  | { outcome: 'accepted'; notices: HolidayNotice[] }
  | { outcome: 'refused'; problems: Problem[] }

/**
 * Notices from a file's parsed content: `notices`, each with `year`, `source` and the lines `off` and `work`, in the order
 * in which they were issued. Each problem names its place.
 */
export function holidayNoticesFrom(content: unknown): HolidayFileResult {
  const file = holidayFile.safeParse(content)
  if (!file.success) return { outcome: 'refused', problems: problemsFrom(file.error) }
  const problems: Problem[] = []
  const notices = file.data.notices.map(({ year, source, off, work }, index) => {
    const place = `notices[${index}]`
    const days = [...daysFrom(off, true, `${place}.off`, problems), ...daysFrom(work, false, `${place}.work`, problems)]
    days.sort((a, b) => (a.date < b.date ? -1 : 1))
    const notice = { year, source, days }
    if (days.length === 0) problems.push(problem('NOTICE_EMPTY', place, 'List at least one day.'))
    problems.push(...checkHolidayNotice(notice, place))
    return notice
  })
  return problems.length > 0
    ? { outcome: 'refused', problems: problems.slice(0, PROBLEMS_MAX) }
    : { outcome: 'accepted', notices }
}

/** What a notice's shape does not say: each day once, and within a year of the notice's own. */
export function checkHolidayNotice(notice: HolidayNotice, place = ''): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const { date } of notice.days) {
    if (seen.has(date)) problems.push(problem('DAY_TWICE', place, `${date} is listed twice. Keep one.`))
    seen.add(date)
    if (Math.abs(Number(date.slice(0, 4)) - notice.year) > 1) {
      problems.push(
        problem('DAY_OUT_OF_PLACE', place, `${date} is far from ${notice.year}. Correct the day or the year.`),
      )
    }
  }
  return problems
}

function daysFrom(entries: readonly string[], off: boolean, place: string, problems: Problem[]): HolidayNotice['days'] {
  return entries.flatMap((entry, index) => {
    const at = `${place}[${index}]`
    const match = /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))? (\S.{0,99})$/.exec(entry)
    const first = match?.[1]
    const last = match?.[2] ?? first
    const name = match?.[3]
    if (first === undefined || last === undefined || name === undefined || !isDay(first) || !isDay(last)) {
      problems.push(problem('DAY_ENTRY_INVALID', at, 'Write it as 2026-01-01..2026-01-03 元旦 or 2026-01-04 元旦.'))
      return []
    }
    const [from, to] = [dayNumberOf(first), dayNumberOf(last)]
    if (to < from || to - from >= RANGE_DAYS_MAX) {
      problems.push(problem('RANGE_INVALID', at, `From the earlier to the later day, at most ${RANGE_DAYS_MAX} days.`))
      return []
    }
    return Array.from({ length: to - from + 1 }, (_, offset) => ({ date: dateOf(from + offset), name, off }))
  })
}

function isDay(text: string): boolean {
  return z.iso.date().safeParse(text).success
}

function problem(code: string, place: string, message: string): Problem {
  return { code, place, message }
}
