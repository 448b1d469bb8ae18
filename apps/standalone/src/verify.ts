import { join } from 'node:path'
import { catalog } from '#application'
import { openEventLog, verifyLog } from '#event-store'
import type { VerifyMessage } from '#event-store'
import { openKeys } from './folder.ts'

/** Walks every chain and schema of the stores in a folder. Starts nothing else, so that a damaged store can be looked at. */
export async function* verifyFolder(folder: string): AsyncGenerator<VerifyMessage> {
  const log = await openEventLog(`sqlite:${join(folder, 'events.db')}`)
  try {
    const { keys } = await openKeys(folder, log)
    try {
      yield* verifyLog({ log, catalog, keys })
    } finally {
      await keys.close()
    }
  } finally {
    await log.close()
  }
}
