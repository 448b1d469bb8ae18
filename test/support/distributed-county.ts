import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projections } from '#application'
import type { Application } from '#application'
import type { RecordedEvent } from '#event-store'
import { SubscriptionLag } from '#observability'
import type { Log } from '#observability'
import { Closing, openStores } from '#processes'
import type { Addresses, Stores } from '#processes'
import { MongoClient } from 'mongodb'
import { DistributedGateway } from '../../apps/gateway/src/distributed/open.ts'
import { serve } from '../../apps/gateway/src/serve.ts'
import { VitalsWatch } from '../../apps/gateway/src/vitals.ts'
import { LeasedProjection } from '../../apps/projector/src/leased-projection.ts'
import { LeadingSentinel } from '../../apps/sentinel/src/leading-sentinel.ts'
import { startKurrentDbStandIn } from '../stand-ins/kurrentdb/index.ts'
import { MovedClock } from './clock.ts'
import { departments, staff } from './county.ts'
import { HttpCounty } from './http.ts'
import { servers } from './servers.ts'

const LEASE_MS = 3_000
const quiet: Log = () => {}

/** The stores of a county of its own on the servers that there are, and how to be rid of them. */
export class DistributedStores {
  readonly folder: string
  readonly addresses: Addresses
  readonly #closing: Closing

  private constructor(folder: string, addresses: Addresses, closing: Closing) {
    this.folder = folder
    this.addresses = addresses
    this.#closing = closing
  }

  static async make(): Promise<DistributedStores> {
    const closing = new Closing()
    const folder = closing.add(await mkdtemp(join(tmpdir(), 'huiying-distributed-')), (path) =>
      rm(path, { recursive: true, force: true }),
    )
    const database = `huiying-test-${randomBytes(6).toString('hex')}`
    const views = viewsAddress(database)
    closing.add(views, dropDatabase)
    let events = servers.kurrentdb
    if (events === null) {
      const standIn = closing.add(await startKurrentDbStandIn(), (open) => open.stop())
      events = standIn.url
    }
    const addresses: Addresses = {
      events,
      views,
      messaging: servers.kafka === null ? null : `kafka://${servers.kafka}`,
      blobs: `file:${join(folder, 'blobs')}`,
      keys: `sqlite:${join(folder, 'keys.db')}`,
      masterKey: { fromEnvironment: randomBytes(32).toString('hex'), path: '' },
      leaseMs: LEASE_MS,
    }
    return new DistributedStores(folder, addresses, closing)
  }

  async close(): Promise<void> {
    await this.#closing.close()
  }
}

/** An address on the server of `MONGODB_URL`. */
export function viewsAddress(database: string): string {
  const url = new URL(servers.mongodb!)
  url.pathname = `/${database}`
  return url.href
}

async function dropDatabase(views: string): Promise<void> {
  const client = await MongoClient.connect(views)
  await client.db().dropDatabase()
  await client.close()
}

/** A projector, a sentinel and a gateway on shared stores, as their processes put them together, under a moved clock. */
export class DistributedCounty {
  readonly folder: string
  readonly clock: MovedClock
  readonly gateway: DistributedGateway
  readonly stores: Stores
  readonly addresses: Addresses
  readonly #closing: Closing

  private constructor(parts: {
    folder: string
    clock: MovedClock
    gateway: DistributedGateway
    stores: Stores
    addresses: Addresses
    closing: Closing
  }) {
    this.folder = parts.folder
    this.clock = parts.clock
    this.gateway = parts.gateway
    this.stores = parts.stores
    this.addresses = parts.addresses
    this.#closing = parts.closing
  }

  static async open(local: string): Promise<DistributedCounty> {
    const closing = new Closing()
    try {
      const made = closing.add(await DistributedStores.make(), (stores) => stores.close())
      const { folder, addresses } = made
      const clock = new MovedClock(local)
      const stores = closing.add(await openStores(addresses, { clock }), (open) => open.close())
      await backgroundOf(stores, closing)
      const gateway = closing.add(await DistributedGateway.open({ stores, addresses, folder, log: quiet }), (open) =>
        open.close(),
      )
      const county = new DistributedCounty({ folder, clock, gateway, stores, addresses, closing })
      for (const [id, name] of Object.entries(departments)) {
        const payload = { department: { id, name, active: true }, reason: null }
        await gateway.shared.command({ command: 'DefineDepartment', target: null, payload, actor: staff.administrator })
      }
      await county.settled()
      return county
    } catch (error) {
      await closing.close()
      throw error
    }
  }

  get application(): Application {
    return this.gateway.shared.application
  }

  /** Waits until everything that follows has happened and is shown. */
  settled(): Promise<void> {
    return this.gateway.served(() => Promise.reject(new Error('nobody asks'))).maintenance.settled()
  }

  async events(stream: string): Promise<RecordedEvent[]> {
    return (await this.stores.store.readStream(stream)).events
  }

  async types(stream: string): Promise<string[]> {
    return (await this.events(stream)).map(({ type }) => type)
  }

  async extent(): Promise<{ events: number; head: string }> {
    let events = 0
    for await (const page of this.stores.store.readStored('start')) events += page.length
    return { events, head: await this.stores.store.head() }
  }

  async close(): Promise<void> {
    await this.#closing.close()
  }
}

/** Starts a projector and a sentinel; they stop first when all is closed. */
async function backgroundOf(stores: Stores, closing: Closing): Promise<void> {
  const lag = closing.add(new SubscriptionLag({ head: () => stores.store.head(), log: quiet }), async (open) =>
    open.stop(),
  )
  const stopping = new AbortController()
  const leased = projections.map(
    (projection) => new LeasedProjection({ stores, leaseMs: LEASE_MS, projection, lag, log: quiet }),
  )
  const sentinel = new LeadingSentinel({ stores, leaseMs: LEASE_MS, lag, log: quiet })
  const running = Promise.all([
    sentinel.run(stopping.signal),
    ...leased.map((projection) => projection.run(stopping.signal)),
  ])
  closing.add(stopping, async (controller) => {
    controller.abort()
    await running
  })
}

/** It, over HTTP. */
export async function serveDistributed(local: string): Promise<HttpCounty<DistributedCounty>> {
  const county = await DistributedCounty.open(local)
  return await HttpCounty.serving(county, {}, async (options) => {
    const watch = new VitalsWatch(county.gateway.watched({ events: 0 }), options.log)
    const serving = await serve(
      county.gateway.served(() => watch.read()),
      options,
    )
    return {
      address: serving.address,
      close: async () => {
        await serving.close()
        watch.stop()
      },
    }
  })
}
