import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { RowOutcome } from '#channels'
import { oneSheet, packInto } from '../../../../test/support/workbook.ts'
import type { Packing, Parts } from '../../../../test/support/workbook.ts'
import type { Reading } from '../reading.ts'
import { readAll } from '../reading.ts'

const folders: string[] = []

/** A path in a folder that is removed after the tests of a file. */
async function pathFor(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'huiying-xlsx-'))
  folders.push(folder)
  return join(folder, name)
}

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

export async function fileOf(bytes: Uint8Array | string, name: string): Promise<string> {
  const path = await pathFor(name)
  await writeFile(path, bytes)
  return path
}

/** Packs parts as a zip file. */
export async function pack(
  parts: Parts,
  { name = 'book.xlsx', ...packing }: Packing & { name?: string } = {},
): Promise<string> {
  const path = await pathFor(name)
  await packInto(path, parts, packing)
  return path
}

export async function readParts(parts: Parts, options: Parameters<typeof readAll>[1] = {}): Promise<Reading> {
  return await readAll(await pack(parts), options)
}

/** Reads a sheet of these rows. */
export async function readSheetOf(rows: string[], more: Parameters<typeof oneSheet>[1] = {}): Promise<RowOutcome[]> {
  return (await readParts(oneSheet(rows, more))).outcomes
}
