import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chainFaults, faultsWhenSettled } from './folder.ts'
import { leaveBehind, workOn } from './left-behind.ts'
import { LoadedProcess } from './loaded-process.ts'

/** Little above what the stores hold after the first process. */
const FILE_KIB_MAX = 5_000

test('on a full disk work ends with an error that says so, and goes on when there is room', async () => {
  const left = await leaveBehind(200)
  const { parent, folder, told } = left
  const { again, nextStory, nextFile } = told
  const task = { folder, again, nextStory, storiesAtOnce: 24, nextFile, rebuilding: false, clockOffsetMs: 0 }
  const journal = join(parent, 'full.jsonl')
  const process = new LoadedProcess(task, journal, { fileBlocksMax: FILE_KIB_MAX * 2 })
  await process.ended()
  told.read(journal)
  // What it was told before it ended is kept; that it ended is no fault.
  const [fault, ...others] = told.faults.splice(0)
  // A limit is to SQLite a failing disk; a disk that is full has a code of its own, which the stores' own tests reach.
  expect(fault).toMatch(/^a process failed by itself: (STORE_FAILED|KEY_STORE_FAILED|DISK_FULL) /)
  expect(fault).toMatch(/make room/)
  expect(others).toEqual([])
  expect((await faultsWhenSettled(folder, told, () => 0)).faults).toEqual([])
  const accepted = told.accepted.size
  await workOn(left, 700)
  expect(told.faults).toEqual([])
  expect(told.accepted.size).toBeGreaterThan(accepted)
  expect((await faultsWhenSettled(folder, told, () => 0)).faults).toEqual([])
  expect(await chainFaults(folder)).toEqual([])
  await rm(parent, { recursive: true })
}, 120_000)
