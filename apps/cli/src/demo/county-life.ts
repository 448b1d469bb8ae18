import { join } from 'node:path'
import type { ImportReport } from '#application'
import type { Embedded } from '../../../standalone/src/embedded.ts'
import { openEmbedded } from '../../../standalone/src/embedded.ts'
import { furnish } from './county/furnish.ts'
import { Pages } from './county/pages.ts'
import { DemoFault } from './fault.ts'
import { Cast } from './lives/cast.ts'
import { writeBadRows, writePast } from './lives/past.ts'
import { plainly, programme } from './lives/programme.ts'
import type { Role } from './lives/programme.ts'
import { MovedClock } from './play/moved-clock.ts'
import { Player } from './play/player.ts'
import { Stage } from './play/stage.ts'
import { dayNumber, momentAt, momentOf, WorkingTime } from './play/working-time.ts'
import { Random } from './random.ts'

export const STARTS_AT = '2026-08-24 08:30'
/** A Friday, when the lists of the day have been drawn and the work of the day has begun. */
export const ENDS_AT = '2026-11-20 09:20'

const PAST_SHARE = 0.12
const POSTS_SHARE = 0.12

export interface LifeOptions {
  /** Where the stores are made. */
  folder: string
  /** How many items come in, about; fewer than some 130 are not enough for every kind of life. */
  items: number
  seed: number
  /** Told of each half-day: how much of the time has gone by, 0 to 1. */
  onHalfDay?: (nowMs: number, share: number) => void
  /** Told what an import came to. */
  onImport?: (report: ImportReport) => void
  signal?: AbortSignal
}

/** A county that was lived in. */
export interface LivedCounty {
  huiying: Embedded
  clock: MovedClock
  pages: Pages
}

/** Three months of 云溪县. Whoever is given it closes it. Throws a `DemoFault` where something goes otherwise than it should. */
export async function liveThreeMonths(options: LifeOptions): Promise<LivedCounty> {
  const { folder, items, seed, onHalfDay, signal = new AbortController().signal } = options
  const clock = new MovedClock(momentAt(STARTS_AT))
  const pages = new Pages()
  const huiying = await openEmbedded({ folder: join(folder, 'data'), clock, pageChecker: pages })
  try {
    const stage = new Stage(huiying, clock, pages)
    const random = new Random(seed)
    await furnish(stage)
    const past = Math.round(items * PAST_SHARE)
    await importPast(options, stage, past, random.for('past'))

    const time = new WorkingTime(huiying.application.settings.current.calendar)
    const [startMs, endMs] = [momentAt(STARTS_AT), momentAt(ENDS_AT)]
    const player = new Player({
      stage,
      time,
      onHalfDay: (nowMs) => onHalfDay?.(nowMs, (nowMs - startMs) / (endMs - startMs)),
      signal,
    })
    for (const [name, role] of castOf(items, past)) {
      const own = random.for(name)
      const cast = new Cast({ name, random: own, time, startMs: beginning(role, own, time) })
      player.add(role.life(cast))
    }
    await player.play(startMs, endMs)
    clock.moveTo(endMs)
    await huiying.settled()
    return { huiying, clock, pages }
  } catch (error) {
    await huiying.close()
    throw error
  }
}

/** Who lives, each under a name of its own. */
function* castOf(items: number, past: number): Generator<[name: string, role: Role]> {
  const posts = Math.max(12, Math.round(items * POSTS_SHARE))
  let left = items - past
  for (const role of programme(posts)) {
    const count = Math.max(1, Math.round((role.count * items) / 300))
    for (let at = 1; at <= count; at += 1) yield [`${role.name}-${at}`, role]
    left -= count * role.items
  }
  for (let at = 1; at <= left; at += 1) yield [`${plainly.name}-${at}`, plainly]
}

/** At some hour, of the day or the night, of a working day so many working days before the end. */
function beginning({ begins: [earliest, latest] }: Role, random: Random, time: WorkingTime): number {
  const endMs = momentAt(ENDS_AT)
  const days = random.between(latest, earliest)
  let day = dayNumber(endMs)
  for (let left = days; left > 0;) {
    day -= 1
    if (time.isWorking(day)) left -= 1
  }
  const [from, to] = days === 0 ? [8 * 60 + 32, 9 * 60 + 15] : [7 * 60 + 30, 22 * 60]
  const moment = momentOf(day, random.between(from, to))
  return Math.max(moment, momentAt(STARTS_AT) + random.between(90, 400) * 60_000)
}

/** 往年留言 of a file, and a file with mistakes in it. */
async function importPast({ folder, onImport }: LifeOptions, stage: Stage, count: number, random: Random): Promise<void> {
  const [past, bad] = [join(folder, '往年留言.csv'), join(folder, '补传留言.csv')]
  await writePast(past, count, random)
  await writeBadRows(bad)
  for (const [path, refused] of [
    [past, 0],
    [bad, 4],
  ] as const) {
    const report = await stage.huiying.application.importFile({
      path,
      channelId: 'leaders-mailbox',
      kind: 'message',
      dryRun: false,
    })
    await stage.huiying.settled()
    if (report.refused !== refused) throw new DemoFault(`${path} 应拒收 ${refused} 行，实为 ${report.refused} 行`)
    onImport?.(report)
  }
}

