import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Chance } from './chance.ts'
import { Facts } from './facts.ts'
import { chainFaults, faultsWhenSettled, readEvents } from './folder.ts'
import { LoadedProcess } from './loaded-process.ts'
import { Told } from './told.ts'

/** `npm run test:crash` asks for more; a seed that failed is given again by HUIYING_CRASH_SEED. */
const ROUNDS = Number(process.env['HUIYING_CRASH_ROUNDS'] ?? 8)
const SEED = Number(process.env['HUIYING_CRASH_SEED'] ?? Date.now() % 1_000_000_000)
const SETTLED_EVERY = 4
const ROUND_MS_MAX = 60_000

/** When the kill comes: within opening, under load, while what was deleted is made anew, while read models are rebuilt. */
const moments = ['start-up', 'load', 'load', 'catch-up', 'rebuild'] as const
type Moment = (typeof moments)[number]

test(
  `killed ${ROUNDS} times under load, nothing acknowledged is lost and nothing happens twice (seed ${SEED})`,
  { timeout: ROUNDS * ROUND_MS_MAX },
  async () => {
    const chance = new Chance(SEED)
    const told = new Told()
    const parent = await mkdtemp(join(tmpdir(), 'huiying-crash-'))
    const folder = join(parent, 'data')
    let [events, documents] = [0, 0]
    for (let round = 1; round <= ROUNDS; round += 1) {
      // The first one dies in a folder that is only just being made.
      const moment = round === 1 ? 'start-up' : chance.of(moments)
      const journal = join(parent, `round-${round}.jsonl`)
      const deleted = moment === 'catch-up' ? await deleteDerived(folder, chance) : null
      await runAndKill(folder, journal, moment, told, chance)
      told.read(journal)
      const where = `seed ${SEED}, round ${round}, killed at ${moment} ${deleted ?? ''}, ${parent} kept`
      expect([...told.faults, ...new Facts(await readEvents(folder)).faults(told)], where).toEqual([])
      if (round % SETTLED_EVERY !== 0 && round !== ROUNDS) continue
      const settled = await faultsWhenSettled(folder, told, (bound) => chance.below(bound))
      ;({ events, documents } = settled)
      expect([...settled.faults, ...(await chainFaults(folder))], `${where}, settled`).toEqual([])
    }
    console.info(`${told.summary()}; ${events} events, ${documents} documents at last (seed ${SEED})`)
    expect(told.accepted.size).toBeGreaterThan(100)
    expect(Object.fromEntries(told.refusals)).toEqual({})
    await rm(parent, { recursive: true })
  },
)

async function runAndKill(folder: string, journal: string, moment: Moment, told: Told, chance: Chance): Promise<void> {
  const { again, nextStory, nextFile } = told
  const storiesAtOnce = chance.between(8, 48)
  const rebuilding = moment === 'rebuild'
  const task = { folder, again, nextStory, storiesAtOnce, nextFile, rebuilding, clockOffsetMs: 0 }
  const process = new LoadedProcess(task, journal)
  if (moment === 'start-up') await pause(chance.below(900))
  else {
    await process.open()
    await pause(moment === 'catch-up' ? chance.below(500) : chance.between(100, 1_500))
  }
  await process.kill()
}

/** Read models, search and how far the policies are can all be made anew from the events. */
async function deleteDerived(folder: string, chance: Chance): Promise<string> {
  const name = chance.of(['views.db', 'search.db', 'policies.db'])
  await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(join(folder, name + suffix), { force: true })))
  return `without ${name}`
}
