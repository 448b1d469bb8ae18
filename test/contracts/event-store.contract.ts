import { describe, expect, test } from 'vitest'
import { APPEND_EVENTS_MAX, STREAM_EVENTS_MAX } from '#event-store'
import type { NewEvent, RecordedEvent } from '#event-store'
import { letter, metadata, note, NOW, useBench } from './event-store.bench.ts'
import type { EngineUnderTest } from './event-store.bench.ts'
import { sealingContract } from './event-store.sealing.ts'
import { subscriptionContract } from './event-store.subscriptions.ts'

export type { EngineUnderTest, Tampering } from './event-store.bench.ts'

/** What every engine must do. `open` gives a new, empty one. */
export function eventStoreContract(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`event store on ${name}`, () => {
    const bench = useBench(open)
    const { append, readAll, writeNotes } = bench

    describe('appending', () => {
      test('gives back what a read gives', async () => {
        const appended = await append('case-1', 'no-stream', letter(), note(1))
        const slice = await bench.store.readStream('case-1')
        expect(slice.events).toEqual(appended.events)
        expect(slice.version).toBe(appended.version)
        expect(slice.position).toBe(appended.position)
        expect(slice.events.map(({ revision }) => revision)).toEqual([0, 1])
        expect(slice.events[0]?.metadata.recordedAt).toBe(NOW)
      })

      test('a stream that does not exist reads as empty, at version no-stream', async () => {
        expect(await bench.store.readStream('case-0')).toEqual({ events: [], version: 'no-stream', position: null })
      })

      test('reads on from what is known of a stream, and opens nothing twice', async () => {
        await append('case-1', 'no-stream', letter('一'), note(2))
        const known = await bench.store.readStream('case-1')
        expect(await bench.store.readStream('case-1', known)).toBe(known)
        await append('case-1', known.version, letter('三'))
        const more = await bench.store.readStream('case-1', known)
        expect(more).toEqual(await bench.store.readStream('case-1'))
        expect(more.events[0]).toBe(known.events[0])
        const nothing = await bench.store.readStream('case-2')
        await append('case-2', 'no-stream', note(4))
        expect(await bench.store.readStream('case-2', nothing)).toEqual(await bench.store.readStream('case-2'))
      })

      test('goes on from the version of the last append', async () => {
        const first = await append('case-1', 'no-stream', note(1))
        const second = await append('case-1', first.version, note(2))
        expect(second.events[0]?.metadata.integrity.previous).toBe(first.events[0]?.metadata.integrity.digest)
      })

      test('conflicts with a stream that exists, one that does not, and one that went on', async () => {
        const first = await append('case-1', 'no-stream', note(1))
        await append('case-1', first.version, note(2))
        expect(await bench.store.append('case-1', 'no-stream', [note(3)])).toEqual({
          status: 'conflict',
          stream: 'case-1',
        })
        expect(await bench.store.append('case-1', first.version, [note(3)])).toEqual({
          status: 'conflict',
          stream: 'case-1',
        })
        expect(await bench.store.append('case-2', first.version, [note(3)])).toEqual({
          status: 'conflict',
          stream: 'case-2',
        })
        expect(await readAll()).toHaveLength(2)
      })

      test('conflicts with a version of the right revision and another digest', async () => {
        const { version } = await append('case-1', 'no-stream', note(1))
        const other = version.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
        expect(await bench.store.append('case-1', other, [note(2)])).toEqual({ status: 'conflict', stream: 'case-1' })
      })

      test('of two at once on one version one wins, and the rest of their group is written', async () => {
        const results = await Promise.all([
          bench.store.append('case-1', 'no-stream', [note(1)]),
          bench.store.append('case-1', 'no-stream', [note(2)]),
          bench.store.append('case-2', 'no-stream', [note(3)]),
        ])
        expect(results.map(({ status }) => status)).toEqual(['appended', 'conflict', 'appended'])
        // Which of two streams was written first is nobody's business.
        expect(new Set((await readAll()).map(({ data }) => data.number))).toEqual(new Set([1, 3]))
      })

      test.each(['', 'any', '0', '-1:x', 'stream-exists'])('refuses the version "%s"', async (version) => {
        await expect(bench.store.append('case-1', version, [note(1)])).rejects.toMatchObject({
          code: 'VERSION_INVALID',
        })
      })

      test.each(['$all', '$ce-case', '', 'x'.repeat(256), 'case-\u0000'])('refuses the stream "%s"', async (stream) => {
        await expect(bench.store.append(stream, 'no-stream', [note(1)])).rejects.toMatchObject({
          code: 'STREAM_NAME_INVALID',
        })
      })

      test('keeps its limits: events and bytes an append, events a stream', async () => {
        const many = Array.from({ length: APPEND_EVENTS_MAX + 1 }, (_, number) => note(number))
        await expect(bench.store.append('case-1', 'no-stream', [])).rejects.toMatchObject({ code: 'APPEND_EMPTY' })
        await expect(bench.store.append('case-1', 'no-stream', many)).rejects.toMatchObject({ code: 'APPEND_TOO_MANY' })
        const large = [note(1, '长'.repeat(90_000)), note(2, '长'.repeat(90_000))]
        await expect(bench.store.append('case-1', 'no-stream', large)).rejects.toMatchObject({
          code: 'APPEND_TOO_LARGE',
        })
        const full = `${STREAM_EVENTS_MAX - 1}:${'0'.repeat(64)}`
        await expect(bench.store.append('case-1', full, [note(1)])).rejects.toMatchObject({ code: 'STREAM_FULL' })
        expect(await readAll()).toEqual([])
      })

      test('a stream holds as many events as it may, and reads back whole', async () => {
        let version = 'no-stream'
        for (let written = 0; written < STREAM_EVENTS_MAX; written += APPEND_EVENTS_MAX) {
          const notes = Array.from({ length: APPEND_EVENTS_MAX }, (_, index) => note(written + index))
          version = (await append('case-1', version, ...notes)).version
        }
        const { events } = await bench.store.readStream('case-1')
        expect(events.map(({ data }) => data.number)).toEqual(Array.from({ length: STREAM_EVENTS_MAX }, (_, n) => n))
        await expect(bench.store.append('case-1', version, [note(0)])).rejects.toMatchObject({ code: 'STREAM_FULL' })
      })

      test('refuses data and metadata that break their schema, and types that it does not know', async () => {
        const refuses = (event: object) =>
          expect(bench.store.append('case-1', 'no-stream', [event as NewEvent])).rejects
        await refuses({ ...note(1), data: { number: 1, text: 'x', more: 1 } }).toMatchObject({ code: 'EVENT_INVALID' })
        await refuses({ ...note(1), data: { number: 1.5, text: 'x' } }).toMatchObject({ code: 'EVENT_INVALID' })
        await refuses({ ...note(1, '\ud800') }).toMatchObject({ code: 'VALUE_NOT_CANONICAL' })
        await refuses(letter('\udc00')).toMatchObject({ code: 'VALUE_NOT_CANONICAL' })
        await refuses({ ...note(1), id: 'one' }).toMatchObject({ code: 'EVENT_INVALID' })
        await refuses({ ...note(1), type: 'Unheard' }).toMatchObject({ code: 'EVENT_TYPE_UNKNOWN' })
        const future = { ...metadata, occurredAt: '2026-11-23' }
        await refuses({ ...note(1), metadata: future }).toMatchObject({ code: 'EVENT_METADATA_INVALID' })
        expect(await readAll()).toEqual([])
      })
    })

    describe('retrying with the same ids', () => {
      test('writes once and answers as the first time', async () => {
        const events = [letter(), note(1)]
        const first = await append('case-1', 'no-stream', ...events)
        expect(await append('case-1', 'no-stream', ...events)).toEqual(first)
        expect(await readAll()).toHaveLength(2)
      })

      test('does so too when other events have followed, and within one group', async () => {
        const events = [note(1)]
        const [first, again] = await Promise.all([
          append('case-1', 'no-stream', ...events),
          append('case-1', 'no-stream', ...events),
        ])
        expect(again).toEqual(first)
        const second = await append('case-1', first.version, note(2))
        expect(await append('case-1', 'no-stream', ...events)).toEqual(first)
        expect(await append('case-1', second.version, ...events)).toEqual(first)
        expect(await readAll()).toHaveLength(2)
      })

      test('is an error in another order, or with new events among them', async () => {
        const [one, two, three] = [note(1), note(2), note(3)]
        const { version } = await append('case-1', 'no-stream', one, two)
        const refuses = (stream: string, expected: string, ...events: NewEvent[]) =>
          expect(bench.store.append(stream, expected, events)).rejects.toMatchObject({ code: 'EVENT_ID_USED' })
        await refuses('case-1', 'no-stream', two, one)
        await refuses('case-1', 'no-stream', one, two, three)
        await refuses('case-1', version, three, one)
        await refuses('case-2', 'no-stream', three, three)
        expect((await readAll()).map(({ data }) => data.number)).toEqual([1, 2])
        expect((await append('case-2', 'no-stream', three)).events).toHaveLength(1)
      })

      test('is an error in another stream', async ({ skip }) => {
        skip(bench.engine.idsAreUniqueIn === 'stream', 'the engine looks at ids within one stream alone')
        const [one, two, three] = [note(1), note(2), note(3)]
        await append('case-1', 'no-stream', one, two)
        const refuses = (...events: NewEvent[]) =>
          expect(bench.store.append('case-2', 'no-stream', events)).rejects.toMatchObject({ code: 'EVENT_ID_USED' })
        await refuses(one, two)
        await refuses(three, one)
        expect((await readAll()).map(({ data }) => data.number)).toEqual([1, 2])
        expect((await append('case-2', 'no-stream', three)).events).toHaveLength(1)
      })
    })

    describe('reading all', () => {
      test('gives every event once, in the order of positions, in pages', async () => {
        const ids = await writeNotes('writer', 200)
        const sizes: number[] = []
        const events: RecordedEvent[] = []
        for await (const page of bench.store.readAll('start', { pageSize: 7 })) {
          sizes.push(page.length)
          events.push(...page)
        }
        expect(Math.max(...sizes)).toBe(7)
        expect(events.map(({ id }) => id).sort()).toEqual(ids.sort())
        const positions = events.map(({ position }) => position)
        expect(positions).toEqual([...new Set(positions)].sort())
        expect(await bench.store.head()).toBe(positions.at(-1))
      })

      test('starts after a position, exclusive, and ends with another, inclusive', async () => {
        const { events } = await append('case-1', 'no-stream', note(0), note(1), note(2), note(3))
        const [, one, two] = events
        const read = await readAll(one!.position, { until: two!.position })
        expect(read.map(({ data }) => data.number)).toEqual([2])
        expect(await readAll(two!.position, { until: one!.position })).toEqual([])
      })

      test('an empty store starts and ends at its start', async () => {
        expect(await bench.store.head()).toBe('start')
        expect(await readAll()).toEqual([])
      })

      test('stops when its signal aborts', async () => {
        await append('case-1', 'no-stream', note(0), note(1), note(2))
        const abort = new AbortController()
        let pages = 0
        for await (const _ of bench.store.readAll('start', { pageSize: 1, signal: abort.signal })) {
          pages += 1
          abort.abort()
        }
        expect(pages).toBe(1)
      })

      test('as stored, needs no key and gives no clear text', async () => {
        await append('case-1', 'no-stream', letter())
        for await (const [event] of bench.store.readStored('start')) {
          expect(event?.data).toMatchObject({ content: { sealed: 0 }, author: { name: { sealed: 1 } }, wish: 'public' })
          expect(event?.data.sealed).toMatchObject({ algorithm: 'aes-256-gcm' })
        }
      })
    })
  })

  subscriptionContract(name, open)
  sealingContract(name, open)
}
