import { expect, test } from 'vitest'
import type { EventStore, RecordedEvent, StreamSlice } from '#event-store'
import type { Aggregate } from '../src/commands/aggregate.ts'
import { RecentStreams } from '../src/commands/recent-streams.ts'

/** Counts the events that it folds. */
function setUp() {
  const stored: RecordedEvent[] = []
  let folded = 0
  let nowMs = 0
  const aggregate = {
    initial: 0,
    evolve: (state: unknown) => {
      folded += 1
      return (state as number) + 1
    },
  } as unknown as Aggregate
  const store = {
    readStream: (_stream: string, known?: StreamSlice) =>
      Promise.resolve(
        known?.events.length === stored.length
          ? known
          : { events: [...stored], version: String(stored.length), position: String(stored.length) },
      ),
  } as unknown as EventStore
  const streams = new RecentStreams(store, () => nowMs)
  return {
    aggregate,
    streams,
    write: (count: number) => {
      const events = Array.from({ length: count }, () => ({}) as RecordedEvent)
      stored.push(...events)
      return events
    },
    foldedSince: () => {
      const count = folded
      folded = 0
      return count
    },
    pass: (milliseconds: number) => {
      nowMs += milliseconds
    },
  }
}

test('folds each event once, whoever wrote it', async () => {
  const { aggregate, streams, write, foldedSince } = setUp()
  write(3)
  expect((await streams.read(aggregate, 'case-1')).state).toBe(3)
  write(2)
  const read = await streams.read(aggregate, 'case-1')
  expect(read.state).toBe(5)
  expect(foldedSince()).toBe(5)
  const events = write(1)
  streams.add(aggregate, 'case-1', read, { events, version: '6', position: '6' })
  expect(await streams.read(aggregate, 'case-1')).toMatchObject({ state: 6, slice: { version: '6' } })
  expect(foldedSince()).toBe(1)
})

test('reads anew after a minute, counted from the first read, because a key may have been destroyed', async () => {
  const { aggregate, streams, write, foldedSince, pass } = setUp()
  write(3)
  await streams.read(aggregate, 'case-1')
  pass(59_000)
  write(1)
  await streams.read(aggregate, 'case-1')
  expect(foldedSince()).toBe(4)
  pass(1_000)
  await streams.read(aggregate, 'case-1')
  expect(foldedSince()).toBe(4)
})

test('keeps no more events in mind than it may', async () => {
  const { aggregate, streams, write, foldedSince } = setUp()
  write(3_000)
  for (const stream of ['case-1', 'case-2', 'case-3', 'case-4']) await streams.read(aggregate, stream)
  foldedSince()
  await streams.read(aggregate, 'case-3')
  await streams.read(aggregate, 'case-4')
  expect(foldedSince()).toBe(0)
  await streams.read(aggregate, 'case-1')
  expect(foldedSince()).toBe(3_000)
})
