import { readdirSync, readFileSync } from 'node:fs'

/** The published notices as they lie beside the repository, counted without any library of ours. */

interface Notice {
  days: { date: string; isOffDay: boolean }[]
}

const DAY_MS = 86_400_000

/** Which days are holidays or make-up working days, over all years: a notice governs the days it lists, whatever its year. */
export function publishedDays(folder: URL): Map<string, boolean> {
  const off = new Map<string, boolean>()
  for (const file of readdirSync(folder).sort()) {
    const { days } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Notice
    for (const { date, isOffDay } of days) off.set(date, isOffDay)
  }
  return off
}

/** The last of so many working days after a day, which itself does not count. */
export function workingDayAfter(day: string, count: number, off: ReadonlyMap<string, boolean>): string {
  let at = Date.parse(day)
  for (let left = count; left > 0;) {
    at += DAY_MS
    const weekday = new Date(at).getUTCDay()
    const date = new Date(at).toISOString().slice(0, 10)
    if (!(off.get(date) ?? (weekday === 0 || weekday === 6))) left -= 1
  }
  return new Date(at).toISOString().slice(0, 10)
}
