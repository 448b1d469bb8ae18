import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultLimits } from '../../apps/gateway/src/http/limits.ts'
import { staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'
import { Sender, sentItem } from '../support/sender.ts'
import type { Sent } from '../support/sender.ts'

let http: HttpCounty
let sender: Sender
beforeAll(async () => {
  http = await HttpCounty.open({ limits: { ...defaultLimits, bodyBytesMax: 50_000 } })
  const payload = { channelId: 'hotline-12345', validFrom: null, validUntil: null, reason: null }
  const issued = await http.ask<Issued>('IssueChannelKey', null, payload, { as: staff.administrator })
  const { keyId } = issued.body.events[0]!.data.key
  sender = new Sender(http.county, 'hotline-12345', keyId, issued.body.disclosed.secret)
})
afterAll(() => http.close())

interface Issued {
  events: { data: { key: { keyId: string } } }[]
  disclosed: { secret: string }
}

interface Delivered {
  repeated: boolean
  token: string | null
  counts: Record<string, number>
  items: { externalId: string; outcome: string; code: string | null }[]
}

/** As a platform sends it, which says nothing of who it is but by its signature. */
const deliver = ({ headers, body }: Sent, channel = sender.channelId) =>
  http.send<Delivered>('POST', `/webhooks/${channel}`, body as Uint8Array<ArrayBuffer>, {
    headers: { 'Content-Type': 'application/json', ...(headers as Record<string, string>) },
  })

test('a signed delivery is taken item by item, shown by its token, and answered again as the first time', async () => {
  const sent = sender.sign({ items: [sentItem('call-1'), sentItem('', {}), sentItem('call-2')] })
  const first = await deliver(sent)
  expect(first).toMatchObject({
    status: 200,
    body: { repeated: false, counts: { taken: 2, unchanged: 0, revised: 0, refused: 1 }, keyId: sender.keyId },
  })
  expect(first.body.items.map(({ externalId, outcome }) => [externalId, outcome])).toEqual([
    ['call-1', 'taken'],
    ['', 'refused'],
    ['call-2', 'taken'],
  ])
  const items = await http.get<{ total: number }>('/api/items?place=in-case&channel=hotline-12345', {
    as: staff.monitor,
    token: first.body.token!,
  })
  expect(items.body.total).toBe(2)
  await http.county.huiying.settled()
  const cases = await http.get<{ total: number }>('/api/cases?channel=hotline-12345', { as: staff.monitor })
  expect(cases.body.total).toBe(2)
  expect(await deliver(sent)).toMatchObject({ status: 200, body: { repeated: true, counts: first.body.counts } })
})

test('whatever does not verify is told one thing: another body, another key, another channel, no signature, an old one', async () => {
  const sent = sender.sign(sentItem('call-3'))
  const { 'webhook-signature': _signature, ...unsigned } = sent.headers
  const answers = await Promise.all([
    deliver({ ...sent, body: Buffer.from(`${Buffer.from(sent.body).toString()} `) }),
    deliver({ ...sent, headers: { ...sent.headers, 'webhook-signature': 'v1,AAAA' } }),
    deliver(sent, 'leaders-mailbox'),
    deliver(sent, 'no-such-channel'),
    deliver({ ...sent, headers: unsigned }),
    deliver(sender.sign(sentItem('call-3'), { skewMs: -6 * 60_000 })),
  ])
  for (const { status, body } of answers) {
    const { instance: _instance, ...told } = body as unknown as Record<string, unknown>
    expect({ status, told }).toMatchObject({ status: 401, told: { code: 'WEBHOOK_NOT_VERIFIED', detail: null } })
  }
})

test('what is too large, is no JSON, or has no items is refused, and the next delivery is taken', async () => {
  expect(await deliver(sender.sign(sentItem('call-4', { content: '长'.repeat(20_000) })))).toMatchObject({
    status: 413,
    body: { code: 'BODY_TOO_LARGE' },
  })
  expect(await deliver(sender.sign('{"items":'))).toMatchObject({ status: 400, body: { code: 'DELIVERY_INVALID' } })
  expect(await deliver(sender.sign({ items: [] }))).toMatchObject({ status: 400, body: { code: 'DELIVERY_INVALID' } })
  expect(await deliver(sender.sign(sentItem('call-4')))).toMatchObject({ status: 200, body: { counts: { taken: 1 } } })
})

test('the log holds nothing of what was sent', () => {
  const logged = http.logged.join('')
  expect(logged).toContain('"route":"Deliver"')
  expect(logged).not.toMatch(/路灯|call-1|webhook-signature/)
})
