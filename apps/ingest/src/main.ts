#!/usr/bin/env node
import 'reflect-metadata'
import { resolve } from 'node:path'
import { openMessaging } from '#messaging'
import { observedMessaging } from '#observability'
import { createPageFetcher } from '#pages'
import { aborted, brokerOf, isDistributed, runProcess, runSharedProcess, SharedApplication, topicsIn } from '#processes'
import { openEmbedded } from '../../standalone/src/embedded.ts'
import { LeasedFeeds } from './feeds.ts'
import { InboundConsumer } from './inbound-consumer.ts'
import { InboundModule } from './inbound.module.ts'

const USAGE = `node dist/apps/ingest/src/main.js: takes in what nobody brings to the gateway

With HUIYING_EVENTS it is one of the processes of the distributed profile (docs/distributed.md): several share the messages
of a broker, and one of them looks at feeds. Without, it looks at the feeds of the folder HUIYING_DATA (./data), whose stores
it holds by itself.
`
const NAME = 'huiying-ingest'

if (isDistributed(process.env)) {
  await runSharedProcess({
    name: NAME,
    usage: USAGE,
    begin: async ({ variables, stores, addresses, metrics, log }) => {
      const broker = brokerOf(addresses)
      const topics = topicsIn(variables)
      const messaging = observedMessaging(openMessaging(broker, { log }), metrics)
      const shared = await SharedApplication.open({
        stores,
        log,
        metrics,
        modules: (application) => {
          const parts = {
            messaging,
            keys: stores.keys,
            deadLetterTopic: topics.deadLetters.name,
            onDeadLetter: (code: string) => metrics.deadLetter(code),
          }
          return [
            InboundModule.of({ messaging, intake: application.inbound(parts).intake, topics, group: topics.ingesters }),
          ]
        },
      })
      const consumer = shared.get(InboundConsumer)
      const { application } = shared
      const feeds = new LeasedFeeds({
        application,
        stores,
        leaseMs: addresses.leaseMs,
        fetcher: createPageFetcher(),
        log,
      })
      metrics.consumerLag(async () => {
        const lag = await consumer.lag()
        return lag === null ? {} : { [topics.inbound.name]: lag }
      })
      return {
        run: (stopped) => feeds.run(stopped),
        close: async () => {
          await shared.close()
          await messaging.close()
        },
        leaderships: [feeds.leadership],
        checks: {
          broker: () =>
            consumer.joined ? [] : [{ code: 'BROKER_AWAY', detail: 'no messages are taken in at the moment' }],
        },
      }
    },
  })
} else {
  await runProcess({
    name: NAME,
    usage: USAGE,
    main: async ({ variables, log, stopped }) => {
      const folder = resolve(variables['HUIYING_DATA'] || './data')
      const huiying = await openEmbedded({ folder, fetcher: createPageFetcher() })
      log('info', 'looking at feeds', { folder })
      await aborted(stopped)
      await huiying.close()
    },
  })
}
