import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ProjectorHost } from '#application'
import { loadMasterKey } from '#key-store'
import { say } from './measure.ts'
import { atLeast, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

const FILES = ['', '-wal', '-shm']

/** Every read model, then the search index, from nothing, by the worker that always does it. */
export async function rebuildRow(folder: string, head: string): Promise<BenchRow> {
  say('rebuild of every read model')
  const at = (file: string) => `sqlite:${join(folder, file)}`
  const keysPath = join(folder, 'keys.db')
  const masterKey = loadMasterKey({ path: join(folder, 'master.key') })
  const since = async (removed: string, projections: readonly string[]): Promise<number> => {
    for (const ending of FILES) await rm(join(folder, `${removed}${ending}`), { force: true })
    const start = performance.now()
    const host = await ProjectorHost.start({
      eventsAddress: at('events.db'),
      viewsAddress: at('views.db'),
      searchAddress: at('search.db'),
      keysPath,
      masterKey,
    })
    for (const projection of projections) while (!(await host.reached(projection, head, 60_000)));
    const took = performance.now() - start
    await host.stop()
    return took
  }
  const modelsMs = await since('views.db', ['casework', 'intake', 'watch'])
  say('rebuild of the search index')
  const searchMs = await since('search.db', ['search'])
  return atLeast({
    name: "rebuild of every read model, on the demo's mix of events",
    value: (Number(head) * 1_000) / modelsMs,
    target: 20_000,
    unit: 'events a second',
    details: {
      events: Number(head),
      modelsMs: rounded(modelsMs),
      searchIndexMs: rounded(searchMs),
      searchIndex: 'built after them, not counted in the value',
    },
  })
}
