import { join } from 'node:path'
import { catalog, compareWithRebuilt, POLICIES, Projector, projections, RELAY } from '#application'
import { verifyLog } from '#event-store'
import type { RecordedEvent } from '#event-store'
import type { IncomingMessage, OutgoingMessage } from '#messaging'
import { Closing } from '#processes'
import type { Stores } from '#processes'
import { openReadStoreWriter } from '#read-store'
import { Announcer } from '../../libs/application/src/integration/announcer.ts'
import { Facts } from '../crash/facts.ts'
import { Told } from '../crash/told.ts'
import type { Installation } from '../support/processes-installation.ts'
import { SOURCE } from '../support/processes-installation.ts'
import { until } from '../support/until.ts'

const SETTLED_MS_MAX = 120_000
const SHOWN_MAX = 20

export interface Expected {
  /** External ids of what must have become an item, once. */
  items: Iterable<string>
  /** Whether a relay has told other systems. */
  isTold?: boolean
}

/**
 * Lets everything that is pending happen, stops all processes, and says all that is wrong then, as somebody sees it who
 * reads the servers themselves. Starts a projector and a sentinel where none runs.
 */
export async function faultsAtTheEnd(
  installation: Installation,
  { items, isTold = false }: Expected,
): Promise<string[]> {
  for (const service of ['projector', 'sentinel', ...(isTold ? (['relay'] as const) : [])] as const) {
    if (installation.running(service).length === 0) await installation.start(service)
  }
  const stores = await installation.stores()
  await settled(stores, isTold)
  const ends = await installation.stop()
  const events = await allEvents(stores)
  const facts = new Facts(events)
  const told = new Told()
  const faults = [
    ...ends,
    ...facts.faults(told),
    ...facts.missing(told),
    ...itemFaults(facts, new Set(items)),
    ...(await chainFaults(stores)),
    ...(await readModelFaults(installation, stores)),
    ...(isTold ? await toldFaults(installation, stores) : []),
  ]
  return faults.slice(0, SHOWN_MAX)
}

/** Resolves when projections and policies, and the relay where there is one, have handled everything there is. */
export async function settled({ store, views }: Stores, isTold = false): Promise<void> {
  const followers = [POLICIES, ...projections.map(({ name }) => name), ...(isTold ? [RELAY] : [])]
  let last = ''
  await until(
    () => `everything has settled: ${last}`,
    async () => {
      const head = await store.head()
      if (head === 'start') return false
      const behind: string[] = []
      for (const name of followers) {
        const { position } = await views.progress(name)
        if (position === 'start' || position < head) behind.push(`${name} is at ${position}`)
      }
      last = `${behind.join(', ')} of ${head}`
      return behind.length === 0 && (await store.head()) === head
    },
    SETTLED_MS_MAX,
  )
}

export async function allEvents({ store }: Stores): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const page of store.readAll('start', { pageSize: 1_000 })) events.push(...page)
  return events
}

function itemFaults(facts: Facts, expected: ReadonlySet<string>): string[] {
  const found = new Set(facts.ofItems('ItemReceived').map(({ data }) => data.externalId))
  return [
    ...[...expected].filter((id) => !found.has(id)).map((id) => `the message ${id} was acknowledged and is not there`),
    ...[...found].filter((id) => !expected.has(id)).map((id) => `the item ${id} was sent by nobody`),
  ]
}

async function chainFaults({ log, keys }: Stores): Promise<string[]> {
  const faults: string[] = []
  for await (const message of verifyLog({ log, catalog, keys })) {
    if (message.kind === 'finding') faults.push(`${message.finding.code} ${message.finding.message}`)
  }
  return faults
}

/** Held against a rebuild in a store of the embedded default, which no lease and no other process has anything to do with. */
async function readModelFaults({ folder }: Installation, { store, views }: Stores): Promise<string[]> {
  const closing = new Closing()
  try {
    const beside = closing.add(await openReadStoreWriter(`sqlite:${join(folder, 'rebuilt.db')}`), (open) =>
      open.close(),
    )
    const projector = closing.add(new Projector({ store, views: beside, projections, onProgress: () => {} }), (open) =>
      open.stop(),
    )
    const { documents, differing, differences } = await compareWithRebuilt(projector, views, projections)
    if (documents === 0) return ['there are no read models']
    return differences.map(({ collection, id, kind }) => `${collection} ${id} is ${kind}, one of ${differing}`)
  } finally {
    await closing.close()
  }
}

/** Each integration event at least once and always the same; by key, each for the first time in the order of the store. */
async function toldFaults(installation: Installation, { store }: Stores): Promise<string[]> {
  const announcer = new Announcer(store, SOURCE)
  const expected: OutgoingMessage[] = []
  for await (const page of store.readStored('start')) {
    for (const event of page) expected.push(...(await announcer.announce(event)))
  }
  const heard = await readTopic(installation, installation.topics.events.name)
  const texts = new Map<string, string>()
  const faults: string[] = []
  for (const { key, value } of heard) {
    const text = Buffer.from(value).toString()
    const id = `${key} ${idIn(text)}`
    if ((texts.get(id) ?? text) !== text) faults.push(`the integration event ${id} was told twice, in different words`)
    texts.set(id, text)
  }
  const byKey = (ids: Iterable<string>) => Map.groupBy(new Set(ids), (id) => id.split(' ')[0]!)
  const inOrder = byKey(expected.map(({ key, value }) => `${key} ${idIn(Buffer.from(value).toString())}`))
  const asHeard = byKey(texts.keys())
  for (const key of new Set([...inOrder.keys(), ...asHeard.keys()])) {
    const [wanted, got] = [inOrder.get(key) ?? [], asHeard.get(key) ?? []]
    if (wanted.join() !== got.join()) faults.push(`of ${key} was told ${got.join()} where ${wanted.join()} happened`)
  }
  return expected.length === 0 ? ['there was nothing to tell'] : faults
}

function idIn(cloudEvent: string): string {
  return (JSON.parse(cloudEvent) as { id: string }).id
}

/** A whole topic, each partition in its order. */
export async function readTopic({ messaging }: Installation, topic: string): Promise<IncomingMessage[]> {
  const messages = new Map<string, IncomingMessage>()
  const consumption = await messaging.consume({
    topic,
    group: `${topic}.judge.${crypto.randomUUID()}`,
    handle: (batch) => {
      for (const message of batch) messages.set(`${message.partition} ${message.offset}`, message)
      return Promise.resolve()
    },
    onFailure: () => {},
  })
  try {
    await until(`${topic} is read`, async () => consumption.joined && (await consumption.lag()) === 0)
  } finally {
    await consumption.stop()
  }
  return [...messages.values()]
}
