/** What the stand-in of KurrentDB does for its client, as the real server would. */
import { randomUUID } from 'node:crypto'
import { BACKWARDS, END, jsonEvent, KurrentDBClient, NO_STREAM, streamNameFilter } from '@kurrent/kurrentdb-client'
import type { AppendStreamState } from '@kurrent/kurrentdb-client'
import { afterEach, describe, expect, test } from 'vitest'
import { startKurrentDbStandIn } from './index.ts'
import type { KurrentDbStandIn, StandInOptions } from './index.ts'

let stop: () => Promise<void>
afterEach(() => stop())

async function begin(options: StandInOptions = {}): Promise<{ standIn: KurrentDbStandIn; client: KurrentDBClient }> {
  const standIn = await startKurrentDbStandIn(options)
  const client = KurrentDBClient.connectionString(standIn.url)
  stop = async () => {
    await client.dispose()
    await standIn.stop()
  }
  return { standIn, client }
}

const noted = (id = randomUUID()) => jsonEvent({ id, type: 'Noted', data: { text: '路灯' } })

describe.each([
  { method: 'BatchAppend', hasBatchAppend: true },
  { method: 'Append', hasBatchAppend: false },
])('appending by $method', (options) => {
  test('keeps exact revisions, and takes the same ids at the same place for the same append', async () => {
    const { standIn, client } = await begin(options)
    const append = (streamState: AppendStreamState, ...events: ReturnType<typeof noted>[]) =>
      client.appendToStream('notes', events, { streamState })
    const [one, two] = [noted(), noted()]
    const first = await append(NO_STREAM, one, two)
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n })
    expect(await append(1n, noted())).toMatchObject({ nextExpectedRevision: 2n })
    expect(await append(NO_STREAM, one, two)).toEqual(first)
    expect(await append(0n, two)).toEqual(first)
    for (const [state, ...events] of [
      [NO_STREAM, noted()],
      [NO_STREAM, one, noted()],
      [NO_STREAM, two, one],
      [7n, noted()],
      [1n, two],
    ] as const) {
      await expect(append(state, ...events)).rejects.toMatchObject({ type: 'wrong-expected-version', actualState: 2n })
    }
    expect(standIn.store.all).toHaveLength(3)
    expect(standIn.calls[options.hasBatchAppend ? 'append' : 'batchAppend']).toBe(0)
  })
})

test('reads from the end on, leaves out what a filter says, and positions are neither dense nor the same', async () => {
  const { standIn, client } = await begin()
  await client.appendToStream('notes', [noted(), noted()])
  standIn.appendSystemEvents(10)
  const positions: (bigint | undefined)[] = []
  const filter = streamNameFilter({ regex: '^[^$]' })
  for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 5, filter })) {
    expect(event).toMatchObject({ streamId: 'notes', type: 'Noted', data: { text: '路灯' }, isJson: true })
    positions.push(event?.position?.commit)
  }
  const [last, first] = positions
  expect(positions).toHaveLength(2)
  expect(last! - first!).toBeGreaterThan(1n)
})

test('tells a filtered subscription how far it looked', async () => {
  const { standIn, client } = await begin()
  const reached = Promise.withResolvers<bigint>()
  const filter = streamNameFilter({
    regex: '^[^$]',
    checkpointReached: async (_, position) => reached.resolve(position.commit),
  })
  const subscription = client.subscribeToAll({ fromPosition: END, filter })
  subscription.on('caughtUp', () => standIn.appendSystemEvents(100))
  subscription.resume()
  expect(await reached.promise).toBe(standIn.store.all[31]!.position)
})
