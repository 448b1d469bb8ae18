import type { From } from '#event-store'
import { changesAfter } from './change-pages.ts'
import type { ChangePage, ChangePorts } from './change-pages.ts'

/** Changes kept for those who follow closely; who is further behind reads pages for themselves. */
const KEPT_MAX = 4_000
/** Who may see a change is no older than this when it is told. */
const KEPT_MS_MAX = 5_000

/** Follows the store and keeps the newest pages of changes. */
export class RecentChanges {
  readonly #ports: ChangePorts
  readonly #nowMs: () => number
  readonly #stopping = new AbortController()
  #pages: (ChangePage & { atMs: number })[] = []
  #keptFrom: From
  #position: From
  readonly #waiting = new Set<() => void>()
  #failure: { error: unknown } | null = null
  readonly #ended: Promise<void>

  private constructor(ports: ChangePorts, from: From, nowMs: () => number) {
    this.#ports = ports
    this.#nowMs = nowMs
    this.#keptFrom = from
    this.#position = from
    this.#ended = this.#run().catch((error: unknown) => {
      this.#failure = { error }
      this.#wake()
    })
  }

  /** From now on. `nowMs`: milliseconds that never run backwards. */
  static async start(ports: ChangePorts, nowMs: () => number): Promise<RecentChanges> {
    return new RecentChanges(ports, await ports.store.head(), nowMs)
  }

  /** How far it has come. */
  get position(): From {
    return this.#position
  }

  /** Resolves when there is more, or it has failed, or the signal aborted. */
  async more(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => resolve()
    this.#waiting.add(wake)
    signal.addEventListener('abort', wake)
    await promise
    signal.removeEventListener('abort', wake)
    this.#waiting.delete(wake)
  }

  /**
   * What comes after a place, as far as it is kept; null where nothing does yet; `gone` where it is no longer kept. Throws
   * what keeps it from going on.
   */
  after(place: From): ChangePage | null | 'gone' {
    if (this.#failure) throw this.#failure.error
    if (!isBefore(place, this.#position)) return null
    this.#forget()
    if (isBefore(place, this.#keptFrom)) return 'gone'
    const changes = this.#pages
      .filter((page) => isBefore(place, page.position))
      .flatMap((page) => page.changes)
      .filter(({ change }) => isBefore(place, change.position))
    return { changes, position: this.#position }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    // Its pages only say that there is more: what changed is read as it is stored, without opening it.
    const messages = this.#ports.store.subscribe(this.#position, { signal, select: () => false })
    for await (const message of messages) {
      if (message.kind !== 'passed') continue
      while (isBefore(this.#position, message.position)) {
        const page = await changesAfter(this.#ports, this.#position, message.position, signal)
        if (page === null) return
        this.#keep(page)
      }
    }
  }

  #keep(page: ChangePage): void {
    this.#pages.push({ ...page, atMs: this.#nowMs() })
    this.#position = page.position
    this.#forget()
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
  }

  #forget(): void {
    const since = this.#nowMs() - KEPT_MS_MAX
    let count = this.#pages.reduce((sum, { changes }) => sum + changes.length, 0)
    while (this.#pages.length > 0 && (count > KEPT_MAX || this.#pages[0]!.atMs < since)) {
      const { changes, position } = this.#pages.shift()!
      count -= changes.length
      this.#keptFrom = position
    }
  }
}

export function isBefore(place: From, than: From): boolean {
  return than !== 'start' && (place === 'start' || place < than)
}
