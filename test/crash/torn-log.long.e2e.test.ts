import { rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Chance } from './chance.ts'
import { chainFaults, faultsWhenSettled, readEvents } from './folder.ts'
import { copyOf, leaveBehind } from './left-behind.ts'
import type { LeftBehind } from './left-behind.ts'
import { Told } from './told.ts'

const CUTS = 4
const SEED = Number(process.env['HUIYING_CRASH_SEED'] ?? Date.now() % 1_000_000_000)

let left: LeftBehind

beforeAll(async () => {
  left = await leaveBehind(400)
}, 60_000)

afterAll(() => rm(left.parent, { recursive: true }))

/**
 * events.db-wal is the truth until it is checkpointed, so a disk that loses its end loses what was acknowledged: no program
 * can mend that. It must not go unnoticed, though, where anything else had seen what is gone, and what remains is whole.
 */
test(`a log cut off anywhere leaves the events before the cut, whole, or is refused (seed ${SEED})`, async () => {
  const chance = new Chance(SEED)
  const all = (await readEvents(await copyOf(left, 'whole'))).map(({ id }) => id)
  const { size } = await stat(join(left.folder, 'events.db-wal'))
  const outcomes: string[] = []
  for (let cut = 0; cut < CUTS; cut += 1) {
    const folder = await copyOf(left, `cut-${cut}`)
    const length = cut === 0 ? 0 : chance.below(size)
    await truncate(join(folder, 'events.db-wal'), length)
    await rm(join(folder, 'events.db-shm'), { force: true })
    const ids = (await readEvents(folder)).map(({ id }) => id)
    expect(ids, `cut to ${length} of ${size}`).toEqual(all.slice(0, ids.length))
    // Nobody was told anything by what remains; all that can be asked of it is that it contradicts itself nowhere.
    const settled = () => faultsWhenSettled(folder, new Told(), () => 0)
    const outcome: unknown = await settled().catch((error: unknown) => error)
    if (outcome instanceof Error) {
      expect(outcome).toEqual(expect.objectContaining({ code: 'STORE_SET_BACK' }))
      outcomes.push('refused')
      // As the refusal says: what was made from the lost events is deleted, and made again from those that are left.
      const derived = ['views.db', 'search.db', 'policies.db'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`])
      await Promise.all(derived.map((name) => rm(join(folder, name), { force: true })))
      expect((await settled()).faults, `cut to ${length} of ${size}`).toEqual([])
    } else {
      expect(outcome, `cut to ${length} of ${size}`).toEqual(expect.objectContaining({ faults: [] }))
      outcomes.push('opened')
    }
    expect(await chainFaults(folder)).toEqual([])
  }
  expect(outcomes).toContain('refused')
}, 120_000)
