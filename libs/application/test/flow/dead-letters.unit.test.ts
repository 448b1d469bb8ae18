import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EventStoreError } from '#event-store'
import type { DeadLetters, InboundIntake } from '#application'
import { LetterBox } from '../../src/inbound/letter-box.ts'
import { LetterKeys } from '../../src/inbound/letter-keys.ts'
import { letterIdOf, readEntry } from '../../src/inbound/letter-format.ts'
import type { Letter } from '../../src/inbound/letter-format.ts'
import { refusalOf } from '../../src/inbound/refusal.ts'
import { MemoryBroker } from './memory-broker.ts'
import { DEAD_LETTERS, NOW, openSmallCounty, sent } from './small-county.ts'
import type { Sent, SmallCounty } from './small-county.ts'

let county: SmallCounty
let broker: MemoryBroker
let intake: InboundIntake
let deadLetters: DeadLetters
let before: number
/** Every test has items of its own. */
let nth = 0
const { signal } = new AbortController()

beforeAll(async () => {
  county = await openSmallCounty()
})
afterAll(() => county.close())
beforeEach(async () => {
  broker = new MemoryBroker()
  const opened = county.application.inbound({ messaging: broker, keys: county.keys, deadLetterTopic: DEAD_LETTERS })
  ;({ intake, deadLetters } = opened)
  before = (await county.events()).length
  nth += 1
})
afterEach(async () => {
  county.fault.error = null
  await broker.close()
})

const message = (given: Sent) => sent({ ...given, externalId: `GD-${nth}-${given.externalId ?? 'a'}` })
const take = (...messages: Sent[]) => intake.take(messages.map(message), signal)
const titles = async () =>
  (await county.events()).slice(before).flatMap(({ type, data }) => (type.startsWith('Item') ? [data['title']] : []))

async function setActive(active: boolean): Promise<void> {
  const channel = county.application.settings.current.channels.get('governor-suggestions')!
  await county.administer('DefineChannel', { channel: { ...channel, active }, reason: null })
}

/** While its channel is not active, so that all of them are dead letters. */
async function refuse(...messages: Sent[]): Promise<void> {
  await setActive(false)
  await take(...messages)
  await setActive(true)
}

const nothing = { read: 0, taken: 0, unchanged: 0, revised: 0, refused: 0, unreadable: 0, left: 0 }

describe('dead letters', () => {
  test('are listed without content, the oldest first', async () => {
    await refuse({ offset: 10 }, { offset: 9, value: '{' })
    const { total, letters } = await deadLetters.list({ limit: 10 })
    expect(total).toBe(2)
    expect(letters.map(({ offset, code }) => [offset, code])).toEqual([
      ['9', 'UNKNOWN_CHANNEL'],
      ['10', 'UNKNOWN_CHANNEL'],
    ])
    expect(Object.keys(letters[0]!).toSorted()).toEqual(
      [
        'attempts',
        'channelId',
        'code',
        'id',
        'message',
        'offset',
        'partition',
        'refusedAt',
        'sentAtMs',
        'topic',
      ].toSorted(),
    )
    expect(await deadLetters.list({ limit: 1 })).toMatchObject({ total: 2, letters: [{ offset: '9' }] })
  })

  test('are taken in anew through the same path, and are done with then', async () => {
    await refuse({ offset: 0 }, { offset: 1, title: '路灯还不亮' }, { offset: 2, externalId: 'b' })
    expect(await deadLetters.replay({ limit: 10 })).toEqual({ ...nothing, read: 3, taken: 2, revised: 1 })
    expect(await titles()).toEqual(['路灯不亮', '路灯还不亮', '路灯不亮'])
    expect(await deadLetters.replay({ limit: 10 })).toEqual(nothing)
    expect(await deadLetters.list({ limit: 10 })).toEqual({ total: 0, letters: [] })
  })

  test('what is refused again is the same letter, with one attempt more', async () => {
    await take({ offset: 4, value: '{' })
    expect(await deadLetters.replay({ limit: 10 })).toEqual({ ...nothing, read: 1, refused: 1 })
    expect(await deadLetters.replay({ limit: 10 })).toEqual({ ...nothing, read: 1, refused: 1 })
    const { total, letters } = await deadLetters.list({ limit: 10 })
    expect([total, letters[0]]).toMatchObject([1, { id: letterIdOf(message({ offset: 4 })), attempts: 3 }])
  })

  test('killed between taking one in and saying so, it changes nothing when it is done again', async () => {
    await refuse({ offset: 0 })
    broker.onPublish = () => Promise.reject(new Error('killed'))
    await expect(deadLetters.replay({ limit: 10 })).rejects.toThrow('killed')
    expect(await titles()).toEqual(['路灯不亮'])
    broker.onPublish = () => {}
    expect(await deadLetters.replay({ limit: 10 })).toMatchObject({ read: 1, refused: 0 })
    expect(await titles()).toEqual(['路灯不亮'])
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 0 })
  })

  test('an old one does not undo what a newer message brought', async () => {
    await refuse({ offset: 0, title: '路灯不亮' })
    await take({ offset: 1, title: '路灯还不亮' })
    expect(await deadLetters.replay({ limit: 10 })).toEqual({ ...nothing, read: 1, unchanged: 1 })
    expect(await titles()).toEqual(['路灯还不亮'])
  })

  test('the store is away: none is lost, and it can be done again', async () => {
    await refuse({ offset: 0 })
    county.fault.error = new EventStoreError('STORE_FAILED', 'The store cannot be reached.')
    await expect(deadLetters.replay({ limit: 10 })).rejects.toMatchObject({ code: 'STORE_FAILED' })
    county.fault.error = null
    expect(await deadLetters.replay({ limit: 10 })).toMatchObject({ read: 1, taken: 1 })
  })

  test('only those that are asked for, and the rest is left', async () => {
    await refuse({ offset: 0 }, { offset: 1, externalId: 'b' }, { offset: 2, externalId: 'c' })
    await take({ offset: 3, value: '{' })
    const { letters } = await deadLetters.list({ limit: 10 })
    expect(await deadLetters.replay({ limit: 10, ids: [letters[1]!.id] })).toMatchObject({ read: 1, taken: 1, left: 0 })
    expect(await deadLetters.replay({ limit: 1, reasons: ['UNKNOWN_CHANNEL'] })).toMatchObject({ read: 1, left: 1 })
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({
      letters: [{ code: 'UNKNOWN_CHANNEL', offset: '2' }, { code: 'MESSAGE_NOT_JSON' }],
    })
  })

  test('what else stands in the topic is passed over', async () => {
    await broker.publish(DEAD_LETTERS, [{ key: 'x', headers: {}, value: Buffer.from('hello') }])
    expect(await deadLetters.list({ limit: 10 })).toEqual({ total: 0, letters: [] })
  })

  test('a message as large as a broker takes comes back whole, in parts', async () => {
    const value = Buffer.alloc(1_500_000, 'x')
    await take({ offset: 0, value })
    const parts = broker.messages(DEAD_LETTERS)
    expect(parts).toHaveLength(3)
    expect(Math.max(...parts.map((part) => part.value.length))).toBeLessThan(900 * 1024)
    expect(await deadLetters.replay({ limit: 10 })).toEqual({ ...nothing, read: 1, refused: 1 })
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 1, letters: [{ attempts: 2 }] })
  })

  test('of one that was cut off in the middle, the one that came after it counts', async () => {
    const value = Buffer.alloc(1_500_000, 'x')
    let room = 1
    broker.onPublish = () => (room-- > 0 ? undefined : Promise.reject(new Error('killed')))
    await expect(take({ offset: 0, value })).rejects.toThrow('killed')
    broker.onPublish = () => {}
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 0 })
    await take({ offset: 0, value })
    expect(await deadLetters.list({ limit: 10 })).toMatchObject({ total: 1 })
    expect(await deadLetters.replay({ limit: 10 })).toMatchObject({ read: 1, refused: 1, unreadable: 0 })
  })

  test('whose key was destroyed nobody can read', async () => {
    await refuse({ offset: 0 })
    const letter = readEntry(broker.messages(DEAD_LETTERS)[0]!.value) as Letter
    await county.keys.destroy(letter.sealed.keyId)
    expect(await deadLetters.replay({ limit: 10 })).toEqual({ ...nothing, read: 1, unreadable: 1 })
  })

  test('cannot be opened where they were changed, or moved to another message', async () => {
    await refuse({ offset: 0 })
    const letter = readEntry(broker.messages(DEAD_LETTERS)[0]!.value) as Letter
    const box = new LetterBox({ messaging: broker, keys: county.keys, topic: DEAD_LETTERS, clock: { now: () => NOW } })
    expect(await box.open([letter])).not.toBeNull()
    const { sealed } = letter
    const ciphertext = `${sealed.ciphertext.startsWith('A') ? 'B' : 'A'}${sealed.ciphertext.slice(1)}`
    expect(await box.open([{ ...letter, sealed: { ...sealed, ciphertext } }])).toBeNull()
    expect(await box.open([{ ...letter, id: letterIdOf(message({ offset: 1 })) }])).toBeNull()
  })
})

describe('the keys of dead letters', () => {
  test('are another after a thousand letters, another day, another start', async () => {
    let allotted = 0
    const keys = { allot: () => Promise.resolve({ keyId: String((allotted += 1)), key: Buffer.alloc(32) }) }
    let now = NOW
    const letterKeys = new LetterKeys(keys, { now: () => now })
    const used = async () => (await letterKeys.next()).keyId
    for (let letter = 0; letter < 1_000; letter += 1) expect(await used()).toBe('1')
    expect(await used()).toBe('2')
    now += 24 * 3_600_000
    expect(await used()).toBe('3')
    expect((await new LetterKeys(keys, { now: () => now }).next()).keyId).toBe('4')
  })

  test('that could not be made are asked for again', async () => {
    const answers = [Promise.reject(new Error('disk full')), Promise.resolve({ keyId: '1', key: Buffer.alloc(32) })]
    const letterKeys = new LetterKeys({ allot: () => answers.shift()! }, { now: () => NOW })
    await expect(letterKeys.next()).rejects.toThrow('disk full')
    expect((await letterKeys.next()).keyId).toBe('1')
  })
})

test('every code of our own is told in both languages', () => {
  for (const code of ['POISONED', 'CHANNEL_NOT_NAMED', 'MESSAGE_NOT_JSON', 'ITEM_ERASED', 'UNKNOWN_CHANNEL']) {
    const { zh, en } = refusalOf(code, null).message
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).not.toBe(code)
  }
})
