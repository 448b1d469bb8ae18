#!/usr/bin/env node
import 'reflect-metadata'
import { openMessaging } from '#messaging'
import { observedMessaging } from '#observability'
import { brokerOf, readEnvironment, runSharedProcess, topicsIn } from '#processes'
import { z } from 'zod'
import { LeadingRelay } from './leading-relay.ts'

const USAGE = `node dist/apps/relay/src/main.js: tells other systems what happens, as CloudEvents by way of a broker

Several may run, and one leads. docs/distributed.md describes its environment, docs/integration.md what it tells.
`

const environment = z.object({
  HUIYING_SOURCE: z
    .string({ error: 'what names this county in every event, a URI such as urn:huiying:qingshan' })
    .regex(/^[a-z][a-z0-9+.-]*:[^\s]{1,200}$/i, 'a URI such as urn:huiying:qingshan'),
})

await runSharedProcess({
  name: 'huiying-relay',
  usage: USAGE,
  begin: async ({ variables, stores, addresses, metrics, lag, log }) => {
    const { HUIYING_SOURCE: source } = readEnvironment(environment, variables)
    const messaging = observedMessaging(openMessaging(brokerOf(addresses), { log }), metrics)
    const relay = new LeadingRelay({
      stores,
      leaseMs: addresses.leaseMs,
      messaging,
      topic: topicsIn(variables).events,
      source,
      lag,
      log,
    })
    return {
      run: (stopped) => relay.run(stopped),
      close: () => messaging.close(),
      leaderships: [relay.leadership],
      checks: { broker: () => relay.hindrances() },
    }
  },
})
