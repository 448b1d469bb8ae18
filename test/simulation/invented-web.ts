import { createHash } from 'node:crypto'
import type { Clock, PageChecker, PageOutcome, PageRequest } from '#application'

/** As the text of a page: its site does not answer. */
export const DOWN = 'down'

/** What a page says, from a moment (milliseconds) on; null: it is gone. */
export interface PageFrom {
  fromMs: number
  text: string | null
}

/** The county's web site: what stands where depends on the clock alone. */
export class InventedWeb implements PageChecker {
  readonly #pages = new Map<string, PageFrom[]>()
  readonly #clock: Clock
  /** How often each address was asked for. */
  readonly asked = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  publish(address: string, ...pages: PageFrom[]): void {
    this.#pages.set(address, pages)
  }

  check({ address, words }: PageRequest): Promise<PageOutcome> {
    this.asked.set(address, (this.asked.get(address) ?? 0) + 1)
    const page = this.#pages.get(address)?.findLast(({ fromMs }) => fromMs <= this.#clock.now())
    return Promise.resolve(outcomeOf(address, words, page?.text ?? null))
  }
}

function outcomeOf(address: string, words: readonly string[], text: string | null): PageOutcome {
  if (text === null) return { outcome: 'failed', fault: 'unreachable', detail: 'HTTP 404', transient: false }
  if (text === DOWN) return { outcome: 'failed', fault: 'too-slow', detail: '30000 ms', transient: true }
  return {
    outcome: 'seen',
    pageDigest: createHash('sha256').update(text).digest('hex'),
    wordsFound: words.filter((word) => text.includes(word)),
    wordsMissing: words.filter((word) => !text.includes(word)),
    checkedAddress: address,
  }
}
