/** Who does what only one process may do at a time. Every adapter passes `test/contracts/leases.contract.ts`. */

/** At least as long as a busy process may stand still without losing what it holds. */
export const LEASE_DURATION_MS_MIN = 100
export const LEASE_DURATION_MS_MAX = 3_600_000

/** Milliseconds that only ever count up, at the pace of time; what they count from does not matter. */
export interface MonotonicClock {
  now(): number
}

export interface Lease {
  readonly name: string
  readonly holder: string
  /** Counts up with every change of holder. A store that has seen a higher one refuses whoever comes with this. */
  readonly fence: number
}

/**
 * No clock of another machine matters: whoever wants a lease that somebody holds watches it, and takes it once its holder has
 * not been heard of for as long as the lease lasts, by the watcher's own monotonic clock. Errors are `ReadStoreError`s.
 */
export interface Leases {
  /**
   * Null where somebody else holds it, of whatever name: a process that comes back after a crash waits for its own lease as
   * for any other. Asked again and again by who waits, over the same `Leases`: it remembers since when it has heard nothing.
   * @param holder a name for people who watch, of at most 200 characters.
   * @param durationMs 100 to 3,600,000; the holder and who waits take the longer of theirs.
   */
  acquire(name: string, holder: string, durationMs: number): Promise<Lease | null>
  /** False where it is lost. */
  renew(lease: Lease): Promise<boolean>
  /** Nothing where it is lost already. */
  release(lease: Lease): Promise<void>
  /** Who holds it, or held it and has not been heard of since, for people who watch; null where nobody does. */
  holder(name: string): Promise<string | null>
  close(): Promise<void>
}
