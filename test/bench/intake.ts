import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { inventedMessages } from '../../apps/cli/src/demo/invented-county.ts'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { say } from './measure.ts'
import { atLeast, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

export const CHANNEL = 'interaction-platform'

/** A file of invented messages; removed again when `use` is done with it. */
export async function withMessages<Result>(
  folder: string,
  count: number,
  seed: number,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, `messages-${seed}.jsonl`)
  const lines = function* () {
    for (const message of inventedMessages(count, seed)) yield `${JSON.stringify(message)}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
  try {
    return await use(path)
  } finally {
    await rm(path)
  }
}

export async function takeIn(county: Embedded, path: string, onProgress?: (part: number) => void): Promise<void> {
  const report = await county.application.importFile({
    path,
    channelId: CHANNEL,
    kind: 'message',
    dryRun: false,
    onProgress: (done, total) => onProgress?.(done / total),
  })
  if (report.refused > 0) throw new Error(`${report.refused} rows were refused: ${JSON.stringify(report.refusals[0])}`)
}

/** Fills the store through the import, policies and projections running, and says how fast. */
export async function intakeRow(county: Embedded, folder: string, cases: number): Promise<BenchRow> {
  return withMessages(folder, cases, 1, async (path) => {
    const rssMib: number[] = []
    const marks = [0.25, 0.5, 0.75, 1]
    const start = performance.now()
    await takeIn(county, path, (part) => {
      while (marks.length > 0 && part >= marks[0]!) {
        rssMib.push(Math.round(process.memoryUsage.rss() / 2 ** 20))
        say(`item intake: ${marks.shift()! * 100} %, ${rssMib.at(-1)} MiB`)
      }
    })
    const head = await county.application.ports.store.head()
    const reached = async (projection: string) => {
      while (!(await county.projector.reached(projection, head, 60_000)));
      return performance.now() - start
    }
    const listedMs = await reached('casework')
    const searchedMs = await reached('search')
    return atLeast({
      name: 'item intake, from parsed input to visible in the case list',
      value: (cases * 1_000) / listedMs,
      target: 2_000,
      unit: 'items a second',
      details: {
        items: cases,
        events: Number(head),
        listedMs: rounded(listedMs),
        searchLagMs: rounded(searchedMs - listedMs),
        rssMib: `${rssMib.join(', ')} at 25, 50, 75, 100 %`,
        mix: 'about nine tenths with an answer: item, case, deadlines, answer; policies and projections running',
      },
    })
  })
}
