import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { faultsWhenSettled } from './folder.ts'
import { leaveBehind } from './left-behind.ts'
import { LoadedProcess } from './loaded-process.ts'

test('read models and search are rebuilt while much is written, again and again', async () => {
  const { parent, folder, told } = await leaveBehind(100)
  const { again, nextStory, nextFile } = told
  const task = { folder, again, nextStory, storiesAtOnce: 8, nextFile, rebuilding: true, clockOffsetMs: 0 }
  const journal = join(parent, 'rebuilding.jsonl')
  const process = new LoadedProcess(task, journal)
  // Nothing is idle before the third is done: there is always a story being told.
  await process.rebuilt(3)
  await process.kill()
  told.read(journal)
  expect(told.faults).toEqual([])
  expect((await faultsWhenSettled(folder, told, () => 0)).faults).toEqual([])
  await rm(parent, { recursive: true })
}, 60_000)
