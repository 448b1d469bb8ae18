import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { EventStoreError } from '#event-store'
import type { InboundIntake } from '#application'
import { LetterBox } from '../../src/inbound/letter-box.ts'
import { readEntry } from '../../src/inbound/letter-format.ts'
import type { Letter } from '../../src/inbound/letter-format.ts'
import { MemoryBroker } from './memory-broker.ts'
import { DEAD_LETTERS, NOW, openSmallCounty, sent } from './small-county.ts'
import type { Sent, SmallCounty } from './small-county.ts'

let county: SmallCounty
let broker: MemoryBroker
let intake: InboundIntake
/** Events that were there before the test. */
let before: number
/** Every test has items of its own. */
let nth = 0
const { signal } = new AbortController()

const opened = () => county.application.inbound({ messaging: broker, keys: county.keys, deadLetterTopic: DEAD_LETTERS })
/** Another process: it remembers nothing of what the one before did. */
const started = (): InboundIntake => opened().intake

beforeAll(async () => {
  county = await openSmallCounty()
})
afterAll(() => county.close())
beforeEach(async () => {
  county.fault.error = null
  broker = new MemoryBroker()
  intake = started()
  before = (await county.events()).length
  nth += 1
})
afterEach(() => broker.close())

const message = (given: Sent) => sent({ ...given, externalId: `GD-${nth}-${given.externalId ?? 'a'}` })
const take = (...messages: Sent[]): Promise<void> => intake.take(messages.map(message), signal)
const entries = () => broker.messages(DEAD_LETTERS).map(({ value }) => readEntry(value))
/** The first part of each. */
const letters = (): Letter[] =>
  entries().filter((entry) => entry?.kind === 'letter' && entry.sealed.part === 0) as Letter[]
const events = async () => (await county.events()).slice(before)
const itemEvents = async () => (await events()).filter(({ type }) => type.startsWith('Item'))
const titles = async () => (await itemEvents()).map(({ data }) => data['title'])

describe('a message of the inbound topic', () => {
  test('is taken in, and its case is open when it counts as handled', async () => {
    await take({ offset: 7 })
    const told = await events()
    expect(told.find(({ type }) => type === 'ItemReceived')).toMatchObject({
      data: {
        channelId: 'governor-suggestions',
        externalId: `GD-${nth}-a`,
        title: '路灯不亮',
        arrival: { kind: 'broker', partition: 3, offset: '7', sentAt: '2026-03-02T08:00:07.000Z' },
      },
      metadata: { actor: { policy: 'inbound' }, origin: 'live' },
    })
    expect(told.filter(({ type }) => type === 'CaseOpened')).toHaveLength(1)
    expect(intake.counts).toMatchObject({ taken: 1, refused: 0 })
    expect(letters()).toEqual([])
  })

  test('the same message five times and out of order changes nothing', async () => {
    const first = { messageId: 'a', title: '路灯不亮' }
    const second = { messageId: 'b', title: '路灯还不亮' }
    const order = [first, second, first, first, second, first, first]
    await take(...order.map((message, offset) => ({ ...message, offset })))
    intake = started()
    await take({ ...first, offset: 90 }, { ...second, offset: 91 }, { ...first, offset: 92 })
    expect(await titles()).toEqual(['路灯不亮', '路灯还不亮'])
  })

  test('without an id of its own its bytes stand for it', async () => {
    await take({ offset: 0 }, { offset: 1, title: '路灯还不亮' }, { offset: 2 })
    expect(await titles()).toEqual(['路灯不亮', '路灯还不亮'])
  })

  test('with another id the same content can come back', async () => {
    await take(
      { offset: 0, messageId: 'a' },
      { offset: 1, messageId: 'b', title: '路灯还不亮' },
      { offset: 2, messageId: 'c' },
    )
    expect(await titles()).toEqual(['路灯不亮', '路灯还不亮', '路灯不亮'])
  })

  test('one that changed nothing when it came changes nothing when it comes again after a newer one', async () => {
    const again = { offset: 1, messageId: 'b' }
    await take({ offset: 0, messageId: 'a' }, again, { offset: 2, messageId: 'c', title: '路灯还不亮' })
    // The process died before the broker heard that they were done with.
    intake = started()
    await take(again, { offset: 2, messageId: 'c', title: '路灯还不亮' })
    expect(await titles()).toEqual(['路灯不亮', '路灯还不亮'])
  })

  test('under an id that was used for another content it is not lost', async () => {
    await take({ offset: 0, messageId: 'a' }, { offset: 1, messageId: 'a', title: '路灯还不亮' })
    expect(await titles()).toEqual(['路灯不亮', '路灯还不亮'])
  })

  test('many items at once, each in the order of its messages', async () => {
    const messages = Array.from({ length: 120 }, (_, offset) => ({
      offset,
      externalId: `item-${offset % 12}`,
      title: `第${Math.floor(offset / 12)}版`,
    }))
    await take(...messages)
    const versions = new Map<string, unknown[]>()
    for (const { stream, data } of await itemEvents())
      versions.set(stream, [...(versions.get(stream) ?? []), data['title']])
    expect(versions.size).toBe(12)
    const inOrder = Array.from({ length: 10 }, (_, version) => `第${version}版`)
    for (const told of versions.values()) expect(told).toEqual(inOrder)
  })

  test('two that hold the partition at once, one of them without knowing that it lost it, do what one does', async () => {
    const messages = Array.from({ length: 20 }, (_, offset) =>
      message({ offset, externalId: `item-${offset % 2}`, messageId: String(offset), title: `第${offset >> 1}版` }),
    )
    await Promise.all([intake.take(messages, signal), started().take(messages, signal)])
    const versions = Array.from({ length: 10 }, (_, version) => [`第${version}版`, `第${version}版`]).flat()
    const told = (await titles()).map(String).toSorted((one, other) => one.localeCompare(other))
    expect(told).toEqual(versions)
  })

  test('an opinion channel needs no time of receipt', async () => {
    await take({ channel: 'monitoring', value: JSON.stringify({ externalId: `p-${nth}`, title: '城东路坑洼' }) })
    expect(await itemEvents()).toMatchObject([{ type: 'ItemReceived', data: { kind: 'opinion' } }])
  })
})

describe('what can never be taken becomes a dead letter', () => {
  const deep = `${'['.repeat(20)}${']'.repeat(20)}`
  const item = { externalId: 'GD-1', title: '路灯不亮', receivedAt: '2026-03-02' }
  const json = (changes: object) => JSON.stringify({ ...item, ...changes })
  const refusals: [what: string, message: Sent, code: string][] = [
    ['an empty message', { value: '' }, 'MESSAGE_EMPTY'],
    ['what is no JSON', { value: '张某 13800000000' }, 'MESSAGE_NOT_JSON'],
    ['what is no UTF-8', { value: Buffer.from([0xd5, 0xc5]) }, 'MESSAGE_NOT_UTF_8'],
    ['what is too large', { value: json({ content: '字'.repeat(200_000) }) }, 'MESSAGE_TOO_LARGE'],
    ['what is nested too deep', { value: deep }, 'MESSAGE_TOO_DEEP'],
    ['several items in one message', { value: JSON.stringify({ items: [item] }) }, 'ITEM_INVALID'],
    ['a field that is not documented', { value: json({ 张某: '13800000000' }) }, 'ITEM_INVALID'],
    ['a field of another type', { value: json({ title: 13_800_000_000 }) }, 'ITEM_INVALID'],
    ['a message without a time of receipt', { value: json({ receivedAt: null }) }, 'TIME_INVALID'],
    ['a message of tomorrow', { value: json({ receivedAt: '2026-03-09' }) }, 'TIME_IN_FUTURE'],
    ['an item without words', { value: json({ title: ' ' }) }, 'TEXT_MISSING'],
    ['a text that is too long', { value: json({ title: '张'.repeat(201) }) }, 'FIELD_TOO_LONG'],
    ['a message that names no channel', { headers: {} }, 'CHANNEL_NOT_NAMED'],
    ['a channel that there is not', { channel: '13800000000' }, 'UNKNOWN_CHANNEL'],
  ]

  test.each(refusals)('%s', async (_what, given, code) => {
    await take({ ...given, offset: 41 }, { offset: 42, externalId: 'b' })
    const [letter, ...others] = letters()
    expect(others).toHaveLength(0)
    expect(letter!).toMatchObject({ code, topic: 'huiying.inbound', partition: 3, offset: '41', attempts: 1 })
    expect(letter!.message.zh).toMatch(/\p{Script=Han}/u)
    expect(letter!.message.en).toMatch(/^[ -~“”’]+$/)
    // The one after it is none the worse.
    expect(intake.counts).toMatchObject({ taken: 1, refused: 1 })
  })

  test.each(refusals)('%s is sealed whole, and nothing of it stands in clear', async (_what, given) => {
    const original = message({ ...given, offset: 41 })
    await intake.take([original], signal)
    const published = broker.messages(DEAD_LETTERS)
    for (const { key, headers, value } of published) {
      const { sealed, ...clear } = readEntry(value) as Letter
      const text = JSON.stringify([key, headers, clear, { ...sealed, ciphertext: null }])
      for (const personal of ['张', '13800000000', 'GD-', '路灯']) expect(text).not.toContain(personal)
    }
    const box = new LetterBox({ messaging: broker, keys: county.keys, topic: DEAD_LETTERS, clock: { now: () => NOW } })
    const found = await box.open(entries() as Letter[])
    expect(found).toMatchObject({ key: original.key, headers: original.headers, offset: '41', partition: 3 })
    expect(Buffer.compare(found!.value, original.value)).toBe(0)
  })

  test('a channel that is not active any more', async () => {
    await setActive('governor-suggestions', false)
    await take({})
    await setActive('governor-suggestions', true)
    expect(letters()).toMatchObject([{ code: 'UNKNOWN_CHANNEL', channelId: 'governor-suggestions' }])
  })

  test('what the domain refuses, with its code', async () => {
    await take({ offset: 0 })
    const [received] = await itemEvents()
    await county.application.commander.execute({
      command: 'EraseItem',
      target: received!.stream.slice('item-'.length),
      payload: { ground: 'asked-by-author', basis: '个人信息保护法第四十七条' },
      actor: { person: 'c', department: 'open-government-office', role: 'coordinator' },
    })
    await take({ offset: 1, title: '路灯还不亮' })
    expect(letters()).toMatchObject([{ code: 'ITEM_ERASED', channelId: 'governor-suggestions' }])
  })

  test('killed after it was published and before the broker heard of it, it is the same letter again', async () => {
    await take({ offset: 5, value: '{' })
    intake = started()
    await take({ offset: 5, value: '{' })
    const [first, second] = letters()
    expect(second!.id).toBe(first!.id)
    expect(second!.sealed.iv).not.toBe(first!.sealed.iv)
    expect(second!.sealed.keyId).not.toBe(first!.sealed.keyId)
  })

  test('while it cannot be published the batch comes again, and what was taken is not taken twice', async () => {
    broker.away = new Error('no broker')
    const messages = [{ offset: 0 }, { offset: 1, value: '{' }]
    await expect(take(...messages)).rejects.toThrow('no broker')
    broker.away = null
    await take(...messages)
    expect(intake.counts).toMatchObject({ taken: 1, refused: 1, failedBatches: 1 })
    expect(letters()).toHaveLength(1)
  })
})

describe('what may pass makes the batch come again', () => {
  test('the store is away: nothing becomes a dead letter, however often it is tried', async () => {
    county.fault.error = new EventStoreError('STORE_FAILED', 'The store cannot be reached.')
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await expect(take({ offset: 0 }, { offset: 1, externalId: 'b' })).rejects.toMatchObject({
        code: 'BATCH_NOT_TAKEN',
        cause: { code: 'STORE_FAILED' },
      })
    }
    county.fault.error = null
    await take({ offset: 0 }, { offset: 1, externalId: 'b' })
    expect(letters()).toEqual([])
    expect(intake.counts).toMatchObject({ taken: 2, failedBatches: 20 })
  })

  test('connections that break are told by the codes that Node gives them', async () => {
    county.fault.error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    for (let attempt = 0; attempt < 10; attempt += 1) await expect(take({})).rejects.toThrow('ECONNREFUSED')
    expect(letters()).toEqual([])
  })

  test('a batch whose partition is somebody else’s by now ends with the reason', async () => {
    const reason = new Error('the partition moved')
    await expect(intake.take([message({})], AbortSignal.abort(reason))).rejects.toThrow('the partition moved')
    expect(await itemEvents()).toEqual([])
  })
})

async function setActive(id: string, active: boolean): Promise<void> {
  const channel = county.application.settings.current.channels.get(id)!
  const outcome = await county.administer('DefineChannel', { channel: { ...channel, active }, reason: null })
  expect(outcome.outcome).toBe('accepted')
}
