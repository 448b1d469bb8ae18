import type { Pauses } from './options.ts'

/** How long to wait after so many failures in a row, in milliseconds. */
export function pauseAfter(failures: number, pauses: Pauses): number {
  return Math.min(pauses.firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30), pauses.longestMs)
}

/** Resolves after so many milliseconds, or as soon as the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}

/** Whether it settled, either way, within so many milliseconds. */
export async function settledWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController()
  let settled = false
  const watched = work.then(
    () => (settled = true),
    () => (settled = true),
  )
  await Promise.race([watched, pause(milliseconds, over.signal)])
  over.abort()
  return settled
}
