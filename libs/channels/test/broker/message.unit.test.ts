import { describe, expect, test } from 'vitest'
import { ITEM_BYTES_MAX, messageRefusals, readDelivery, readMessage } from '../../src/index.ts'

const now = '2026-03-02T08:00:00.000Z'
const item = {
  externalId: 'GD-1',
  title: '路灯不亮',
  content: '滨河路小区门口的路灯坏了半个月。',
  receivedAt: '2026-03-02T08:30:00+08:00',
  author: { name: '张某', contact: '13800000000' },
  workOrder: { platform: '12345', number: 'GD-1', dueAt: '2026-03-06' },
}
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const read = (value: unknown, kind: 'message' | 'opinion' = 'message') => readMessage(bytes(value), { kind, now })

describe('a message of a broker', () => {
  test('is one item, read as a webhook’s delivery of it is', () => {
    const delivered = readDelivery(bytes(item), { kind: 'message', now })
    const reading = read(item)
    expect(delivered.outcome === 'read' && delivered.rows[0]).toMatchObject({
      kind: 'row',
      record: reading.outcome === 'read' ? reading.record : null,
    })
  })

  test('of an opinion channel was found when it came, where it does not say', () => {
    expect(read({ externalId: 'p', title: '帖子' }, 'opinion')).toMatchObject({ record: { receivedAt: now } })
    expect(read({ externalId: 'p', title: '帖子' })).toMatchObject({ code: 'TIME_INVALID' })
  })

  test('is no list of items', () => {
    expect(read({ items: [item] })).toMatchObject({ outcome: 'refused', code: 'ITEM_INVALID' })
    expect(read([item])).toMatchObject({ outcome: 'refused', code: 'ITEM_INVALID' })
  })

  test('holds no more than one item can', () => {
    const longest = { ...item, content: '\\u8def'.repeat(50_000) }
    const escaped = JSON.stringify(longest).replaceAll('\\\\u', '\\u')
    expect(escaped.length).toBeLessThan(ITEM_BYTES_MAX)
    expect(read(escaped).outcome).toBe('read')
    expect(read(' '.repeat(ITEM_BYTES_MAX) + JSON.stringify(item))).toMatchObject({ code: 'MESSAGE_TOO_LARGE' })
  })

  test.each([
    ['an undocumented field', { ...item, 张某的电话: '13800000000' }],
    ['an undocumented field within', { ...item, author: { 张某: '13800000000' } }],
    ['a word that is none of the list', { ...item, wish: '张某 13800000000' }],
    ['a text for a number', { ...item, reach: { views: '13800000000' } }],
    ['an id with control characters', { ...item, externalId: '张某\u0000' }],
    ['a time that is none', { ...item, receivedAt: '13800000000' }],
    ['an address that is none', { ...item, address: 'javascript:13800000000' }],
    ['a text in place of an item', JSON.stringify('张某 13800000000')],
  ])('says what is wrong without a word of it: %s', (_what, value) => {
    const reading = read(value)
    expect(reading.outcome).toBe('refused')
    expect(JSON.stringify(reading)).not.toMatch(/张|13800000000/)
  })
})

test('every refusal is told in both languages', () => {
  for (const { zh, en } of Object.values(messageRefusals)) {
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/^[ -~]+$/)
  }
})
