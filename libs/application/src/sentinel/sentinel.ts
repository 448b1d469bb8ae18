import type { Settings } from '#domain'
import type { ReadStore } from '#read-store'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import type { AgendaDocument } from '../projections/casework/agenda.ts'
import { markMissed, recountDeadlines, remindOverdue, warn, warnByHour } from './deadline-duties.ts'
import type { Duty, Range } from './duty.ts'
import { Giver } from './giver.ts'
import { inParallel } from './in-parallel.ts'
import { momentAt, nextDailyMoment } from './moment.ts'
import type { Moment } from './moment.ts'
import { markOverdue, markStalled } from './promise-duties.ts'
import { Tally } from './report.ts'
import type { TickReport } from './report.ts'
import { WatchLists } from './watch-lists.ts'

/** Deadlines are counted anew before they are found to be missed. */
const DUTIES: readonly Duty[] = [
  recountDeadlines,
  markMissed,
  warn,
  warnByHour,
  remindOverdue,
  markOverdue,
  markStalled,
]

const PAGE_SIZE = 200
/** Entries that one duty looks at in one tick; the next goes on behind them. */
const ENTRIES_MAX = 1_000
/** Commands given at once, each to a stream of its own as a rule. */
const CONCURRENCY_MAX = 16
/** Clocks of machines that write together differ by less. */
const SKEW_MS_MAX = 60_000
/** A clock that was further ahead than this was wrong, and what it recorded holds nobody back. */
const AHEAD_MS_MAX = 366 * 86_400_000

export interface SentinelParts {
  views: ReadStore
  settings: () => Settings
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  clock: Clock
  /** Waits until a read model shows a token; false where that took too long. */
  reached: (projection: string, token: string) => Promise<boolean>
}

/** Where a duty broke off. */
interface Pass {
  ranges: Range[]
  cursor: string | null
}

/**
 * 时钟: what happens because time passed. It asks the agenda what is due, and gives the commands to the streams, which
 * decide; their ids come from what is due and not from the tick, so that another sentinel, a restart or a second tick
 * writes nothing twice. It keeps nothing that it could not do without.
 */
export class Sentinel {
  readonly #parts: SentinelParts
  readonly #giver: Giver
  readonly #watchLists: WatchLists
  readonly #passes = new Map<Duty, Pass>()
  /** The latest moment that it was run for, in milliseconds. */
  #latestMs = 0

  constructor(parts: SentinelParts) {
    this.#parts = parts
    this.#giver = new Giver(parts.execute)
    this.#watchLists = new WatchLists(parts.views, this.#giver)
  }

  /**
   * Does everything that is due by `nowMs`, at most 1,000 entries of each duty; the rest is for the next tick, which goes on
   * behind them. Does nothing while the clock stands before what was recorded, or before where it stood. Breaks off when
   * `signal` aborts. Throws what stores throw; whatever was done by then is done.
   */
  async tick(nowMs: number = this.#parts.clock.now(), signal?: AbortSignal): Promise<TickReport> {
    const moment = momentAt(nowMs, this.#parts.settings())
    const heldBackUntil = await this.#heldBackUntil(nowMs)
    if (heldBackUntil !== null) {
      return { at: moment.now, heldBack: true, done: {}, failed: [], failures: 0, more: false, nextAt: heldBackUntil }
    }
    this.#latestMs = nowMs
    const tally = new Tally()
    let more = false
    for (const duty of DUTIES) {
      // What one duty did may be what makes the next one due.
      await this.#catchUp()
      more = (await this.#carryOut(duty, moment, tally, signal)) || more
    }
    // Lists say what is so after all that.
    const isShown = await this.#catchUp()
    if (!more) more = !isShown || (await this.#watchLists.draw(moment, tally))
    const { done, failed, failures } = tally
    const nextAt = await this.#nextAt(moment)
    return { at: moment.now, heldBack: false, done, failed, failures, more, nextAt }
  }

  /** Whether there is more. */
  async #carryOut(duty: Duty, moment: Moment, tally: Tally, signal: AbortSignal | undefined): Promise<boolean> {
    const { ranges, cursor } = this.#passes.get(duty) ?? { ranges: duty.due(moment), cursor: null }
    this.#passes.delete(duty)
    let next = cursor
    let seen = 0
    while (ranges.length > 0) {
      if (seen >= ENTRIES_MAX || signal?.aborted === true) {
        this.#passes.set(duty, { ranges, cursor: next })
        return true
      }
      const page = await this.#parts.views.query('agenda', {
        where: { next: { in: duty.next }, at: ranges[0]! },
        sort: { field: 'at', direction: 'ascending' },
        limit: PAGE_SIZE,
        cursor: next,
        reader: 'system',
      })
      await inParallel(page.documents as AgendaDocument[], CONCURRENCY_MAX, async (entry) => {
        const consequence = duty.command(entry, moment)
        if (consequence !== null) await this.#giver.give(duty, entry.cause, consequence, tally)
      })
      seen += page.documents.length
      next = page.next
      if (next === null) ranges.shift()
    }
    return false
  }

  async #nextAt(moment: Moment): Promise<string> {
    let soonest = nextDailyMoment(moment)
    for (const { next, later } of DUTIES) {
      if (later === null) continue
      const { documents } = await this.#parts.views.query('agenda', {
        where: { next: { in: next }, at: later.after(moment) },
        sort: { field: 'at', direction: 'ascending' },
        limit: 1,
        reader: 'system',
      })
      const [entry] = documents as AgendaDocument[]
      const at = entry === undefined ? null : later.when(entry, moment)
      if (at !== null && at > moment.now && at < soonest) soonest = at
    }
    return soonest
  }

  /** The moment that the clock must have reached again; null where it has. */
  async #heldBackUntil(nowMs: number): Promise<string | null> {
    const { asOf } = await this.#parts.views.progress('casework')
    const knownMs = Math.max(this.#latestMs, asOf === null ? 0 : Date.parse(asOf))
    const aheadMs = knownMs - nowMs
    return aheadMs > SKEW_MS_MAX && aheadMs <= AHEAD_MS_MAX ? instantAt(knownMs) : null
  }

  /** Waits until agenda and lists show what was written; where it takes too long, what is done twice changes nothing. */
  async #catchUp(): Promise<boolean> {
    const { token } = this.#giver
    if (token === null) return true
    const { reached } = this.#parts
    return (await Promise.all([reached('casework', token), reached('watch', token)])).every(Boolean)
  }
}
