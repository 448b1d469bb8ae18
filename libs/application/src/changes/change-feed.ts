import type { From, Position } from '#event-store'
import { QueryRefused, readerOf } from '../queries/reading.ts'
import type { Asker } from '../queries/reading.ts'
import { shownTo } from './change.ts'
import type { Change } from './change.ts'
import { changesAfter } from './change-pages.ts'
import type { ChangePage, ChangePorts } from './change-pages.ts'
import { isBefore, RecentChanges } from './recent-changes.ts'

/** Changes that a reader may see, maybe none, and how far that is everything. */
export interface ShownChanges {
  changes: Change[]
  position: From
}

/**
 * Tells everybody who follows what changed, as far as they may see it: without gap and without repeat, in store order. The
 * store is followed once for all of them, and only while there is somebody. Nothing waits in a queue of its own: who is
 * slow comes back for more when they can, and reads what is no longer kept from the store.
 */
export class ChangeFeed {
  readonly #ports: ChangePorts
  readonly #nowMs: () => number
  #followers = 0
  #recent: Promise<RecentChanges> | null = null

  constructor(ports: ChangePorts, nowMs: () => number = () => performance.now()) {
    this.#ports = ports
    this.#nowMs = nowMs
  }

  /**
   * Follows from a position (exclusive), or from now on; the first page is empty and tells from where. Ends when the signal
   * aborts. Throws `CURSOR_INVALID` for a position that the store does not know, and what makes it impossible to go on.
   */
  async *follow(
    asker: Asker,
    from: Position | null,
    signal: AbortSignal,
  ): AsyncGenerator<ShownChanges, void, undefined> {
    const reader = readerOf(asker)
    const show = ({ changes, position }: ChangePage): ShownChanges => ({
      changes: changes.flatMap((change) => shownTo(reader, change) ?? []),
      position,
    })
    this.#followers += 1
    try {
      const recent = await (this.#recent ??= RecentChanges.start(this.#ports, this.#nowMs))
      const joinedAt = recent.position
      let place: From = from ?? joinedAt
      // Whoever followed elsewhere may be ahead of who is followed here, and waits until they are there.
      if (from === 'start' || (isBefore(joinedAt, place) && isBefore(await this.#ports.store.head(), place))) {
        throw new QueryRefused('CURSOR_INVALID', 'there is no such position')
      }
      // What came before is shown to those who may see it now, not to those who might have then.
      const next = async () =>
        isBefore(place, joinedAt) ? await changesAfter(this.#ports, place, joinedAt, signal) : null
      let page = await next()
      yield { changes: [], position: place }
      for (; page !== null; page = await next()) {
        place = page.position
        yield show(page)
        if (signal.aborted) return
      }
      for await (const page of this.#live(recent, place, signal)) yield show(page)
    } finally {
      this.#followers -= 1
      if (this.#followers === 0) await this.#stop()
    }
  }

  async *#live(recent: RecentChanges, from: From, signal: AbortSignal): AsyncGenerator<ChangePage, void, undefined> {
    for (let place = from; !signal.aborted;) {
      const kept = recent.after(place)
      if (kept === null) {
        await recent.more(signal)
        continue
      }
      const page = kept === 'gone' ? await changesAfter(this.#ports, place, recent.position, signal) : kept
      if (page === null) return
      place = page.position
      yield page
    }
  }

  async #stop(): Promise<void> {
    const recent = this.#recent
    this.#recent = null
    await (await recent?.catch(() => null))?.stop()
  }
}
