import { describe, expect, test } from 'vitest'
import { readRows } from '#channels'
import { NOW, bytesSource, line, readAll, summary } from './reading.ts'

const columnsOf = async (header: string, mapping?: unknown) =>
  (await readAll(bytesSource(`${header}\n`), { format: 'csv', mapping })).reader.columns

describe('Columns are known', () => {
  test('by the original headings', async () => {
    expect(await columnsOf('留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间')).toEqual({
      used: [
        { column: '留言编号', field: 'externalId' },
        { column: '留言用户', field: 'author.name' },
        { column: '留言主题', field: 'title' },
        { column: '留言时间', field: 'receivedAt' },
        { column: '留言详情', field: 'content' },
        { column: '答复意见', field: 'reply.text' },
        { column: '答复时间', field: 'reply.publishedAt' },
      ],
      ignored: [],
    })
  })

  test('whatever their case, width, spaces and marks', async () => {
    const report = await columnsOf('ＩＤ, 诉求 内容 ,*来信时间：,Reply_Time,答复－单位')
    expect(report?.used.map(({ field }) => field)).toEqual([
      'externalId',
      'content',
      'receivedAt',
      'reply.publishedAt',
      'reply.department',
    ])
  })

  test('and those that are not, or don’t say what they seem to, are ignored and listed', async () => {
    expect((await columnsOf('id,body,time,序号,受理时间,发布时间,备注'))?.ignored).toEqual([
      '序号',
      '受理时间',
      '发布时间',
      '备注',
    ])
  })

  test('in JSON Lines from the rows read so far, nulls aside', async () => {
    const { reader } = await readAll(bytesSource(`${line({ extra: 1 })}\n${line({ url: null, more: 2 })}`))
    expect(reader.columns?.used.map(({ column }) => column)).toEqual(['id', 'subject', 'body', 'time', 'url'])
    expect(reader.columns?.ignored).toEqual(['extra', 'more'])
  })

  test('in JSON Lines twice for one field, when they say the same', async () => {
    const { outcomes } = await readAll(bytesSource(line({ tid: 1 })))
    expect(summary(outcomes)).toEqual(['1'])
  })
})

describe('A column map', () => {
  test('overrides what is known and frees the column it takes', async () => {
    const report = await columnsOf('id,编号,标题,来信 时间', {
      externalId: '编号',
      content: '标题',
      receivedAt: '来信时间',
    })
    expect(report).toEqual({
      used: [
        { column: '编号', field: 'externalId' },
        { column: '标题', field: 'content' },
        { column: '来信 时间', field: 'receivedAt' },
      ],
      ignored: ['id'],
    })
  })

  test('reaches the inner fields', async () => {
    const source = bytesSource(line({ 单位回复: '好', 回复于: '2026-11-02' }))
    const { outcomes } = await readAll(source, { mapping: { 'reply.text': '单位回复', 'reply.publishedAt': '回复于' } })
    expect(outcomes).toMatchObject([{ record: { reply: { text: '好' } } }])
  })

  test.each([
    ['names a field that there is not', { identity: '编号' }],
    ['gives no name', { externalId: '' }],
    ['gives a number', { externalId: 3 }],
    ['takes one column for two fields', { title: '标题', content: ' 标 题' }],
    ['is a list', ['编号']],
    ['names a column without letters', { externalId: '*' }],
  ])('is refused when it %s', (_, mapping) => {
    expect(() => readRows('x', { format: 'csv', now: NOW, mapping })).toThrow(
      expect.objectContaining({ code: 'MAPPING_INVALID', message: expect.stringContaining('externalId') }),
    )
  })
})
