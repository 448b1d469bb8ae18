import { join } from 'node:path'
import type { ImportReport } from '#application'
import type { Embedded } from '../../../standalone/src/embedded.ts'
import { openEmbedded } from '../../../standalone/src/embedded.ts'
import { furnish } from './county/furnish.ts'
import { Pages } from './county/pages.ts'
import { Cast } from './lives/cast.ts'
import { beginningOf, castOf } from './lives/casting.ts'
import { PastImport } from './lives/past.ts'
import { MovedClock } from './play/moved-clock.ts'
import { Player } from './play/player.ts'
import { Stage } from './play/stage.ts'
import { momentAt, WorkingTime } from './play/working-time.ts'
import { Random } from './random.ts'

export const STARTS_AT = '2026-08-24 08:30'
/** A Friday, when the lists of the day have been drawn and the work of the day has begun. */
export const ENDS_AT = '2026-11-20 09:20'

export interface LifeOptions {
  /** Where the stores are made. */
  folder: string
  /** How many items come in, about; fewer than 150 are not enough for every kind of life. */
  items: number
  seed: number
  /** Told of each half-day, and of how much of the time has gone by, 0 to 1. */
  onHalfDay?: (huiying: Embedded, nowMs: number, share: number) => Promise<void>
  /** Told what an import came to. */
  onImport?: (name: string, report: ImportReport) => void
  /** Aborted: stops after what is in hand. */
  signal?: AbortSignal
  /** `2026-09-18 12:00`: where the history breaks off; its end, where nothing is said. */
  until?: string
}

/** A county that was lived in. */
export interface LivedCounty {
  huiying: Embedded
  clock: MovedClock
}

/**
 * Three months of 云溪县; fewer where it was stopped. Whoever is given it closes it. Throws a `DemoFault` where something goes
 * otherwise than it should.
 */
export async function liveThreeMonths(options: LifeOptions): Promise<LivedCounty> {
  const { folder, items, seed, onHalfDay, onImport, signal = new AbortController().signal, until = ENDS_AT } = options
  const [startMs, endMs] = [momentAt(STARTS_AT), momentAt(ENDS_AT)]
  const clock = new MovedClock(startMs)
  const pages = new Pages()
  const huiying = await openEmbedded({ folder: join(folder, 'data'), clock, pageChecker: pages })
  try {
    const stage = new Stage(huiying, clock, pages)
    const random = new Random(seed)
    await furnish(stage)
    const past = new PastImport(folder, items, random.for('past'))
    await past.run(stage, onImport)

    const time = new WorkingTime(huiying.application.settings.current.calendar)
    const player = new Player({
      stage,
      time,
      signal,
      onHalfDay: async (nowMs) => onHalfDay?.(huiying, nowMs, (nowMs - startMs) / (endMs - startMs)),
    })
    player.add(past.second())
    for (const [name, role] of castOf(items, past.rows)) {
      const own = random.for(name)
      player.add(
        role.life(new Cast({ name, random: own, time, startMs: beginningOf(role, own, time, startMs, endMs) })),
      )
    }
    await player.play(startMs, momentAt(until))
    if (!signal.aborted) clock.moveTo(momentAt(until))
    await huiying.settled()
    return { huiying, clock }
  } catch (error) {
    await huiying.close()
    throw error
  }
}
