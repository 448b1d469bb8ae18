import { describe, expect, test, vi } from 'vitest'
import type { IncomingMessage } from '#messaging'
import { Hand } from '../src/kafka/hand.ts'
import type { HandParts } from '../src/kafka/hand.ts'

const message = (offset: number): IncomingMessage => ({
  topic: 'topic',
  partition: 0,
  offset: String(offset),
  key: 'k',
  value: new Uint8Array(),
  headers: {},
  sentAtMs: 0,
})
const messages = [0, 1, 2, 3, 4].map(message)
const placeLost = Object.assign(new Error('somebody else has it'), { type: 'ILLEGAL_GENERATION' })

function begin(parts: Partial<HandParts>, before: Promise<void> = Promise.resolve()) {
  const committed: string[] = []
  const failures: unknown[] = []
  const onPlaceLost = vi.fn()
  const hand = new Hand(messages, {
    batchMax: 2,
    pauses: { firstMs: 1, longestMs: 2 },
    handle: () => Promise.resolve(),
    commit: ({ offset }) => Promise.resolve(void committed.push(offset)),
    onFailure: (error) => void failures.push(error),
    onPlaceLost,
    ...parts,
  })
  hand.start(before)
  return { hand, committed, failures, onPlaceLost }
}

describe('what is in hand of a partition', () => {
  test('is committed part by part, each after its handler has resolved', async () => {
    const steps: string[] = []
    const { hand } = begin({
      handle: async (part) => Promise.resolve(void steps.push(`handled ${part.map(({ offset }) => offset).join()}`)),
      commit: async ({ offset }) => Promise.resolve(void steps.push(`committed ${offset}`)),
    })
    await hand.settled
    expect(steps).toEqual(['handled 0,1', 'committed 1', 'handled 2,3', 'committed 3', 'handled 4', 'committed 4'])
  })

  test('waits for what was in hand before', async () => {
    const before = Promise.withResolvers<void>()
    const handle = vi.fn(() => Promise.resolve())
    const { hand } = begin({ handle }, before.promise)
    await Promise.resolve()
    expect(handle).not.toHaveBeenCalled()
    before.resolve()
    await hand.settled
    expect(handle).toHaveBeenCalledTimes(3)
  })

  test('finished, it commits the part that is handled and begins no other', async () => {
    const gate = Promise.withResolvers<void>()
    const { hand, committed } = begin({ handle: () => gate.promise })
    await Promise.resolve()
    hand.finish()
    gate.resolve()
    await hand.settled
    expect(committed).toEqual(['1'])
  })

  test('interrupted, its handler is told; what it resolves about is committed', async () => {
    const { hand, committed } = begin({ handle: (_, signal) => aborted(signal) })
    await Promise.resolve()
    hand.interrupt()
    await hand.settled
    expect(committed).toEqual(['1'])
  })

  test('abandoned, nothing of it is committed, whatever its handler does', async () => {
    const { hand, committed, failures } = begin({ handle: (_, signal) => aborted(signal) })
    await Promise.resolve()
    hand.abandon()
    await hand.settled
    expect(committed).toEqual([])
    expect(failures).toEqual([])
  })

  test('a commit that fails is tried again; the handler is not run again', async () => {
    let tries = 0
    const handle = vi.fn(() => Promise.resolve())
    const { hand, failures } = begin({
      handle,
      commit: () => ((tries += 1) <= 3 ? Promise.reject(new Error('away')) : Promise.resolve()),
    })
    await hand.settled
    expect(handle).toHaveBeenCalledTimes(3)
    expect(failures).toHaveLength(3)
  })

  test('a commit that goes on failing while it ends is left, after a few tries', async () => {
    const commit = vi.fn(() => Promise.reject(new Error('away')))
    const { hand } = begin({ handle: (_, signal) => aborted(signal), commit })
    await Promise.resolve()
    hand.interrupt()
    await hand.settled
    expect(commit).toHaveBeenCalledTimes(3)
  })

  test('a commit that is refused since the place is lost ends it: the handler is told, the group is joined again', async () => {
    const handle = vi.fn(() => Promise.resolve())
    const { hand, failures, onPlaceLost } = begin({ handle, commit: () => Promise.reject(placeLost) })
    await hand.settled
    expect(handle).toHaveBeenCalledTimes(1)
    expect(hand.abandoned).toBe(true)
    expect(onPlaceLost).toHaveBeenCalledWith(placeLost)
    expect(failures).toEqual([])
  })

  test('an error of a handler that was told to stop is told of, unless it only says that it stopped', async () => {
    const broken = new Error('the store broke meanwhile')
    const one = begin({ handle: (_, signal) => aborted(signal).then(() => Promise.reject(broken)) })
    const other = begin({ handle: (_, signal) => aborted(signal).then(() => Promise.reject(signal.reason as Error)) })
    await Promise.resolve()
    one.hand.interrupt()
    other.hand.interrupt()
    await Promise.all([one.hand.settled, other.hand.settled])
    expect(one.failures).toEqual([broken])
    expect(other.failures).toEqual([])
  })
})

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}
