import { performance } from 'node:perf_hooks'
import { setTimeout as sleepFor } from 'node:timers/promises'
import type { Lease, Leases, MonotonicClock } from './port.ts'

export interface HeldWork {
  lease: Lease
  /** Aborts where the lease is lost, may be lost, or is to be given back: whoever works under it stops. */
  signal: AbortSignal
}

export interface HoldLeaseOptions {
  leases: Leases
  name: string
  /** Of this process, as people know it. */
  holder: string
  durationMs: number
  /** Stops it: the work is told to stop and waited for, the lease given back. */
  signal: AbortSignal
  /** What is done while it is held. When it resolves the lease is given back, and waited for again. */
  work: (held: HeldWork) => Promise<void>
  /** Leases that cannot be asked at the moment, or work that failed; it goes on. Must not throw. */
  onFailure: (error: unknown) => void
  clock?: MonotonicClock
  /** Resolves after so long, or rejects when the signal aborts. */
  sleep?: (durationMs: number, signal: AbortSignal) => Promise<void>
}

/** Why work under a lease is to stop. */
export class LeaseLost extends Error {
  readonly code = 'LEASE_LOST'

  constructor({ name }: Lease) {
    super(`The lease ${name} is lost, or may be: another process may hold it by now`)
    this.name = 'LeaseLost'
  }
}

/**
 * Waits for a lease, works while it is held, waits again, until it is stopped. It is renewed three times in its duration;
 * when two thirds have passed since it was last known to be held, by the monotonic clock, the work is told to stop, so that
 * a third is left for it to do so before another may begin. A process that was stopped for longer than that finds out when
 * it wakes, in whichever timer is first. A machine that slept, and its monotonic clock with it, finds out at its next renewal.
 * What it did in between a store that keeps fences refuses. Never rejects.
 */
export async function holdLease(options: HoldLeaseOptions): Promise<void> {
  const { leases, name, holder, durationMs, signal, onFailure } = options
  const { clock = performance, sleep = pause } = options
  const waitMs = durationMs / 3
  while (!signal.aborted) {
    // Counted from before it was asked for: that is the earliest that another can have begun to wait.
    const askedMs = clock.now()
    const lease = await leases.acquire(name, holder, durationMs).catch((error: unknown) => {
      onFailure(error)
      return null
    })
    if (lease !== null) await holding({ ...options, clock, sleep }, lease, askedMs)
    await sleep(waitMs, signal).catch(unlessAborted(signal))
  }
}

/** Works and renews, until the work ends. */
async function holding(
  { leases, durationMs, signal, work, onFailure, clock, sleep }: Required<HoldLeaseOptions>,
  lease: Lease,
  acquiredMs: number,
): Promise<void> {
  const lost = new AbortController()
  const done = new AbortController()
  const safeMs = (durationMs * 2) / 3
  let knownMs = acquiredMs
  const loseIfLate = () => {
    if (clock.now() - knownMs >= safeMs) lost.abort(new LeaseLost(lease))
  }
  const over = AbortSignal.any([done.signal, lost.signal])

  const renewing = async (): Promise<void> => {
    let waitMs = durationMs / 3
    while (!over.aborted) {
      await sleep(waitMs, over)
      const askedMs = clock.now()
      // After a long pause another may have it: then it is not asked for any more.
      loseIfLate()
      if (over.aborted) return
      const isHeld = await leases.renew(lease).catch((error: unknown) => {
        onFailure(error)
        return null
      })
      if (isHeld === true) knownMs = askedMs
      // While it cannot be asked there is not much time left to ask in.
      waitMs = durationMs / (isHeld === null ? 12 : 3)
      if (isHeld === false) lost.abort(new LeaseLost(lease))
    }
  }
  /** Beside the renewing, which may hang in a call. */
  const watching = async (): Promise<void> => {
    while (!over.aborted) {
      await sleep(Math.max(knownMs + safeMs - clock.now(), 1), over)
      loseIfLate()
    }
  }
  const keeping = [renewing(), watching()].map((loop) => loop.catch(unlessAborted(over)))
  try {
    await work({ lease, signal: AbortSignal.any([signal, lost.signal]) })
  } catch (error) {
    // Work that stops because it is told to is no failure.
    if (!signal.aborted && !lost.signal.aborted) onFailure(error)
  } finally {
    done.abort()
    await Promise.all(keeping)
    await leases.release(lease).catch(onFailure)
  }
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleepFor(durationMs, undefined, { signal })
}

/** A sleep that was cut short has said all it has to say. */
function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error
  }
}
