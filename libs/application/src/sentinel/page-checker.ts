import type { PageFault } from '#domain'

export interface PageRequest {
  /** The whole address of a public page. */
  address: string
  /** Names of hosts on or below which the page, and whatever it redirects to, must lie. */
  hosts: readonly string[]
  /** Looked for in the visible text; width, case and white space make no difference. */
  words: readonly string[]
  /** Aborts when nobody waits for the answer any more; then `check` may throw its reason. */
  signal?: AbortSignal
}

export type PageOutcome =
  | {
      outcome: 'seen'
      /** SHA-256, hex, of the page as it came. */
      pageDigest: string
      /** As they were asked for. */
      wordsFound: string[]
      wordsMissing: string[]
      /** Where it was found, after redirects. */
      checkedAddress: string
    }
  | {
      outcome: 'failed'
      fault: PageFault
      /** A line for people who know the web. */
      detail: string
      /** Whether it may be otherwise later. */
      transient: boolean
    }

/**
 * Looks at public pages. What the web does is an outcome; it throws only what is a fault of its own, or
 * the reason of its signal. Bounded in time and
 * size by whoever implements it.
 */
export interface PageChecker {
  check(request: PageRequest): Promise<PageOutcome>
}
