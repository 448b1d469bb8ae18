import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Relay } from '#application'
import type { From } from '#event-store'
import { MemoryBroker } from './memory-broker.ts'
import { openToldStore } from './told.ts'
import type { ToldStore } from './told.ts'

const TOPIC = 'huiying.events'
const topic = { name: TOPIC, partitions: 2, replicas: 1, retentionMs: null }

let told: ToldStore
let broker: MemoryBroker
let saved: From
const relays: Relay[] = []

beforeEach(() => {
  told = openToldStore()
  broker = new MemoryBroker()
  saved = 'start'
})
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop(AbortSignal.abort())))
  await told.close()
})

interface Faults {
  save?: () => Promise<void>
}

function opened({ save }: Faults = {}): { relay: Relay; failures: unknown[] } {
  const failures: unknown[] = []
  const relay = new Relay({
    store: told.store,
    messaging: broker,
    topic,
    source: 'urn:huiying:test',
    checkpoints: {
      load: () => Promise.resolve(saved),
      save: async (position) => {
        await save?.()
        saved = position
      },
    },
    retry: {
      pauseMs: 1,
      pauseMsMax: 4,
      wait: () => new Promise((resolve) => setImmediate(resolve)),
      onFailure: (error) => failures.push(error),
    },
  })
  relays.push(relay)
  return { relay, failures }
}

const published = () =>
  broker.messages(TOPIC).map(({ key, value }) => ({ key, ...JSON.parse(Buffer.from(value).toString()) }))
const ids = () => published().map(({ id }: { id: string }) => id)
const head = () => told.store.head()
const reached = (relay: Relay) => vi.waitFor(async () => expect(relay.handled).toBe(await head()))

/** So many promises without a case, each settled once; their ids in the order in which it happened. */
async function settle(count: number, id = () => randomUUID() as string): Promise<string[]> {
  const settled: string[] = []
  for (let each = 0; each < count; each += 1) {
    settled.push((await told.tell(`commitment-${id()}`, 'CommitmentSettled')).id)
  }
  return settled
}

describe('the relay', () => {
  test('tells everything from the beginning, then what is new, and says how far it has come', async () => {
    const before = await settle(5)
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    const after = await settle(3)
    await reached(relay)
    expect(ids().toSorted()).toEqual([...before, ...after].toSorted())
    expect(relay.published).toBe(8)
    expect(saved).toBe(await head())
  })

  test('goes on where it was', async () => {
    await settle(3)
    const first = opened().relay
    await first.start()
    await reached(first)
    await first.stop()
    const after = await settle(2)
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    expect(relay.published).toBe(2)
    expect(ids()).toEqual(expect.arrayContaining(after))
  })

  test('passes over what nobody is told, and moves on', async () => {
    await told.tell(`case-${randomUUID()}`, 'ResponseDrafted')
    await told.tell(`case-${randomUUID()}`, 'CaseOpened')
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    expect(relay.published).toBe(0)
  })

  test('keeps the order of one key', async () => {
    const stream = `commitment-${randomUUID()}`
    const order: string[] = []
    for (let each = 0; each < 40; each += 1) {
      order.push((await told.tell(stream, each % 2 === 0 ? 'ProgressReported' : 'CommitmentStalled')).id)
      await settle(1)
    }
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    const key = stream.slice('commitment-'.length)
    expect(
      published()
        .filter((event) => event.key === key)
        .map(({ id }) => id),
    ).toEqual(order)
  })

  test('what was erased does not stand in its way, nor does it need a key', async () => {
    const item = `item-${randomUUID()}`
    await told.tell(item, 'ItemReceived', { kind: 'opinion' })
    await told.tell(item, 'ItemErased')
    await told.store.eraseStream(item)
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    expect(published().map(({ type }) => type)).toEqual(['cn.huiying.item.received.v1', 'cn.huiying.item.erased.v1'])
  })
})

describe('at least once, and without a gap', () => {
  test('killed between publishing and saying how far it has come, it tells the same again under the same ids', async () => {
    const order = await settle(4)
    const killed = opened({ save: () => Promise.reject(new Error('killed')) }).relay
    await killed.start()
    await vi.waitFor(() => expect(killed.failure).not.toBeNull())
    await killed.stop()
    expect(saved).toBe('start')
    const again = broker.messages(TOPIC).length
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    expect(new Set(ids())).toEqual(new Set(order))
    expect(ids()).toHaveLength(again + 4)
  })

  test('the broker is away: it tries again until it is there, and nothing is missing', async () => {
    const order = await settle(4)
    broker.away = new Error('no broker')
    const { relay, failures } = opened()
    await relay.start()
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(5))
    expect(relay.failure).toMatchObject({ error: broker.away })
    expect([relay.handled, saved]).toEqual(['start', 'start'])
    broker.away = null
    await reached(relay)
    expect(relay.failure).toBeNull()
    expect(ids().toSorted()).toEqual(order.toSorted())
  })

  test('the broker goes in the middle: a case is told of from where it was, not from where it knew of it', async () => {
    const id = randomUUID()
    const stream = `case-${id}`
    await told.tell(stream, 'CaseOpened', { origin: 'live' })
    await told.tell(stream, 'CaseTriaged', {
      type: 'complaint',
      sensitivities: [],
      accused: { departments: [], persons: [] },
    })
    let failing = 3
    broker.onPublish = () => (failing-- > 0 ? Promise.reject(new Error('leader moved')) : undefined)
    const { relay } = opened()
    await relay.start()
    await reached(relay)
    expect(published().map(({ type }) => type)).toEqual(['cn.huiying.case.opened.v1', 'cn.huiying.case.triaged.v1'])
  })
})

describe('stopping', () => {
  test('finishes what is in hand and says how far it has come', async () => {
    await settle(3)
    const publishing = Promise.withResolvers<void>()
    const reachedBroker = Promise.withResolvers<void>()
    broker.onPublish = () => (reachedBroker.resolve(), publishing.promise)
    const { relay } = opened()
    await relay.start()
    await reachedBroker.promise
    const stopping = relay.stop()
    publishing.resolve()
    await stopping
    expect(relay.published).toBe(3)
    expect(saved).toBe(await head())
  })

  test('does not wait for a broker that does not answer', async () => {
    await settle(1)
    const { relay } = opened()
    const asked = Promise.withResolvers<void>()
    vi.spyOn(broker, 'publish').mockImplementation((_topic, _messages, signal?: AbortSignal) => {
      asked.resolve()
      return new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)))
    })
    await relay.start()
    await asked.promise
    await relay.stop(AbortSignal.abort())
    expect(saved).toBe('start')
  })
})
