const DAY_MS = 86_400_000
const SHANGHAI_OFFSET_MS = 8 * 3_600_000
const HOURS_MAX = 10_000

/** By hour, `2026-11-23T06`: whoever counts asks for every event, and few hours hold many events. */
const known = new Map<string, string>()

/** The day in Asia/Shanghai, `2026-11-23`, of an instant; the zone has kept UTC+8 without summer time since 1992. */
export function businessDay(instant: string): string {
  const hour = instant.slice(0, 13)
  const found = known.get(hour)
  if (found !== undefined) return found
  const day = new Date(Date.parse(`${hour}:00:00.000Z`) + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10)
  if (known.size >= HOURS_MAX) known.clear()
  known.set(hour, day)
  return day
}

/** When a day begins in Asia/Shanghai (instant). */
export function startOfBusinessDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) - SHANGHAI_OFFSET_MS).toISOString()
}

/** Its last millisecond. */
export function endOfBusinessDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS - SHANGHAI_OFFSET_MS - 1).toISOString()
}
