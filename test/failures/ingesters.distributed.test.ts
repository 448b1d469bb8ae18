import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Chance } from '../crash/chance.ts'
import { until } from '../support/until.ts'
import { message, Senders } from './inbound.ts'
import { allEvents, faultsAtTheEnd } from './judge.ts'
import { StoreWatch } from './store-watch.ts'
import { canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 240_000
/** After so long the broker gives what an ingester held to others. */
const SESSION_MS = 30_000
const MIB = 1024 * 1024

describe.skipIf(!canDistribute)('ingesters', () => {
  test(
    'two ingesters rebalancing under load, where a third joins, one is killed and one is stopped: nothing lost, nothing twice',
    withInstallation(async (installation) => {
      const [first, second] = await Promise.all([installation.start('ingest'), installation.start('ingest')])
      await Promise.all([first.ready(), second.ready()])
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      const stopSending = senders.keepSending()
      await watch.reached('CaseOpened', 50)
      const third = await (await installation.start('ingest')).ready()
      await watch.reached('CaseOpened', watch.count('CaseOpened') + 50)
      await second.kill()
      await watch.reached('CaseOpened', watch.count('CaseOpened') + 50)
      expect(await first.stop()).toEqual({ code: 0, signal: null })
      await watch.reached('CaseOpened', watch.count('CaseOpened') + 50)
      await stopSending()
      await watch.reached('CaseOpened', senders.acknowledged.size)
      await until('the backlog is clear', async () => (await third.measured('huiying_consumer_lag_messages')) === 0)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )

  test(
    'the same message five times and out of order, at several ingesters at once: one item, one case, its words as they were sent last',
    withInstallation(async (installation) => {
      await Promise.all([installation.start('ingest'), installation.start('ingest'), installation.start('ingest')])
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const chance = new Chance(5)
      const senders = await Senders.of(installation)
      const ids = Array.from({ length: 30 }, (_, index) => `five-${index}`)
      const receivedAt = new Date(Date.now() - 60_000).toISOString()
      const copies = ids.flatMap((id) =>
        // Other keys lead to other partitions, and so to other ingesters.
        Array.from({ length: 5 }, (_, copy) => ({ ...message(id, { receivedAt }), key: `${id} ${copy}` })),
      )
      for (let left = copies.length; left > 1; left -= 1) {
        const other = chance.below(left)
        ;[copies[left - 1], copies[other]] = [copies[other]!, copies[left - 1]!]
      }
      await senders.put(copies)
      await watch.reached('CaseOpened', ids.length)

      // In the order of their key, the older words come back after the newer ones: they change nothing any more.
      const revised = { receivedAt, content: '路灯修好了两盏，还有三盏不亮。' }
      for (const order of [
        [0, 1, 0, 0, 1],
        [1, 0],
      ]) {
        await senders.put(
          order.flatMap((words) => ids.map((id) => message(id, words === 1 ? revised : { receivedAt }))),
        )
      }
      await watch.reached('ItemRevised', ids.length)
      const ingest = installation.running('ingest')[0]!
      await until('the backlog is clear', async () => (await ingest.measured('huiying_consumer_lag_messages')) === 0)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: ids })).toEqual([])
      const events = await allEvents(await installation.stores())
      const byStream = Map.groupBy(events, ({ stream }) => stream)
      const items = [...byStream].filter(([stream]) => stream.startsWith('item-'))
      expect(items.map(([, all]) => all.map(({ type }) => type))).toEqual(
        ids.map(() => ['ItemReceived', 'ItemRevised']),
      )
    }),
    TEST_MS,
  )

  test(
    'an ingester that is held for longer than the broker waits: another takes in what it held, and when it wakes up nothing comes twice',
    withInstallation(async (installation) => {
      const [first, second] = await Promise.all([installation.start('ingest'), installation.start('ingest')])
      await Promise.all([first.ready(), second.ready()])
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      installation.eventsLine.slowDown(20)
      await senders.send(200)
      await watch.reached('ItemReceived', 20)
      first.freeze()
      await setTimeout(SESSION_MS)
      await watch.reached('CaseOpened', 200)
      await senders.send(50)
      first.thaw()
      await watch.reached('CaseOpened', 250)
      installation.eventsLine.slowDown(0)
      await Promise.all([first.ready(), second.ready()])
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )

  test(
    'a slow consumer: what comes faster than the event store takes it waits in the broker, not in memory',
    withInstallation(async (installation) => {
      const ingest = await installation.start('ingest')
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      // What is loaded once is loaded.
      await senders.send(200)
      await watch.reached('CaseOpened', 200)
      const memory = async () => (await ingest.measured('process_resident_memory_bytes'))! / MIB
      const before = await memory()

      installation.eventsLine.slowDown(60)
      const content = '路灯不亮。'.repeat(2_000)
      await senders.send(600, { content })
      let highest = 0
      let waiting = 0
      const look = async () => {
        highest = Math.max(highest, await memory())
        waiting = Math.max(waiting, (await ingest.measured('huiying_consumer_lag_messages')) ?? 0)
      }
      for (const step of [50, 100, 150, 200]) {
        await watch.reached('ItemReceived', 200 + step)
        await look()
      }
      installation.eventsLine.slowDown(0)
      await watch.reached('CaseOpened', senders.acknowledged.size)
      await look()
      expect(waiting).toBeGreaterThan(200)
      // 600 messages of 30 KB are 18 MB as they came, and several times that once read.
      expect(highest - before).toBeLessThan(150)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )
})
