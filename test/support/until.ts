import { setTimeout } from 'node:timers/promises'

const PAUSE_MS = 50

/**
 * Asks again and again, of what tells nobody by itself, until it holds. What it throws meanwhile counts as no. Throws, with
 * what was waited for, when patience is at an end.
 */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  patienceMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  let last: unknown = null
  for (;;) {
    try {
      if (await holds()) return
      last = null
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${patienceMs} ms in vain until ${typeof what === 'string' ? what : what()}`, {
        cause: last,
      })
    }
    await setTimeout(PAUSE_MS)
  }
}
