import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { TickReport } from '../sentinel/report.ts'
import type { Files } from './files.ts'

/** Removes what nobody named, a round after another through all owners; a process that starts begins anew. */
export class OrphanSweep {
  readonly #files: Pick<Files, 'sweepOrphans'>
  readonly #clock: Clock
  #after: string | null = null

  constructor(files: Pick<Files, 'sweepOrphans'>, clock: Clock) {
    this.#files = files
    this.#clock = clock
  }

  /** One round. Throws what stores throw; the next one looks at the same owners again. */
  async round(): Promise<TickReport> {
    const at = instantAt(this.#clock.now())
    const { removed, next } = await this.#files.sweepOrphans(undefined, this.#after)
    this.#after = next
    const done: Record<string, number> = removed === 0 ? {} : { RemoveOrphans: removed }
    return { at, heldBack: false, done, failed: [], failures: 0, more: next !== null, nextAt: null }
  }
}
