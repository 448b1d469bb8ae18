import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'

/** Progress, for people: what is measured goes elsewhere. */
export function say(text: string): void {
  const load = loadavg()[0]!.toFixed(1)
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0).padStart(5)} s  load ${load}  ${text}\n`)
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that so large a part of them does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

/** How often a second the disk makes 4 KiB durable. */
export function syncRate(folder: string): number {
  const path = join(folder, 'sync')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(4_096)
  const start = performance.now()
  const syncs = 100
  for (let count = 0; count < syncs; count++) {
    writeSync(file, block)
    fsyncSync(file)
  }
  const seconds = (performance.now() - start) / 1_000
  closeSync(file)
  rmSync(path)
  return syncs / seconds
}
