import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ListCases, ListImportRuns, ListRefusedRows } from '#application'
import type { WebhookAnswer } from '#application'
import { itemIdOf } from '../../libs/application/src/identity/ids.ts'
import { County, staff } from '../support/county.ts'
import { outcomesOf, Sender, sentItem } from '../support/sender.ts'

const asker = 'operator'
const MINUTE_MS = 60_000

let county: County
let sender: Sender
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
  sender = await Sender.of(county, 'governor-suggestions')
})
afterAll(() => county.close())

const itemOf = (externalId: string, channelId = sender.channelId) =>
  `item-${itemIdOf(county.huiying.application.ports.storeSecret, channelId, externalId)}`
const typesOf = (externalId: string, channelId?: string) => county.types(itemOf(externalId, channelId))
const runOf = (hour: string, channelId = sender.channelId) => `intake-${channelId}-webhook-${hour}`
const again = (answer: WebhookAnswer) => ({ ...answer, repeated: true, token: null })

describe('what a platform sends', () => {
  test('is an item each, with its case; the platform’s order and its day are kept', async () => {
    const answer = await sender.send({
      items: [
        sentItem('order-1', { workOrder: { platform: '省平台', number: 'GD-7', dueAt: '2026-03-06' }, type: '投诉' }),
        sentItem('order-2'),
      ],
    })
    expect(answer).toMatchObject({ status: 200, repeated: false, keyId: sender.keyId })
    expect(outcomesOf(answer)).toEqual(['taken', 'taken'])
    await county.huiying.settled()
    const [received] = await county.events(itemOf('order-1'))
    expect(received).toMatchObject({
      data: {
        workOrder: { platform: '省平台', number: 'GD-7', dueAt: '2026-03-05T16:00:00.000Z' },
        sourceType: '投诉',
        arrival: { kind: 'webhook' },
      },
      metadata: { actor: { policy: 'webhook' } },
    })
    const cases = await county.huiying.query(new ListCases({ asker, search: 'order-1' }))
    expect(cases.documents).toMatchObject([{ channel: 'governor-suggestions', type: 'complaint' }])
  })

  test('later with other words is a revision, with a reach that grew by a fifth an observation', async () => {
    const opinions = await Sender.of(county, 'monitoring')
    const post = (content: string, views: number) => sentItem('post-1', { content, reach: { views }, receivedAt: null })
    expect(outcomesOf(await opinions.send(post('第一稿', 100)))).toEqual(['taken'])
    county.clock.advance(61 * MINUTE_MS)
    expect(outcomesOf(await opinions.send(post('第一稿', 110)))).toEqual(['unchanged'])
    expect(outcomesOf(await opinions.send(post('第一稿', 130)))).toEqual(['unchanged'])
    expect(outcomesOf(await opinions.send(post('第二稿', 131)))).toEqual(['revised'])
    expect(await typesOf('post-1', 'monitoring')).toEqual(['ItemReceived', 'ItemReachObserved', 'ItemRevised'])
  })

  test('keeps HTML and scripts in every text as the text that they are', async () => {
    const text = '<script>alert(1)</script><img src=x onerror=alert(2)> {{constructor}}'
    const hostile = { title: text, content: text, author: { name: text, contact: text }, place: text, department: text }
    const answer = await sender.send(sentItem('hostile', hostile))
    expect(outcomesOf(answer)).toEqual(['taken'])
    await county.huiying.settled()
    const [received] = await county.events(itemOf('hostile'))
    expect(received!.data).toMatchObject({ title: text, content: text, author: { name: text }, place: text })
    const { documents } = await county.huiying.query(new ListCases({ asker, search: 'constructor' }))
    expect(documents).toMatchObject([{ title: text }])
  })

  test('of 500 items with bad ones among them the good ones are taken, the bad ones kept, listed and tried again', async () => {
    const items = Array.from({ length: 500 }, (_, at) => {
      if (at % 50 === 7) return sentItem(`many-${at}`, { receivedAt: '2026-03-09 10:00' })
      if (at % 50 === 8) return { externalId: `many-${at}`, nonsense: true }
      if (at % 50 === 9) return at
      return sentItem(`many-${at}`)
    })
    const answer = await sender.send({ items })
    if (answer.outcome !== 'accepted') throw new Error(answer.code)
    expect(answer.counts).toEqual({ taken: 470, unchanged: 0, revised: 0, refused: 30 })
    expect(answer.items[7]).toMatchObject({ externalId: 'many-7', code: 'TIME_IN_FUTURE' })
    expect(answer.items[7]!.message!.zh).toMatch(/receivedAt.*未来/)
    expect(answer.items[9]).toMatchObject({ externalId: null, code: 'ITEM_INVALID' })
    await county.huiying.settled()

    const listed = await county.huiying.query(new ListRefusedRows({ asker, limit: 200 }))
    expect(listed.total).toBe(30)
    expect(listed.documents[0]).toMatchObject({
      channel: 'governor-suggestions',
      code: 'TIME_IN_FUTURE',
      retryable: true,
      excerpt: expect.stringContaining('many-7'),
    })
    county.clock.moveTo('2026-03-10 09:00')
    const report = await county.huiying.application.retryRefusedRows()
    await county.huiying.settled()
    expect(report).toMatchObject({ tried: 30, taken: 10, refused: 20, notKept: 0 })
    const [received] = await county.events(itemOf('many-7'))
    expect(received!.data).toMatchObject({ arrival: { kind: 'webhook', delivery: expect.stringMatching(/^msg_/) } })
    expect((await county.huiying.query(new ListRefusedRows({ asker }))).total).toBe(20)
  })

  test('is one run a day to whoever looks at what came in', async () => {
    const { documents } = await county.huiying.query(new ListImportRuns({ asker, channel: 'governor-suggestions' }))
    expect(documents).toMatchObject([
      {
        id: 'governor-suggestions-webhook-2026-03-02',
        source: 'webhook',
        counts: { rows: 503, taken: 473, unchanged: 0, revised: 0, refused: 30 },
      },
    ])
  })
})

describe('delivered again', () => {
  test('is answered as the first time and does nothing, not even after something newer came', async () => {
    const before = sender.sign({ items: [sentItem('again-1'), sentItem('again-2', { wish: 'x' })] })
    const first = await sender.deliver(before)
    expect(outcomesOf(first)).toEqual(['taken', 'ITEM_INVALID'])
    expect(outcomesOf(await sender.send(sentItem('again-1', { content: '更正：两盏都坏了。' })))).toEqual(['revised'])

    const { events } = await county.extent()
    for (let times = 0; times < 3; times += 1) expect(await sender.deliver(before)).toEqual(again(first))
    expect((await county.extent()).events).toBe(events)
    expect(await typesOf('again-1')).toEqual(['ItemReceived', 'ItemRevised'])
  })

  test('after a restart, too', async () => {
    const same = sender.sign({
      items: [sentItem('restart-1'), sentItem('again-1', { content: '更正：两盏都坏了。' }), 7],
    })
    const first = await sender.deliver(same)
    expect(outcomesOf(first)).toEqual(['taken', 'unchanged', 'ITEM_INVALID'])
    expect(outcomesOf(await sender.send(sentItem('again-1', { content: '都修好了。' })))).toEqual(['revised'])
    await county.reopen()
    const { events } = await county.extent()
    expect(await sender.deliver(same)).toEqual(again(first))
    expect((await county.extent()).events).toBe(events)
  })

  test('many at once are one', async () => {
    const sent = sender.sign(sentItem('at-once'))
    const answers = await Promise.all(Array.from({ length: 10 }, () => sender.deliver(sent)))
    expect(answers.map(outcomesOf)).toEqual(answers.map(() => ['taken']))
    expect(answers.filter((answer) => answer.outcome === 'accepted' && !answer.repeated)).toHaveLength(1)
    expect(await typesOf('at-once')).toEqual(['ItemReceived'])
  })

  test('signed anew in the next hour, under its own id, it is still the same', async () => {
    county.clock.moveTo('2026-03-10 10:58')
    const item = sentItem('over-the-hour')
    const first = await sender.send(item, { id: 'retried' })
    county.clock.moveTo('2026-03-10 11:03')
    expect(await sender.send(item, { id: 'retried' })).toEqual(again(first))
  })

  test('its id with other content is an error', async () => {
    await sender.send(sentItem('reused-1'), { id: 'reused' })
    expect(await sender.send(sentItem('reused-2'), { id: 'reused' })).toMatchObject({
      status: 409,
      code: 'DELIVERY_ID_REUSED',
    })
    expect(await typesOf('reused-2')).toEqual([])
  })

  test('an item that was erased takes nothing more, and the others with it are taken', async () => {
    await sender.send(sentItem('erased-1'))
    const [received] = await county.events(itemOf('erased-1'))
    const erase = { ground: 'asked-by-author', basis: '个人信息保护法第四十七条' }
    await county.give('EraseItem', received!.stream.slice('item-'.length), erase, staff.coordinator)
    const answer = await sender.send({ items: [sentItem('erased-1'), sentItem('beside-erased')] })
    expect(outcomesOf(answer)).toEqual(['ITEM_ERASED', 'taken'])
  })
})

describe('what is not the platform’s is rejected, and told nothing', () => {
  const rejected = {
    status: 401,
    outcome: 'refused',
    code: 'WEBHOOK_NOT_VERIFIED',
    detail: null,
    retryAfterSeconds: null,
  }
  const counted = (channelId: string | null, reason: string) =>
    county.huiying.application.webhooks
      .rejections()
      .find((each) => each.channelId === channelId && each.reason === reason)?.count ?? 0

  test('a bad signature, a body changed by one byte, a stale time, no headers, an unknown channel: one same answer', async () => {
    const { webhooks } = county.huiying.application
    const foreign = await Sender.of(county, 'leaders-mailbox')
    const good = sender.sign(sentItem('rejected-1'))
    const changed = Buffer.from(good.body)
    changed[20]! ^= 1
    const stale = sender.sign(sentItem('rejected-1'), { skewMs: -5 * MINUTE_MS - 1_000 })
    const early = sender.sign(sentItem('rejected-1'), { skewMs: 5 * MINUTE_MS + 1_000 })
    const tries: [string | null, string, Parameters<typeof webhooks.accept>[0]][] = [
      [sender.channelId, 'not-signed', { ...good, channelId: sender.channelId, body: changed }],
      [sender.channelId, 'not-signed', { ...foreign.sign(sentItem('rejected-1')), channelId: sender.channelId }],
      [sender.channelId, 'stale', { ...stale, channelId: sender.channelId }],
      [sender.channelId, 'stale', { ...early, channelId: sender.channelId }],
      [sender.channelId, 'headers-missing', { channelId: sender.channelId, headers: {}, body: good.body }],
      ['window', 'no-key', { ...good, channelId: 'window' }],
      [null, 'unknown-channel', { ...good, channelId: 'nowhere' }],
      [null, 'unknown-channel', { ...good, channelId: '../../etc/passwd' }],
    ]
    for (const [channelId, reason, request] of tries) {
      const before = counted(channelId, reason)
      expect(await webhooks.accept(request)).toEqual(rejected)
      expect(counted(channelId, reason)).toBe(before + 1)
    }
    expect(await typesOf('rejected-1')).toEqual([])
  })

  test('however many try, as many counts are kept as there are channels and reasons', async () => {
    const { webhooks } = county.huiying.application
    const before = webhooks.rejections().length
    for (let at = 0; at < 1_000; at += 1) {
      await webhooks.accept({ channelId: `channel-${at}`, headers: {}, body: new Uint8Array() })
    }
    expect(webhooks.rejections().length).toBeLessThanOrEqual(before + 1)
    expect(counted(null, 'unknown-channel')).toBeGreaterThanOrEqual(1_000)
  })

  test('clocks may differ by five minutes, either way', async () => {
    for (const skewMs of [-4.9 * MINUTE_MS, 4.9 * MINUTE_MS]) {
      expect(outcomesOf(await sender.send(sentItem('skewed'), { skewMs }))).not.toEqual(['WEBHOOK_NOT_VERIFIED'])
    }
  })

  test('a channel that is not active takes nothing; active again, it does', async () => {
    const channel = { id: 'new-media', name: '政务新媒体', kind: 'message', active: true }
    const media = await Sender.of(county, 'new-media')
    await county.give(
      'DefineChannel',
      null,
      { channel: { ...channel, active: false }, reason: null },
      staff.administrator,
    )
    expect(await media.send(sentItem('inactive'))).toEqual(rejected)
    expect(counted('new-media', 'inactive-channel')).toBe(1)
    await county.give('DefineChannel', null, { channel, reason: null }, staff.administrator)
    expect(outcomesOf(await media.send(sentItem('inactive')))).toEqual(['taken'])
  })

  test('what is signed but cannot be read is told so', async () => {
    for (const [body, detail] of [
      ['{', 'not-json'],
      ['[]', 'no-items'],
      ['['.repeat(100), 'too-deep'],
    ]) {
      expect(await sender.send(body)).toMatchObject({ status: 400, code: 'DELIVERY_INVALID', detail })
    }
    const large = { channelId: sender.channelId, headers: {}, body: new Uint8Array(1024 * 1024 + 1) }
    expect(await county.huiying.application.webhooks.accept(large)).toMatchObject({ status: 413 })
  })

  test('more than sixteen at once wait for their turn elsewhere', async () => {
    const sent = Array.from({ length: 20 }, (_, at) => sender.sign(sentItem(`crowd-${at}`)))
    const answers = await Promise.all(sent.map((each) => sender.deliver(each)))
    const turnedAway = answers.filter(({ status }) => status === 429)
    expect(turnedAway).toHaveLength(4)
    expect(turnedAway[0]).toMatchObject({ code: 'TOO_MANY_DELIVERIES', retryAfterSeconds: 1 })
    for (const [at, { status }] of answers.entries()) {
      if (status === 429) expect(outcomesOf(await sender.deliver(sent[at]!))).toEqual(['taken'])
    }
  })
})

describe('keys', () => {
  test('change hands: both are taken while both are valid, the old one not once it is revoked', async () => {
    const old = await Sender.of(county, 'superior')
    const young = await Sender.of(county, 'superior')
    expect(await old.send(sentItem('rotated-1'))).toMatchObject({ status: 200, keyId: old.keyId })
    expect(await young.send(sentItem('rotated-2'))).toMatchObject({ status: 200, keyId: young.keyId })
    const both = old.sign(sentItem('rotated-3'), { id: 'both' })
    const other = young.sign(sentItem('rotated-3'), { id: 'both' })
    const signature = `${String(both.headers['webhook-signature'])} ${String(other.headers['webhook-signature'])}`
    const headers = { ...both.headers, 'webhook-signature': signature }
    const payload = { channelId: 'superior', keyId: old.keyId, reason: '轮换' }
    await county.give('RevokeChannelKey', null, payload, staff.administrator)
    expect(await old.send(sentItem('rotated-4'))).toMatchObject({ status: 401 })
    expect(await old.deliver({ headers, body: both.body })).toMatchObject({ status: 200, keyId: young.keyId })
    await county.reopen()
    expect(await old.send(sentItem('rotated-5'))).toMatchObject({ status: 401 })
    expect(await young.send(sentItem('rotated-5'))).toMatchObject({ status: 200 })
  })

  test('sign from their first moment to their last', async () => {
    county.clock.moveTo('2026-03-11 08:00')
    const from = '2026-03-11T01:00:00.000Z'
    const until = '2026-03-11T02:00:00.000Z'
    const timed = await Sender.of(county, 'site-corrections', { validFrom: from, validUntil: until })
    expect(await timed.send(sentItem('timed-1'))).toMatchObject({ status: 401 })
    county.clock.moveTo('2026-03-11 09:00')
    expect(await timed.send(sentItem('timed-1'))).toMatchObject({ status: 200 })
    county.clock.moveTo('2026-03-11 10:01')
    expect(await timed.send(sentItem('timed-2'))).toMatchObject({ status: 401 })
  })

  test('are made and revoked by administrators only', async () => {
    const payload = { channelId: 'hotline-12345', validFrom: null, validUntil: null, reason: null }
    for (const actor of [staff.monitor, staff.coordinator, staff.auditor, staff.channel]) {
      expect(await county.refused('IssueChannelKey', null, payload, actor)).toBe('ROLE_NOT_ALLOWED')
    }
  })

  test('are shown once: no repeat, no event, no file of the store holds one', async () => {
    const payload = { channelId: 'hotline-12345', validFrom: null, validUntil: null, reason: null }
    const first = await county.give('IssueChannelKey', null, payload, staff.administrator, { key: 'issue-1' })
    const secret = first.disclosed!['secret']!
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const repeated = await county.give('IssueChannelKey', null, payload, staff.administrator, { key: 'issue-1' })
    expect(repeated).toMatchObject({ outcome: 'accepted', events: first.events })
    expect(repeated.disclosed).toBeUndefined()
    expect(
      await county.refused('IssueChannelKey', null, { ...payload, reason: 'x' }, staff.administrator, {
        key: 'issue-1',
      }),
    ).toBe('IDEMPOTENCY_KEY_REUSED')

    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const spellings = [secret.slice('whsec_'.length), bytes.toString('hex'), bytes.toString('latin1')]
    const history = JSON.stringify(await county.events('settings-channel-keys'))
    for (const spelling of spellings) expect(history).not.toContain(spelling)
    await county.reopen(async () => {
      for (const name of await readdir(county.folder)) {
        const content = await readFile(join(county.folder, name)).then(
          (file) => file.toString('latin1'),
          () => '',
        )
        for (const spelling of spellings) expect(content.includes(spelling), name).toBe(false)
      }
    })
  })
})

test('streams of a flood stay small: an event a delivery, and its items’ own', async () => {
  county.clock.moveTo('2026-03-12 09:00')
  const flood = await Sender.of(county, 'interaction-platform')
  for (let at = 0; at < 40; at += 1) await flood.send({ items: [sentItem('flood-1'), sentItem('flood-2')] })
  expect(await typesOf('flood-1', 'interaction-platform')).toEqual(['ItemReceived'])
  const types = await county.types(runOf('2026-03-12-09', 'interaction-platform'))
  expect(types).toEqual(['ImportStarted', ...Array.from({ length: 40 }, () => 'DeliveryRecorded')])
})
