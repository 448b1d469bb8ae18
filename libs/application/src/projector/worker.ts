import { parentPort, workerData } from 'node:worker_threads'
import { openEventLog, openEventStore } from '#event-store'
import { openSqliteKeyStore } from '#key-store'
import { startTracing } from '#observability'
import { openReadStoreWriter } from '#read-store'
import { openSearchWriter } from '#search'
import { catalog } from '../catalog.ts'
import { instantAt, systemClock } from '../clock.ts'
import { projections } from '../projections/index.ts'
import { compareWithRebuilt } from './compare.ts'
import { START } from './messages.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts'
import { Projector } from './projector.ts'
import { purged } from './purge.ts'
import { SearchFollower } from './search-follower.ts'

/** The thread that keeps the read models and the search index, with connections of its own. */

const port = parentPort!
const settings = workerData as WorkerSettings
const say = (message: FromWorker) => port.postMessage(message)

const fail = (error: unknown, request: number | null = null) => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  say({ kind: 'failed', request, message: error instanceof Error ? error.message : String(error), code })
}

async function main(): Promise<void> {
  const tracing = startTracing({ service: 'huiying', environment: process.env })
  const log = await openEventLog(settings.eventsAddress, { readOnly: true })
  const keys = openSqliteKeyStore({ path: settings.keysPath, masterKey: settings.masterKey, readOnly: true })
  const store = openEventStore({ log, keys, catalog, clock: { now: () => instantAt(systemClock.now()) } })
  const views = await openReadStoreWriter(settings.viewsAddress)
  const search = await openSearchWriter(settings.searchAddress)

  const follower = new SearchFollower({
    store,
    views,
    search,
    onProgress: (checkpoint) => say({ kind: 'progress', projection: 'search', checkpoint }),
  })
  const projector = new Projector({
    store,
    views,
    projections,
    onProgress: (projection, checkpoint) => {
      say({ kind: 'progress', projection, checkpoint })
      if (projection === 'casework') follower.advance(checkpoint, fail)
    },
  })

  const stop = async (): Promise<void> => {
    await projector.stop()
    await follower.stop()
    await search.close()
    await views.close()
    await store.close()
    await keys.close()
    await tracing.stop()
    say({ kind: 'stopped' })
    port.close()
  }

  const purge = async (): Promise<void> => {
    await purged(views)
    await purged(search)
  }

  const answer = (request: number, work: Promise<FromWorker>): void => {
    void work.then(say, (error: unknown) => fail(error, request))
  }
  const rebuild = async (): Promise<void> => {
    await projector.rebuild()
    await follower.rebuild(fail)
  }

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'wake':
        return log.wake()
      case 'rebuild': {
        const { request } = message
        return answer(
          request,
          rebuild().then(() => ({ kind: 'rebuilt', request })),
        )
      }
      case 'purge': {
        const { request } = message
        return answer(
          request,
          purge().then(() => ({ kind: 'purged', request })),
        )
      }
      case 'compare': {
        const { request } = message
        return answer(
          request,
          compareWithRebuilt(projector, views, projections).then((result) => ({ kind: 'compared', request, result })),
        )
      }
      case 'stop':
        void stop().catch((error: unknown) => {
          fail(error)
          port.close()
        })
    }
  })

  await follower.start()
  await projector.start(fail)
  say({ kind: 'ready' })
}

await main().catch((error: unknown) => {
  fail(error, START)
  port.close()
})
