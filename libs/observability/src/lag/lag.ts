import type { From } from '#event-store'

/** More than anybody waits for; of a longer wait every other moment is forgotten. */
const MOMENTS_MAX = 240

/**
 * For how long somebody who follows the store has been behind. Positions say nothing of time or number, so that it is
 * remembered when the store was seen to have come how far.
 */
export class Lag {
  #moments: { head: From; atMs: number }[] = []

  /** Notes how far the store is now. `nowMs`: milliseconds that never run backwards. */
  note(head: From, nowMs: number): void {
    if (head === 'start' || this.#moments.at(-1)?.head === head) return
    this.#moments.push({ head, atMs: nowMs })
    if (this.#moments.length > MOMENTS_MAX) this.#moments = this.#moments.filter((_, at) => at % 2 === 0)
  }

  /** Seconds since the first moment at which the store was further than this; null: than nothing at all. */
  behindSeconds(position: From | null, nowMs: number): number {
    const missed = this.#moments.find(({ head }) => head > placeOf(position))
    return missed ? Math.max(0, nowMs - missed.atMs) / 1000 : 0
  }

  /** Forgets what everybody has reached. */
  forget(reached: readonly (From | null)[]): void {
    const [least = ''] = reached.map(placeOf).sort()
    this.#moments = this.#moments.filter(({ head }) => head > least)
  }
}

/** As text that sorts before every position where there is none. */
function placeOf(position: From | null): string {
  return position === null || position === 'start' ? '' : position
}
