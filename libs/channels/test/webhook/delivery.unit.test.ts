import { readDeliveredItem, readDelivery, webhookDelivery } from '#channels'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { NOW, summary } from '../reading.ts'

const messages = { kind: 'message' as const, now: NOW }
const opinions = { kind: 'opinion' as const, now: NOW }
const item = (changes: Record<string, unknown> = {}) => ({
  externalId: 'A-1',
  title: '路灯不亮',
  content: '小区门口的路灯坏了半个月。',
  receivedAt: '2026-11-22T09:30:00+08:00',
  ...changes,
})
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

function rows(value: unknown, options: typeof messages | typeof opinions = messages) {
  const reading = readDelivery(bytes(value), options)
  if (reading.outcome === 'refused') throw new Error(reading.fault)
  return reading.rows
}
const codes = (value: unknown, options?: typeof messages) => summary(rows(value, options))
const fault = (value: unknown) => {
  const reading = readDelivery(value instanceof Uint8Array ? value : bytes(value), messages)
  return reading.outcome === 'refused' ? reading.fault : null
}

describe('an item', () => {
  test('is taken with everything that it says', () => {
    const whole = item({
      author: { name: '张三', contact: '13800000000' },
      wish: 'private',
      place: '某路',
      address: 'https://example.gov.cn/1',
      department: '住建局',
      type: '投诉',
      reach: { views: 12, reposts: null, comments: 0 },
      workOrder: { platform: '12345', number: 'GD-1', dueAt: '2026-11-30' },
    })
    expect(rows(whole)).toMatchObject([
      {
        row: 1,
        kind: 'row',
        record: {
          externalId: 'A-1',
          title: '路灯不亮',
          content: '小区门口的路灯坏了半个月。',
          author: { name: '张三', contact: '13800000000' },
          receivedAt: '2026-11-22T01:30:00.000Z',
          wish: 'private',
          place: '某路',
          address: 'https://example.gov.cn/1',
          department: '住建局',
          type: '投诉',
          reach: { views: 12, comments: 0 },
          workOrder: { platform: '12345', number: 'GD-1', dueAt: '2026-11-29T16:00:00.000Z' },
        },
      },
    ])
  })

  test('comes by itself or with up to 500 others', () => {
    expect(codes(item())).toEqual(['A-1'])
    expect(codes({ items: [item(), item({ externalId: 'A-2' })] })).toEqual(['A-1', 'A-2'])
    expect(codes({ items: Array.from({ length: 500 }, (_, at) => item({ externalId: `${at}` })) })).toHaveLength(500)
  })

  test('keeps HTML and scripts as the text that they are', () => {
    const text = '<script>alert(1)</script><b onmouseover="x">路灯</b> &lt;i&gt; {{7*7}} \'; DROP TABLE items;--'
    const [outcome] = rows(item({ title: text, content: text, author: { name: text, contact: text }, place: text }))
    expect(outcome).toMatchObject({
      record: { title: text, content: text, author: { name: text, contact: text }, place: text },
    })
  })

  test('of an opinion channel is discovered when it comes, unless it says when', () => {
    const receivedAt = (value: unknown) =>
      rows(value, opinions).map((row) => row.kind === 'row' && row.record.receivedAt)
    expect(receivedAt(item({ receivedAt: undefined }))).toEqual([NOW])
    expect(receivedAt(item())).toEqual(['2026-11-22T01:30:00.000Z'])
    expect(codes(item({ receivedAt: null }))).toEqual(['TIME_INVALID'])
  })

  test('that was kept as it came reads as it did', () => {
    for (const outcome of rows({ items: [item(), item({ externalId: 7 }), item({ wish: 'x' })] })) {
      expect(readDeliveredItem(outcome.original!, outcome.row, messages)).toEqual(outcome)
    }
  })
})

describe('a bad item is refused by itself, with its reason', () => {
  test.each([
    ['ITEM_INVALID', item({ externalId: undefined })],
    ['ITEM_INVALID', item({ externalId: 17 })],
    ['ITEM_INVALID', item({ adress: 'https://a.cn' })],
    ['ITEM_INVALID', item({ author: '张三' })],
    ['ITEM_INVALID', item({ wish: '公开' })],
    ['ITEM_INVALID', item({ reach: { views: 1.5 } })],
    ['ITEM_INVALID', item({ reach: { views: -1 } })],
    ['ITEM_INVALID', item({ workOrder: { platform: '', number: '1' } })],
    ['ITEM_INVALID', 'text'],
    ['ITEM_INVALID', null],
    ['ITEM_INVALID', [item()]],
    ['ID_MISSING', item({ externalId: '\u200b' })],
    ['ID_TOO_LONG', item({ externalId: 'x'.repeat(201) })],
    ['TEXT_MISSING', item({ title: ' ', content: null })],
    ['FIELD_TOO_LONG', item({ content: '长'.repeat(50_001) })],
    ['TIME_INVALID', item({ receivedAt: '2026-02-30' })],
    ['TIME_IN_FUTURE', item({ receivedAt: '2027-01-01' })],
    ['ADDRESS_INVALID', item({ address: 'javascript:alert(1)' })],
    ['CONTROL_CHARACTERS', item({ content: '路灯\u0000' })],
    ['CONTROL_CHARACTERS', item({ title: '\ud800' })],
    ['CONTROL_CHARACTERS', item({ workOrder: { platform: '12345', number: '\u0001' } })],
    ['FIELD_TOO_LONG', item({ workOrder: { platform: '12345', number: 'x'.repeat(101) } })],
    ['TIME_INVALID', item({ workOrder: { platform: '12345', number: '1', dueAt: 'soon' } })],
  ])('%s: %j', (code, bad) => {
    const outcomes = rows({ items: [item(), bad, item({ externalId: 'A-2' })] })
    expect(summary(outcomes)).toEqual(['A-1', code, 'A-2'])
    expect(outcomes[1]).toMatchObject({
      message: { zh: expect.stringMatching(/[；。]/) },
      original: JSON.stringify(bad),
    })
  })
})

describe('a body that cannot be read is refused as a whole', () => {
  test('what is no JSON, or not in UTF-8', () => {
    for (const text of ['', '{', '{"externalId":"1"', 'a=1&b=2', '<item/>']) expect(fault(text), text).toBe('not-json')
    expect(fault(Uint8Array.of(0x7b, 0xff, 0x7d))).toBe('not-utf-8')
  })
  test('what holds no items, or too many', () => {
    for (const value of [[], [item()], '"text"', 7, null, { items: [] }, { items: 'x' }, { items: null }]) {
      expect(fault(value), JSON.stringify(value)).toBe('no-items')
    }
    expect(fault({ items: Array.from({ length: 501 }, () => item()) })).toBe('too-many-items')
  })
  test('what is nested deeper than anything documented, before it is parsed', () => {
    expect(fault('{"a":'.repeat(9))).toBe('too-deep')
    expect(fault('['.repeat(1_000_000))).toBe('too-deep')
    expect(fault(`{"externalId":"${'{['.repeat(100)}"}`)).toBe(null)
  })
})

test('the schema says of every field how long it may be', () => {
  const json = JSON.stringify(z.toJSONSchema(webhookDelivery, { io: 'input' }))
  expect(json).toContain('"maxLength":50000')
  expect(json).toContain('"maxItems":500')
  expect(json).toContain('"additionalProperties":false')
})
