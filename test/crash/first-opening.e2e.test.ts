import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { Chance } from './chance.ts'
import { readEvents } from './folder.ts'
import { LoadedProcess } from './loaded-process.ts'

const KILLS = 4
const SEED = Number(process.env['HUIYING_CRASH_SEED'] ?? Date.now() % 1_000_000_000)

/** What a folder holds that nobody has worked on: the settings that ship with the system. */
async function settingsOf(folder: string): Promise<string[]> {
  const huiying = await openEmbedded({ folder })
  await huiying.close()
  const events = await readEvents(folder)
  return events.filter(({ stream }) => stream !== 'settings-departments').map(({ stream, type }) => `${stream} ${type}`)
}

test(`killed while its folder is made, it opens the next time, with every setting once (seed ${SEED})`, async () => {
  const chance = new Chance(SEED)
  const parent = await mkdtemp(join(tmpdir(), 'huiying-first-'))
  const expected = await settingsOf(join(parent, 'undisturbed'))
  for (let kill = 0; kill < KILLS; kill += 1) {
    const folder = join(parent, `killed-${kill}`)
    // No stories and no files: whatever is written is written by opening.
    const task = {
      folder,
      again: [],
      nextStory: 1,
      storiesAtOnce: 0,
      nextFile: null,
      rebuilding: false,
      clockOffsetMs: 0,
    }
    const process = new LoadedProcess(task, join(parent, `journal-${kill}.jsonl`))
    const afterMs = chance.between(150, 900)
    await pause(afterMs)
    await process.kill()
    expect(await settingsOf(folder), `killed after ${afterMs} ms`).toEqual(expected)
  }
  await rm(parent, { recursive: true })
}, 60_000)
