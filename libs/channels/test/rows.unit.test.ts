import { describe, expect, test } from 'vitest'
import type { RowRefusalCode } from '#channels'
import { fileRefusals, rowRefusals } from '#channels'
import { line, read, summary } from './reading.ts'

describe('A row is taken', () => {
  test('with everything it holds, its texts trimmed at their ends only', async () => {
    const [outcome] = await read(
      JSON.stringify({
        工单编号: ' A-1 ',
        标题: '　路灯　不亮 ',
        内容: '第一行\r\n第二行\t尾 ',
        来信人: '张三',
        联系电话: '13800000000',
        来信时间: '2026年11月1日 8时05分',
        地点: '某路',
        链接: 'https://example.gov.cn/1?a=路',
        承办单位: '住建局',
        信件类型: '投诉',
        是否公开: '否',
        阅读量: '1,234',
        点赞数: 0,
        答复意见: '已修复。',
        答复时间: '2026-11-03',
        答复单位: '住建局',
        答复链接: 'http://example.gov.cn/2',
        序号: 7,
      }),
    )
    expect(outcome).toMatchObject({
      row: 1,
      kind: 'row',
      record: {
        externalId: 'A-1',
        title: '路灯　不亮',
        content: '第一行\r\n第二行\t尾',
        author: { name: '张三', contact: '13800000000' },
        receivedAt: '2026-11-01T00:05:00.000Z',
        receivedAtPrecision: 'instant',
        place: '某路',
        address: 'https://example.gov.cn/1?a=路',
        department: '住建局',
        type: '投诉',
        wish: 'private',
        reach: { views: 1234, likes: 0 },
        reply: {
          text: '已修复。',
          publishedAt: '2026-11-02T16:00:00.000Z',
          publishedAtPrecision: 'day',
          department: '住建局',
          address: 'http://example.gov.cn/2',
        },
      },
    })
  })

  test('with no more than id, time and a text; what is absent is not there', async () => {
    const [outcome] = await read(line({ subject: null, user: '' }))
    expect(outcome).toStrictEqual({
      row: 1,
      kind: 'row',
      original: line({ subject: null, user: '' }),
      record: {
        externalId: '1',
        title: '',
        content: '不亮',
        author: {},
        receivedAt: '2026-11-01T00:00:00.000Z',
        receivedAtPrecision: 'instant',
      },
    })
  })

  test.each([
    ['a number as its id', { id: 8172726 }],
    ['a reply dated on the day of the question', { reply: '好', reply_time: '2026-11-01' }],
    ['a time that a fast clock gave', { time: '2026-11-24 07:00' }],
    ['an empty reply and no time of it', { reply: ' ', reply_time: '' }],
    ['anything at all in columns nobody asked for', { extra: { deep: [[[1.5]]] } }],
    ['an id as long as allowed', { id: 'x'.repeat(200) }],
  ])('with %s', async (_, changes) => {
    const [outcome] = await read(line(changes))
    expect(outcome?.kind).toBe('row')
  })
})

describe('A row is refused', () => {
  const cases: [RowRefusalCode, string, Record<string, unknown>][] = [
    ['ID_MISSING', 'without an id', { id: undefined }],
    ['ID_MISSING', 'with an id of white space', { id: ' 　\t' }],
    ['ID_MISSING', 'with an id that shows nothing', { id: '\u200B' }],
    ['ID_TOO_LONG', 'with an id too long', { id: 'x'.repeat(201) }],
    ['ID_DAMAGED', 'with an id that a spreadsheet shortened', { id: '2.02404E+13' }],
    ['TEXT_MISSING', 'without title and content', { subject: '', body: ' ' }],
    ['TIME_INVALID', 'with a day that does not exist', { time: '2019-02-30' }],
    ['TIME_INVALID', 'with a text for a time', { time: '昨天' }],
    ['TIME_INVALID', 'without a time', { time: null }],
    ['TIME_IN_FUTURE', 'from more than a day ahead', { time: '2026-11-24 08:00:01' }],
    ['TIME_IN_FUTURE', 'answered in the future', { reply: '好', reply_time: '2036-11-03' }],
    ['TIME_INVALID', 'answered at no time', { reply: '好', reply_time: '待定' }],
    ['REPLY_TIME_MISSING', 'with a reply without its time', { reply: '好' }],
    ['REPLY_TEXT_MISSING', 'with a time of reply without its text', { reply_time: '2026-11-03' }],
    ['REPLY_BEFORE_QUESTION', 'answered before it was asked', { reply: '好', reply_time: '2026-11-01 07:59:59' }],
    ['REPLY_BEFORE_QUESTION', 'answered the day before', { reply: '好', reply_time: '2026-10-31' }],
    ['CONTROL_CHARACTERS', 'with U+0000', { body: 'a\u0000b' }],
    ['CONTROL_CHARACTERS', 'with an escape character', { subject: '\u001B[31m红' }],
    ['CONTROL_CHARACTERS', 'with a line break in its id', { id: '1\n2' }],
    ['FIELD_TOO_LONG', 'with a title too long', { subject: '长'.repeat(201) }],
    ['FIELD_TOO_LONG', 'with a content too long', { body: '长'.repeat(50_001) }],
    ['FIELD_TYPE', 'with a list for a text', { body: ['a'] }],
    ['FIELD_TYPE', 'with an object for a text', { user: { name: 'a' } }],
    ['FIELD_TYPE', 'with a fraction for an id', { id: 1.5 }],
    ['COUNT_INVALID', 'with a negative count', { likes: -1 }],
    ['COUNT_INVALID', 'with a count in words', { likes: '1.2万' }],
    ['WISH_INVALID', 'with a wish that says neither', { 是否公开: '看情况' }],
    ['ADDRESS_INVALID', 'with an address that is a script', { url: 'javascript:alert(1)' }],
    ['ADDRESS_INVALID', 'with an address that is none', { url: '见官网' }],
    ['COLUMNS_CONFLICT', 'with two columns that mean the same and differ', { tid: '2' }],
  ]
  test.each(cases)('%s: %s', async (code, _, changes) => {
    const outcomes = await read(`${line(changes)}\n${line({ id: 'next' })}`)
    expect(summary(outcomes)).toEqual([code, 'next'])
  })

  test.each<[RowRefusalCode, string, string]>([
    ['JSON_INVALID', 'that is cut off', '{"id": "1", "body": "x'],
    ['JSON_INVALID', 'that is prose', '没有格式'],
    ['JSON_INVALID', 'nested without end', '['.repeat(200_000)],
    ['NOT_AN_OBJECT', 'that is a list', '["1", "x"]'],
    ['NOT_AN_OBJECT', 'that is nested deep', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['NOT_AN_OBJECT', 'that is null', 'null'],
    ['DUPLICATE_KEY', 'with a key twice', '{"id":"1","body":"x","time":"2026-11-01","id":"2"}'],
    ['DUPLICATE_KEY', 'with a key twice, once escaped', '{"id":"1","body":"x","time":"2026-11-01","\\u0069d":"2"}'],
    ['FIELD_TYPE', 'with an id beyond 2^53', '{"id":9007199254740993,"body":"x","time":"2026-11-01"}'],
    ['CONTROL_CHARACTERS', 'with half a character', '{"id":"1","body":"\\ud83d","time":"2026-11-01"}'],
  ])('%s: a line of JSON %s', async (code, _, text) => {
    const outcomes = await read(`${text}\n${line({ id: 'next' })}`, { format: 'jsonl' })
    expect(summary(outcomes)).toEqual([code, 'next'])
  })

  test.each([
    ['within a text', { body: 'x","id":"9' }],
    ['within a text that ends with a backslash', { body: '"id":\\' }],
    ['in objects within', { more: { id: 1, list: [{ id: 2 }, 'id'] } }],
  ])('but not for a key that stands again only %s', async (_, changes) => {
    expect(summary(await read(line(changes)))).toEqual(['1'])
  })

  test('saying which column is wrong, to the clerk in Chinese, with the beginning of the row', async () => {
    const [outcome] = await read(line({ body: 'a\u0000b' + '长'.repeat(400) }))
    expect(outcome).toMatchObject({
      message: { zh: expect.stringContaining('“body”'), en: expect.stringContaining('"body"') },
      excerpt: expect.stringMatching(/^\{"id":"1"/),
    })
    expect(outcome?.kind === 'refused' && outcome.excerpt.length).toBe(200)
  })

  test('with an excerpt that can be stored: no control characters, no half characters', async () => {
    const [outcome] = await read(`{"id": "\u0007${'x'.repeat(190)}😀😀`, { format: 'jsonl' })
    const excerpt = outcome?.kind === 'refused' ? outcome.excerpt : ''
    expect(excerpt).toContain('\uFFFD')
    expect(excerpt).not.toContain('\u0007')
    expect(excerpt.isWellFormed()).toBe(true)
  })

  test('with a name of a column that is bounded, too', async () => {
    const outcomes = await read(`{"${'x'.repeat(5000)}":1,"${'x'.repeat(5000)}":2}`)
    expect(outcomes[0]?.kind === 'refused' && outcomes[0].message.en.length).toBeLessThan(700)
  })
})

test('Every refusal speaks both languages and fills in what it announces', () => {
  for (const texts of [...Object.values(rowRefusals), ...Object.values(fileRefusals)]) {
    expect(texts.zh).toMatch(/[一-龥]/)
    expect(texts.en).toMatch(/^[\x20-\x7E]+$/)
  }
})
