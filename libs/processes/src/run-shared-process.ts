import {
  healthOf,
  nestLog,
  observedEventStore,
  openOperationsServer,
  ProcessMetrics,
  SubscriptionLag,
} from '#observability'
import type { Check } from '#observability'
import { NestFactory } from '@nestjs/core'
import { addressesIn, operationsIn } from './addresses.ts'
import type { Addresses } from './addresses.ts'
import { Closing } from './closing.ts'
import type { Leadership } from './leadership.ts'
import { aborted } from './pause.ts'
import { listeningHints, runProcess } from './run-process.ts'
import type { ProcessContext } from './run-process.ts'
import { openStores } from './stores.ts'
import type { Stores } from './stores.ts'
import { WorkLoop, WorkModule } from './work.module.ts'
import type { Work } from './work.module.ts'

export interface SharedProcessContext extends ProcessContext {
  addresses: Addresses
  stores: Stores
  metrics: ProcessMetrics
  /** To be told of everybody in this process who follows the event store, while they do. */
  lag: SubscriptionLag
}

/** What a process does, and what tells how it fares. */
export interface SharedWork {
  run: Work
  /** Closes what `run` needed, once it has ended. */
  close?: () => Promise<void>
  /** What hinders it, beside its subscriptions. */
  checks?: Readonly<Record<string, Check>>
  leaderships?: readonly Leadership[]
}

export interface SharedProcessOptions {
  /** `huiying-projector` */
  name: string
  usage: string
  begin: (context: SharedProcessContext) => Promise<SharedWork>
}

/**
 * Runs a process of the distributed profile that is not the gateway: opens the stores that all share, answers health and
 * metrics, works until it is told to stop.
 */
export async function runSharedProcess({ name, usage, begin }: SharedProcessOptions): Promise<void> {
  await runProcess({
    name,
    usage,
    hints: listeningHints('HUIYING_OPERATIONS_HOST', 'HUIYING_OPERATIONS_PORT'),
    main: async (context) => {
      const { log, stopped, variables } = context
      const addresses = addressesIn(variables)
      const operations = operationsIn(variables)
      const metrics = new ProcessMetrics()
      const closing = new Closing()
      try {
        const stores = closing.add(
          await openStores(addresses, { observe: (store) => observedEventStore(store, metrics) }),
          (open) => open.close(),
        )
        const lag = closing.add(new SubscriptionLag({ head: () => stores.store.head(), log }), async (open) =>
          open.stop(),
        )
        metrics.subscriptions(lag)
        const work = await begin({ ...context, addresses, stores, metrics, lag })
        closing.add(work, async ({ close }) => await close?.())
        const { leaderships = [] } = work
        metrics.leading(() => Object.fromEntries(leaderships.map((each) => [each.name, each.state === 'leading'])))
        const failing: Check = () =>
          leaderships
            .filter(({ state }) => state === 'failing')
            .map((each) => ({ code: 'FAILING', detail: `${each.name}: ${each.failures} times in a row` }))
        const server = closing.add(
          await openOperationsServer({
            ...operations,
            metrics,
            health: healthOf({ subscriptions: () => lag.hindrances(), leaderships: failing, ...work.checks }, log),
            log,
          }),
          (open) => open.close(),
        )
        log('info', 'serving', { address: server.address, process: name })
        const nest = await NestFactory.createApplicationContext(WorkModule.of(work.run), { logger: nestLog(log) })
        try {
          await Promise.race([aborted(stopped), nest.get(WorkLoop).ended])
        } finally {
          await nest.close()
        }
      } finally {
        await closing.close()
      }
    },
  })
}
