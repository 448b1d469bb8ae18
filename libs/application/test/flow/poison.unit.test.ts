import { describe, expect, test } from 'vitest'
import { EventStoreError } from '#event-store'
import { FAILURES_MAX, InboundIntake } from '../../src/inbound/inbound-intake.ts'
import type { DeadLetter } from '../../src/inbound/letter-box.ts'
import type { MessageIntake, ReadMessage } from '../../src/inbound/message-intake.ts'
import { sent } from './small-county.ts'

/** An intake over messages whose taking in does what the test says: the name of an item tells it. */
function setUp() {
  const taken: string[] = []
  const letters: DeadLetter[] = []
  const faults = new Map<string, Error>()
  const health: { error: Error | null } = { error: null }
  const name = (value: Uint8Array) => Buffer.from(value).toString()
  const messages = {
    read: (message) => {
      const externalId = name(message.value).split(' ')[0]!
      const read = { outcome: 'read', channel: { id: 'c' }, record: { externalId }, message } as unknown as ReadMessage
      return Promise.resolve(read)
    },
    take: ({ message }) => {
      const fault = faults.get(name(message.value))
      if (fault) return Promise.reject(fault)
      taken.push(name(message.value))
      return Promise.resolve({ outcome: 'taken' })
    },
  } as Partial<MessageIntake> as MessageIntake
  const intake = new InboundIntake({
    messages,
    letters: { post: (posted) => (letters.push(...posted), Promise.resolve()) },
    probe: () => (health.error ? Promise.reject(health.error) : Promise.resolve()),
  })
  const { signal } = new AbortController()
  return {
    intake,
    taken,
    letters,
    faults,
    health,
    take: (...values: string[]) =>
      intake.take(
        values.map((value, offset) => sent({ value, offset })),
        signal,
      ),
  }
}

const mistake = () => new TypeError("Cannot read properties of undefined (reading 'title')")
const codes = (letters: DeadLetter[]) => letters.map(({ message, refusal }) => [message.offset, refusal.code])

describe('a message that makes our code throw, again and again', () => {
  test('is put aside after so many times, while the others go on', async () => {
    const { take, taken, letters, faults, intake } = setUp()
    faults.set('bad', mistake())
    for (let attempt = 1; attempt < FAILURES_MAX; attempt += 1) {
      await expect(take('a', 'bad', 'b')).rejects.toMatchObject({ code: 'BATCH_NOT_TAKEN' })
    }
    await take('a', 'bad', 'b')
    // Those that were done with are not worked on again when the batch comes again.
    expect(taken).toEqual(['a', 'b'])
    expect(codes(letters)).toEqual([['1', 'POISONED']])
    expect(letters[0]!.attempts).toBe(FAILURES_MAX)
    expect(intake.counts).toMatchObject({ taken: 2, refused: 1, poisoned: 1, failedBatches: FAILURES_MAX - 1 })
  })

  test('holds back what comes after it of the same item, until it is put aside', async () => {
    const { take, taken, letters, faults } = setUp()
    faults.set('x 2', mistake())
    for (let attempt = 1; attempt < FAILURES_MAX; attempt += 1) {
      await expect(take('x 1', 'x 2', 'x 3')).rejects.toThrow('come again')
      expect(taken).toEqual(['x 1'])
    }
    await take('x 1', 'x 2', 'x 3')
    expect(taken).toEqual(['x 1', 'x 3'])
    expect(codes(letters)).toEqual([['1', 'POISONED']])
  })

  test('all of one item, one after the other', async () => {
    const { take, taken, letters, faults } = setUp()
    faults.set('x 1', mistake()).set('x 2', mistake())
    let batches = 0
    for (; letters.length < 2; batches += 1) await take('x 1', 'x 2', 'x 3', 'y').catch(() => {})
    await take('x 1', 'x 2', 'x 3', 'y').catch(() => {})
    expect(codes(letters)).toEqual([
      ['0', 'POISONED'],
      ['1', 'POISONED'],
    ])
    expect(taken.toSorted()).toEqual(['x 3', 'y', 'y'])
    expect(batches).toBeLessThanOrEqual(2 * FAILURES_MAX)
  })

  test('is put aside also where it comes alone', async () => {
    const { take, letters, faults } = setUp()
    faults.set('bad', mistake())
    for (let attempt = 1; attempt < FAILURES_MAX; attempt += 1) await expect(take('bad')).rejects.toThrow()
    await take('bad')
    expect(codes(letters)).toEqual([['0', 'POISONED']])
  })

  test('an event that can never be stored is the message’s fault, not the store’s', async () => {
    const { take, letters, faults } = setUp()
    faults.set('bad', new EventStoreError('APPEND_TOO_LARGE', 'too large'))
    for (let attempt = 1; attempt < FAILURES_MAX; attempt += 1) await expect(take('bad', 'a')).rejects.toThrow()
    await take('bad', 'a')
    expect(codes(letters)).toEqual([['0', 'POISONED']])
  })
})

describe('what looks like poison and is none', () => {
  test('an error with a code of a store or a connection never is, whatever it is wrapped in', async () => {
    const { take, letters, faults } = setUp()
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    faults.set('bad', new TypeError('fetch failed', { cause: refused }))
    for (let attempt = 0; attempt < 3 * FAILURES_MAX; attempt += 1) await expect(take('a', 'bad')).rejects.toThrow()
    expect(letters).toEqual([])
  })

  test('nothing is put aside while the store does not answer', async () => {
    const { take, letters, faults, health } = setUp()
    faults.set('bad', mistake())
    health.error = new EventStoreError('STORE_FAILED', 'away')
    for (let attempt = 0; attempt < 3 * FAILURES_MAX; attempt += 1) await expect(take('a', 'bad')).rejects.toThrow()
    expect(letters).toEqual([])
    health.error = null
    await take('a', 'bad')
    expect(codes(letters)).toEqual([['1', 'POISONED']])
  })

  test('when one after the other is put aside and none gets through, it is not the messages', async () => {
    const { take, letters, faults } = setUp()
    const names = Array.from({ length: 30 }, (_, number) => `n${number}`)
    for (const name of names) faults.set(name, mistake())
    for (let attempt = 0; attempt < 3 * FAILURES_MAX; attempt += 1) await expect(take(...names)).rejects.toThrow()
    expect(letters).toHaveLength(10)
    // Mended, the others are taken.
    faults.clear()
    const { length } = letters
    await take(...names)
    expect(letters).toHaveLength(length)
  })

  test('a topic that was made anew has other messages at the same offsets', async () => {
    const { take, taken, faults } = setUp()
    faults.set('bad', mistake())
    await expect(take('a', 'bad')).rejects.toThrow()
    await take('b', 'c')
    expect(taken).toEqual(['a', 'b', 'c'])
  })
})
