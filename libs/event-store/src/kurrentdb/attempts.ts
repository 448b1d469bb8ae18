import { setTimeout as sleep } from 'node:timers/promises'
import { EventStoreError } from '../errors.ts'
import { AnswerOverdue, fromKurrentDb, isPassing } from './failures.ts'
import type { KurrentDbLimits } from './limits.ts'

/** One attempt: how long it may take, and the how manyth it is, from 1. */
export interface Attempt {
  durationMs: number
  number: number
}

/**
 * Makes calls again while what keeps them from being answered passes by itself: each attempt bounded, all together too,
 * with longer and longer waits between them.
 */
export class Attempts {
  readonly #limits: KurrentDbLimits
  readonly #closing = new AbortController()

  constructor(limits: KurrentDbLimits) {
    this.#limits = limits
  }

  /** No call is made again from now on, and none begins. */
  close(): void {
    this.#closing.abort()
  }

  /** `what` begins the sentence of an error. Throws `STORE_UNAVAILABLE` after the last attempt, `STORE_CLOSED` once closed. */
  async make<Result>(what: string, call: (attempt: Attempt) => Promise<Result>): Promise<Result> {
    const { attemptMs, totalMs } = this.#limits
    const beganMs = performance.now()
    for (let number = 1; ; number += 1) {
      if (this.#closing.signal.aborted) throw new EventStoreError('STORE_CLOSED', `${what}: the event store is closed.`)
      const durationMs = Math.min(attemptMs, Math.max(1, totalMs - (performance.now() - beganMs)))
      try {
        return await inTime(durationMs, call({ durationMs, number }))
      } catch (error) {
        const waitMs = backOffMs(number, this.#limits)
        const isLast = performance.now() - beganMs + waitMs >= totalMs || this.#closing.signal.aborted
        if (isLast || !isPassing(error)) throw fromKurrentDb(error, what)
        await pause(waitMs, this.#closing.signal)
      }
    }
  }
}

/** Doubled with each failure up to a bound; a part of it by chance, so that not all processes come back at once. */
export function backOffMs(failures: number, { backOffMs, backOffMsMax }: KurrentDbLimits): number {
  const fullMs = Math.min(backOffMsMax, backOffMs * 2 ** Math.min(failures - 1, 20))
  return fullMs / 2 + (Math.random() * fullMs) / 2
}

/** Waits, but no longer than until the signal. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** The client's own deadlines do not cover everything that it waits for, so each call is measured here too. */
export async function inTime<Result>(durationMs: number, answer: Promise<Result>): Promise<Result> {
  const overdue = Promise.withResolvers<never>()
  const timer = setTimeout(() => overdue.reject(new AnswerOverdue(durationMs)), durationMs)
  try {
    return await Promise.race([answer, overdue.promise])
  } finally {
    clearTimeout(timer)
  }
}
