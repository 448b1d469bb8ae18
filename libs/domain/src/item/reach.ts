import type { Reach } from './events.ts'
import type { HeldItem } from './state.ts'

const HOUR_MS = 3_600_000
const MEASURES = ['views', 'reposts', 'comments', 'likes'] as const

/** Whether an observation is worth an event: the first is, then any measure grown by a fifth, at most once an hour. */
export function grewEnough({ reach, reachObservedAt }: HeldItem, now: Reach, observedAt: string): boolean {
  if (MEASURES.every((measure) => now[measure] === null)) return false
  if (reach === null || reachObservedAt === null) return true
  const sinceMs =
    Temporal.Instant.from(observedAt).epochMilliseconds - Temporal.Instant.from(reachObservedAt).epochMilliseconds
  return sinceMs >= HOUR_MS && MEASURES.some((measure) => grewByAFifth(reach[measure], now[measure]))
}

function grewByAFifth(before: number | null, now: number | null): boolean {
  if (now === null) return false
  return before === null || (now > before && now >= before + before / 5)
}
