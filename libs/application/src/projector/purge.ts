import { setTimeout } from 'node:timers/promises'

const ATTEMPTS_MAX = 50
const PAUSE_MS = 200

/** Purges a store of what was removed, patiently: a reader in the middle of a page holds on to what it reads for a moment. */
export async function purged(store: { purge(): Promise<void> }): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await store.purge()
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === 'BUSY'
      if (!isBusy || attempt === ATTEMPTS_MAX) throw error
      await setTimeout(PAUSE_MS)
    }
  }
}
