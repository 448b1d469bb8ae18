import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { faultsWhenSettled } from './folder.ts'
import { leaveBehind } from './left-behind.ts'
import { LoadedProcess } from './loaded-process.ts'

test('a second process is refused by name while the first lives, and gets in at once when it is killed', async () => {
  const { parent, folder, told } = await leaveBehind(50)
  const { again, nextStory, nextFile } = told
  const task = { folder, again, nextStory, storiesAtOnce: 8, nextFile, rebuilding: false, clockOffsetMs: 0 }
  const journal = join(parent, 'first.jsonl')
  const first = new LoadedProcess(task, journal)
  try {
    await first.accepted(20)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(openEmbedded({ folder })).rejects.toEqual(
        expect.objectContaining({
          code: 'STORE_IN_USE',
          message: expect.stringContaining(`process ${first.pid} `) as string,
        }),
      )
    }
  } finally {
    await first.kill()
  }
  const second = await openEmbedded({ folder })
  await second.close()
  // The first one was not disturbed by those who knocked.
  told.read(journal)
  expect(told.faults).toEqual([])
  expect((await faultsWhenSettled(folder, told, () => 0)).faults).toEqual([])
  await rm(parent, { recursive: true })
}, 60_000)
