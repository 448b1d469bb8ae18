import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Chance } from '../crash/chance.ts'
import { LEASE_SECONDS } from '../support/processes-installation.ts'
import { Senders } from './inbound.ts'
import { faultsAtTheEnd } from './judge.ts'
import { leader, lost } from './leader.ts'
import { StoreWatch } from './store-watch.ts'
import { canDistribute, withInstallation } from './with-installation.ts'

const KILLS = 5
const PAUSES = 3
/** Each word with the read store takes so long, so that most of a projector's time is in the middle of a batch. */
const SLOW_MS = 8
const TEST_MS = 240_000
const seed = Number(process.env['HUIYING_CRASH_SEED'] ?? Date.now() % 1_000_000)

const CASEWORK = /^projection.casework\b/

describe.skipIf(!canDistribute)('projectors', () => {
  test(
    `a projector killed in the middle of a batch, again and again: another takes over, and nothing shows (HUIYING_CRASH_SEED=${seed})`,
    withInstallation(async (installation) => {
      const chance = new Chance(seed)
      await Promise.all([
        installation.start('ingest'),
        installation.start('projector'),
        installation.start('projector'),
        installation.start('sentinel'),
      ])
      installation.viewsLine.slowDown(SLOW_MS)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      for (let kills = 0; kills < KILLS; kills += 1) {
        await senders.send(40)
        await watch.reached('CaseOpened', senders.acknowledged.size - chance.below(30))
        const killed = await leader(installation, 'projector', CASEWORK)
        await setTimeout(chance.below(600))
        await killed.kill()
        await installation.start('projector')
      }
      await watch.reached('CaseOpened', senders.acknowledged.size)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )

  test(
    'a lease lost in a long pause: who wakes up late is fenced off, and nothing shows',
    withInstallation(async (installation) => {
      await Promise.all([
        installation.start('ingest'),
        installation.start('projector'),
        installation.start('projector'),
        installation.start('sentinel'),
      ])
      installation.viewsLine.slowDown(SLOW_MS)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      for (let pauses = 0; pauses < PAUSES; pauses += 1) {
        await senders.send(40)
        await watch.reached('CaseOpened', senders.acknowledged.size - 20)
        const frozen = await leader(installation, 'projector', CASEWORK)
        const said = frozen.log.length
        frozen.freeze()
        await setTimeout(LEASE_SECONDS * 1_000)
        // The other one goes on where the checkpoint is, while the frozen one still holds its batch to be the newest.
        await leader(installation, 'projector', CASEWORK, frozen)
        await senders.send(20)
        await watch.reached('CaseOpened', senders.acknowledged.size - 10)
        frozen.thaw()
        await lost(frozen, CASEWORK, said)
      }
      await watch.reached('CaseOpened', senders.acknowledged.size)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )
})
