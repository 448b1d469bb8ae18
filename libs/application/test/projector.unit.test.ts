import { expect, test } from 'vitest'
import type { EventStore, From, StoredEvent, SubscriptionMessage } from '#event-store'
import type { ReadStore, ReadStoreWriter } from '#read-store'
import type { SearchGeneration, SearchWriter } from '#search'
import type { Projection } from '../src/projections/projection.ts'
import { Projector } from '../src/projector/projector.ts'
import { SearchFollower } from '../src/projector/search-follower.ts'
import { MemoryGeneration } from './memory-generation.ts'

const positionOf = (number: number) => String(number).padStart(16, '0')
const pageOf = (first: number, count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      ({ position: positionOf(first + index), type: 'Other', stream: 'x-1', metadata: {} }) as unknown as StoredEvent,
  )
const nothingHandled: Projection = {
  name: 'casework',
  version: 1,
  collections: [],
  handles: new Set(),
  apply: () => Promise.resolve(),
}

/** A projector over a store that sends these pages live and then no more; the checkpoints that it shows. */
async function shownAfter(...pages: StoredEvent[][]): Promise<From[]> {
  const shown: From[] = []
  const sent: StoredEvent[] = []
  const { promise: allSent, resolve } = Promise.withResolvers<void>()
  async function* subscribe(): AsyncGenerator<SubscriptionMessage> {
    yield { kind: 'caught-up', position: 'start' }
    for (const page of pages) {
      sent.push(...page)
      yield { kind: 'events', events: page }
    }
    resolve()
    await new Promise(() => {})
  }
  async function* readStored(from: From): AsyncGenerator<StoredEvent[]> {
    const further = pages.flat().filter(({ position }) => position > from)
    if (further.length > 0) yield further.slice(0, 1)
  }
  const projector = new Projector({
    store: { subscribe, readStored } as unknown as EventStore,
    views: { prepare: () => Promise.resolve(new MemoryGeneration()) } as unknown as ReadStoreWriter,
    projections: [nothingHandled],
    onProgress: (_, checkpoint) => shown.push(checkpoint),
  })
  await projector.start(() => {})
  await allSent
  return shown
}

test('a last page that is full is shown although none follows', async () => {
  expect((await shownAfter(pageOf(1, 1_000))).at(-1)).toBe(positionOf(1_000))
})

test('full pages with more behind them are shown with the last of them', async () => {
  const shown = await shownAfter(pageOf(1, 1_000), pageOf(1_001, 1_000), pageOf(2_001, 5))
  expect(new Set(shown)).toEqual(new Set(['start', positionOf(2_005)]))
})

test('search hears of every advance, in whichever moment of a pass it comes', async () => {
  const last = positionOf(2)
  const reached = async (microtasks: number) => {
    let checkpoint: From = 'start'
    const { promise, resolve } = Promise.withResolvers<void>()
    const generation = {
      status: () => Promise.resolve('active'),
      checkpoint: () => Promise.resolve(checkpoint),
      index: (_: unknown, position: string) => {
        checkpoint = position
        return Promise.resolve()
      },
      switchOver: () => Promise.resolve(),
    } as unknown as SearchGeneration
    async function* readStored(): AsyncGenerator<StoredEvent[]> {}
    const follower = new SearchFollower({
      store: { readStored } as unknown as EventStore,
      views: {} as ReadStore,
      search: { prepare: () => Promise.resolve(generation) } as unknown as SearchWriter,
      onProgress: (position) => {
        if (position === last) resolve()
      },
    })
    await follower.start()
    follower.advance(positionOf(1), () => {})
    for (let count = 0; count < microtasks; count++) await Promise.resolve()
    follower.advance(last, () => {})
    await promise
    await follower.stop()
  }
  await Promise.all(Array.from({ length: 60 }, (_, microtasks) => reached(microtasks)))
})

test('a rebuild that ends before the generation in use has caught up replaces it for good', async () => {
  class Dropped extends MemoryGeneration {
    isGone = false
    override async write(batch: Parameters<MemoryGeneration['write']>[0]): Promise<void> {
      if (this.isGone) throw new Error('this generation is gone')
      await super.write(batch)
    }
    override async switchOver(): Promise<void> {
      if (this.isGone) throw new Error('this generation is gone')
    }
  }
  const [old, anew] = [new Dropped(), new Dropped()]
  anew.switchOver = async () => {
    old.isGone = true
  }
  const rebuilt = Promise.withResolvers<void>()
  const oldHasRun = Promise.withResolvers<void>()
  let subscriptions = 0
  async function* subscribe(): AsyncGenerator<SubscriptionMessage> {
    const isOld = (subscriptions += 1) === 1
    // The one in use, which has much to catch up with, is still at it when the new one is done.
    if (isOld) {
      await rebuilt.promise
      yield { kind: 'events', events: pageOf(1, 3) }
    }
    yield { kind: 'caught-up', position: positionOf(3) }
    if (isOld) oldHasRun.resolve()
    else await new Promise(() => {})
  }
  const failures: unknown[] = []
  const projector = new Projector({
    store: { subscribe } as unknown as EventStore,
    views: {
      prepare: () => Promise.resolve(old),
      rebuild: () => Promise.resolve(anew),
    } as unknown as ReadStoreWriter,
    projections: [nothingHandled],
    onProgress: () => {},
  })
  await projector.start((error) => failures.push(error))
  await projector.rebuild()
  rebuilt.resolve()
  // Its loop ends by itself once it has nothing left to write.
  await Promise.race([oldHasRun.promise, new Promise((resolve) => setImmediate(resolve))])
  await new Promise((resolve) => setImmediate(resolve))
  expect(failures).toEqual([])
})
