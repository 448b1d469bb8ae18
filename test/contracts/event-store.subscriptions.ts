import { describe, expect, test } from 'vitest'
import type { SubscriptionMessage } from '#event-store'
import { note, useBench } from './event-store.bench.ts'
import type { EngineUnderTest } from './event-store.bench.ts'

/** Subscriptions: no gap, no repeat, nobody held back. */
export function subscriptionContract(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`subscribing to the event store on ${name}`, () => {
    const bench = useBench(open)
    const { append, readAll, writeNotes } = bench

    /** Reads a subscription until it has so many events. */
    const collect = async (
      messages: AsyncIterable<SubscriptionMessage>,
      isEnough: (ids: string[]) => boolean,
      onMessage: () => Promise<void> | void = () => undefined,
    ): Promise<{ ids: string[]; last: string; caughtUp: number }> => {
      const seen = { ids: [] as string[], last: 'start', caughtUp: 0 }
      for await (const message of messages) {
        if (message.kind === 'events') {
          seen.ids.push(...message.events.map(({ id }) => id))
          seen.last = message.events.at(-1)!.position
        } else seen.caughtUp += 1
        await onMessage()
        if (isEnough(seen.ids)) break
      }
      return seen
    }

    test('says once that it has caught up, and on an empty store at once', async () => {
      const messages = bench.store.subscribe('start')[Symbol.asyncIterator]()
      expect((await messages.next()).value).toEqual({ kind: 'caught-up', position: 'start' })
      const live = messages.next()
      const { events, position } = await append('case-1', 'no-stream', note(1))
      expect((await live).value).toEqual({ kind: 'events', events })
      const abort = new AbortController()
      const other = bench.store.subscribe('start', { signal: abort.signal })[Symbol.asyncIterator]()
      expect((await other.next()).value).toEqual({ kind: 'events', events })
      expect((await other.next()).value).toEqual({ kind: 'caught-up', position })
      await append('case-2', 'no-stream', note(2))
      expect((await other.next()).value).toMatchObject({ kind: 'events' })
      abort.abort()
      expect((await other.next()).done).toBe(true)
    })

    test('passes from reading to live without gap or repeat while eight writers write', async () => {
      const early = await writeNotes('early', 100)
      const writing = writeNotes('late', 400)
      const subscribers = [1, 3, 50].map((pageSize) =>
        collect(bench.store.subscribe('start', { pageSize }), (ids) => ids.length === 500),
      )
      const late = await writing
      const stored = (await readAll()).map(({ id }) => id)
      expect([...early, ...late].sort()).toEqual(stored.toSorted())
      for (const seen of await Promise.all(subscribers)) expect(seen).toMatchObject({ ids: stored, caughtUp: 1 })
    })

    test('leaves out what is not selected, and says how far it has passed it', async () => {
      const first = await append('case-1', 'no-stream', note(1), note(2))
      const second = await append('item-1', 'no-stream', note(3))
      const stopped = new AbortController()
      const select = ({ stream }: { stream: string }) => stream.startsWith('item-')
      const selected = bench.store.subscribe('start', { pageSize: 2, select, signal: stopped.signal })
      const messages = selected[Symbol.asyncIterator]()
      expect((await messages.next()).value).toEqual({ kind: 'passed', position: first.position })
      expect((await messages.next()).value).toEqual({ kind: 'events', events: second.events })
      expect((await messages.next()).value).toEqual({ kind: 'passed', position: second.position })
      expect((await messages.next()).value).toEqual({ kind: 'caught-up', position: second.position })
      const live = messages.next()
      const third = await append('case-2', 'no-stream', note(4))
      expect((await live).value).toEqual({ kind: 'passed', position: third.position })
      stopped.abort()
      expect((await messages.next()).done).toBe(true)
    })

    test('resumes from the last position after any break', async () => {
      const writing = writeNotes('broken', 300)
      const ids: string[] = []
      let from = 'start'
      for (let length = 1; ids.length < 300; length = (length % 7) + 1) {
        const part = await collect(
          bench.store.subscribe(from, { pageSize: 5 }),
          (seen) => seen.length >= length || ids.length + seen.length === 300,
        )
        ids.push(...part.ids)
        from = part.last
      }
      await writing
      const stored = (await readAll()).map(({ id }) => id)
      expect(ids).toEqual(stored)
    })

    test('a slow subscriber holds back neither writers nor other subscribers, and misses nothing', async () => {
      const gate = Promise.withResolvers<void>()
      const slow = collect(
        bench.store.subscribe('start', { pageSize: 10 }),
        (ids) => ids.length === 200,
        () => gate.promise,
      )
      const quick = collect(bench.store.subscribe('start', { pageSize: 10 }), (ids) => ids.length === 200)
      await writeNotes('noted', 200)
      const stored = (await readAll()).map(({ id }) => id)
      expect((await quick).ids).toEqual(stored)
      gate.resolve()
      expect((await slow).ids).toEqual(stored)
    })

    test('ends when its signal aborts: before it starts, while it waits, between pages', async () => {
      const started = AbortSignal.abort()
      expect((await collect(bench.store.subscribe('start', { signal: started }), () => false)).caughtUp).toBe(0)
      const waiting = new AbortController()
      const ended = collect(
        bench.store.subscribe('start', { signal: waiting.signal }),
        () => false,
        () => {
          setImmediate(() => waiting.abort())
        },
      )
      expect((await ended).caughtUp).toBe(1)
      await append('case-1', 'no-stream', note(1), note(2))
      const between = new AbortController()
      const seen = await collect(
        bench.store.subscribe('start', { pageSize: 1, signal: between.signal }),
        () => false,
        () => between.abort(),
      )
      expect(seen.ids).toHaveLength(1)
    })
  })
}
