import { parentPort, workerData } from 'node:worker_threads'
import { openEventLog, openEventStore } from '#event-store'
import { openSqliteKeyStore } from '#key-store'
import { openReadStore } from '#read-store'
import { openSearchWriter } from '#search'
import { catalog } from '../catalog.ts'
import { instantAt, systemClock } from '../clock.ts'
import { purged } from './purge.ts'
import { SearchFollower } from './search-follower.ts'
import type { FromSearch, SearchThreadSettings, ToSearch } from './search-messages.ts'

/** The thread that keeps the search index of one gateway, so that what a person waits for never waits behind it (DESIGN §4). */

const port = parentPort!
const settings = workerData as SearchThreadSettings
const say = (message: FromSearch) => port.postMessage(message)

const failed = (during: Extract<FromSearch, { kind: 'failed' }>['during']) => (error: unknown) => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  say({ kind: 'failed', during, code, message: error instanceof Error ? error.message : String(error) })
}

async function main(): Promise<void> {
  const log = await openEventLog(settings.events)
  const keys = openSqliteKeyStore({ path: settings.keys, masterKey: settings.masterKey, readOnly: true })
  const store = openEventStore({ log, keys, catalog, clock: { now: () => instantAt(systemClock.now()) } })
  const views = await openReadStore(settings.views)
  const search = await openSearchWriter(settings.search)
  const follower = new SearchFollower({
    store,
    views,
    search,
    onProgress: (checkpoint) => say({ kind: 'progress', checkpoint }),
    purge: () => purged(search),
  })

  const stop = async (): Promise<void> => {
    await follower.stop()
    await search.close()
    await views.close()
    await store.close()
    await keys.close()
    say({ kind: 'stopped' })
    port.close()
  }

  port.on('message', (message: ToSearch) => {
    switch (message.kind) {
      case 'advance':
        return follower.advance(message.checkpoint, failed('advance'))
      case 'rebuild':
        return void follower
          .rebuild(failed('advance'))
          .then(() => say({ kind: 'rebuilt' }))
          .catch(failed('rebuild'))
      case 'stop':
        void stop().catch((error: unknown) => {
          failed('advance')(error)
          port.close()
        })
    }
  })

  await follower.start()
  say({ kind: 'ready', checkpoint: await search.checkpoint() })
  // Whoever was killed between erasing and purging left words in the file.
  await purged(search).catch(failed('purge'))
}

await main().catch((error: unknown) => {
  failed('start')(error)
  port.close()
})
