import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canOwnKafka, OwnKafka } from '../support/own-kafka.ts'
import { until } from '../support/until.ts'
import { Senders } from './inbound.ts'
import { faultsAtTheEnd } from './judge.ts'
import { answerCase, defineDepartments, newCase, overHttp } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { ABSENCE_MS, canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 240_000 + ABSENCE_MS

describe.skipIf(!canDistribute || !canOwnKafka)('a broker that goes away', () => {
  let kafka: OwnKafka
  beforeAll(async () => {
    kafka = await OwnKafka.start()
  }, TEST_MS)
  afterAll(() => kafka?.remove(), TEST_MS)

  test(
    'broker gone for a while during intake: nothing is lost, nothing comes twice, the backlog clears',
    withInstallation(
      async (installation) => {
        const [ingest, relay, gateway] = await Promise.all([
          installation.start('ingest'),
          installation.start('relay'),
          installation.start('gateway'),
          installation.start('projector'),
          installation.start('sentinel'),
        ])
        const http = await overHttp(installation, gateway)
        await defineDepartments(http)
        const { store } = await installation.stores()
        const watch = new StoreWatch(store)
        const senders = await Senders.of(installation)
        await senders.send(100)
        await watch.reached('CaseOpened', 2)
        await http.county.settled()
        await answerCase(http, await newCase(http))
        const stopSending = senders.keepSending()
        await watch.reached('ItemReceived', 50)

        await kafka.kill()
        // The relay waits with what it has in hand, for as long as it takes.
        await until('ingest says that the broker is away', async () => {
          const { hindrances } = await ingest.readiness()
          return hindrances.some(({ code }) => code === 'BROKER_AWAY')
        })
        const taken = watch.count('ItemReceived')
        // What other systems are to be told waits for the broker.
        await answerCase(http, await newCase(http))
        await setTimeout(ABSENCE_MS)
        // Platforms keep what nobody acknowledges; whatever was in hand was taken in.
        expect(watch.count('ItemReceived') - taken).toBeLessThan(50)
        await kafka.start()

        await watch.reached('ItemReceived', taken + 50)
        await stopSending()
        await watch.reached('ItemReceived', senders.acknowledged.size)
        await Promise.all([ingest.ready(), relay.ready()])
        await until('the backlog is clear', async () => (await ingest.measured('huiying_consumer_lag_messages')) === 0)
        await watch.stop()
        expect(await faultsAtTheEnd(installation, { items: senders.acknowledged, isTold: true })).toEqual([])
      },
      () => ({ brokers: kafka.brokers }),
    ),
    TEST_MS,
  )
})
