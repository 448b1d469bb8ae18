import { spawn } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { takeIn, withMessages } from './intake.ts'
import { median, say } from './measure.ts'
import { atMost, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

/** Of a hundred events, those that no projection and no policy has seen when it starts. */
const BEHIND_PERCENT = 1
const EVENTS_AN_ITEM = 4.8
const TIMES = 3
const FOLLOWING = ['views.db', 'search.db', 'policies.db']

/** The program started anew on a store whose read models were left behind, as after a crash of what keeps them. */
export async function startRow(folder: string): Promise<BenchRow> {
  const before = join(folder, 'before')
  for (const file of FOLLOWING) await cp(join(folder, file), join(before, file))

  const county = await openEmbedded({ folder })
  const store = county.application.ports.store
  const seen = Number(await store.head())
  const rows = Math.max(10, Math.round((seen * BEHIND_PERCENT) / 100 / EVENTS_AN_ITEM))
  say(`start with ${rows} items behind`)
  await withMessages(folder, rows, 4, (path) => takeIn(county, path))
  const events = Number(await store.head())
  await county.close()

  const times: number[] = []
  for (let time = 0; time < TIMES; time++) {
    for (const file of FOLLOWING) {
      for (const ending of ['-wal', '-shm']) await rm(join(folder, `${file}${ending}`), { force: true })
      await cp(join(before, file), join(folder, file))
    }
    times.push(await started(folder))
  }
  return atMost({
    name: 'standalone start on an existing store',
    value: median(times) / 1_000,
    target: 2,
    unit: 's to ready',
    details: {
      events,
      eventsBehind: events - seen,
      from: 'the start of the process, modules and all',
      slowestS: rounded(Math.max(...times) / 1_000),
    },
  })
}

/** Milliseconds from spawning the process to its saying that it is ready. */
async function started(folder: string): Promise<number> {
  const start = performance.now()
  const child = spawn(process.execPath, [new URL('./started.js', import.meta.url).pathname, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let ready: number | null = null
  for await (const line of createInterface(child.stdout)) {
    if (line !== 'ready') continue
    ready = performance.now() - start
    child.stdin.end()
  }
  const code = await exited
  if (ready === null || code !== 0) throw new Error(`the started process ended with ${code}`)
  return ready
}
