import 'reflect-metadata'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { appendRow } from './append.ts'
import { intakeRow } from './intake.ts'
import { servedRows } from './lists.ts'
import { defineDepartments, liveThrough, wornCase } from './lives.ts'
import { say } from './measure.ts'
import { readRow } from './read.ts'
import { rebuildRow } from './rebuild.ts'
import { replayRow } from './replay.ts'
import { readable } from './row.ts'
import type { BenchRow } from './row.ts'
import { ServedCounty } from './served.ts'
import { startRow } from './start.ts'

/**
 * npm run bench [-- --json FILE] [--cases N] [--folder DIR]: every row of docs/benchmarks.md, in one run, on a store of N
 * cases that is filled once and removed at the end. Exit code 0 also where a target is missed: a machine's speed is no
 * fault.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    cases: { type: 'string', default: '100000' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const cases = Number(values.cases)
if (!Number.isInteger(cases) || cases < 1_000) throw new Error('--cases takes a whole number from 1,000')

const folder = await mkdtemp(join(values.folder, 'huiying-bench-'))
const data = join(folder, 'data')
const rows: BenchRow[] = []
try {
  rows.push(await appendRow(folder))

  let county = await openEmbedded({ folder: data })
  await defineDepartments(county)
  rows.push(await intakeRow(county, folder, cases))
  await liveThrough(county, Math.min(1_000, cases / 100))
  const worn = await wornCase(county, 1_000)
  const { store } = county.application.ports
  rows.push(await replayRow(store, worn))
  rows.push(await readRow(data, store))
  const head = await store.head()
  await county.close()

  rows.push(await rebuildRow(data, head))
  county = await openEmbedded({ folder: data })
  const served = await ServedCounty.open(county, data)
  rows.push(...(await servedRows(served, folder, cases)))
  await served.close()
  await county.settled()
  await county.close()

  rows.push(await startRow(data))
} finally {
  await rm(folder, { recursive: true, force: true })
}
say('done')
if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.stdout.write(`${readable(rows)}\n`)
