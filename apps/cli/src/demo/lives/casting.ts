import type { Random } from '../random.ts'
import { dayNumber, momentOf } from '../play/working-time.ts'
import type { WorkingTime } from '../play/working-time.ts'
import { plainly, programme } from './programme.ts'
import type { Role } from './programme.ts'

/** Of all items, those of the event that spreads. */
const POSTS_SHARE = 0.12
const POSTS_MIN = 12
/** More would not fit between the hours of the event. */
const POSTS_MAX = 50
/** The counts of the programme are of so many. */
const ITEMS_OF_PROGRAMME = 300

/** Who lives, each under a name of its own. `past`: items that were imported. */
export function* castOf(items: number, past: number): Generator<[name: string, role: Role]> {
  const posts = Math.min(Math.max(POSTS_MIN, Math.round(items * POSTS_SHARE)), POSTS_MAX)
  let left = items - past
  for (const role of programme(posts)) {
    const count = Math.max(1, Math.round((role.count * items) / ITEMS_OF_PROGRAMME))
    for (let at = 1; at <= count; at += 1) yield [`${role.name}-${at}`, role]
    left -= count * role.items
  }
  for (let at = 1; at <= left; at += 1) yield [`${plainly.name}-${at}`, plainly]
}

/** At some hour, early or late, of a working day so many working days before the end; what begins then lies untouched. */
export function beginningOf(
  { begins: [earliest, latest] }: Role,
  random: Random,
  time: WorkingTime,
  startMs: number,
  endMs: number,
): number {
  const days = random.between(latest, earliest)
  let day = dayNumber(endMs)
  for (let left = days; left > 0;) {
    day -= 1
    if (time.isWorking(day)) left -= 1
  }
  const [from, to] = days === 0 ? [8 * 60 + 32, 9 * 60 + 15] : [7 * 60 + 30, 22 * 60]
  const afterOpening = startMs + random.between(90, 400) * 60_000
  return Math.max(momentOf(day, random.between(from, to)), afterOpening)
}
