import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GetCase, GetStatistics, ListCases, ListRefusedRows } from '#application'
import type { ImportReport } from '#application'
import { County, staff } from '../support/county.ts'
import { fileIn, fileWithHole, inGb18030, jsonLines, row } from '../support/files.ts'
import { number, oneSheet, packed, row as cells, text } from '../support/workbook.ts'

const asker = 'operator'
const GIBIBYTE = 1024 ** 3
const RSS_GROWTH_MAX = 200 * 1024 ** 2

let county: County
beforeAll(async () => {
  county = await County.open('2026-03-03 09:00')
})
afterAll(() => county.close())

interface Given {
  dryRun?: boolean
  mapping?: unknown
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

async function importRows(name: string, content: string | Uint8Array, given: Given = {}): Promise<ImportReport> {
  return await importPath(await fileIn(county.folder, name, content), given)
}

async function importPath(path: string, { dryRun = false, ...given }: Given = {}): Promise<ImportReport> {
  const request = { path, channelId: 'leaders-mailbox', kind: 'message' as const, dryRun, ...given }
  const report = await county.huiying.application.importFile(request)
  if (!dryRun) await county.huiying.settled()
  return report
}

const counts = ({ rows, taken, unchanged, revised, refused }: ImportReport) => [
  rows,
  taken,
  unchanged,
  revised,
  refused,
]
const refusedRows = async () => (await county.huiying.query(new ListRefusedRows({ asker }))).documents
const search = async (text: string) => (await county.huiying.query(new ListCases({ asker, search: text }))).documents

describe('a bad row is refused with its reason, kept with its run, and the rest goes on', () => {
  test('rows without ids, dates that are no dates, control characters, no JSON', async () => {
    const bad: [code: string, line: string][] = [
      ['ID_MISSING', JSON.stringify({ ...row(''), id: undefined })],
      ['ID_MISSING', JSON.stringify(row('  '))],
      ['ID_DAMAGED', JSON.stringify(row('1.23457E+17'))],
      ['TIME_INVALID', JSON.stringify(row('bad-1', { time: '2026-02-30 10:00:00' }))],
      ['TIME_INVALID', JSON.stringify(row('bad-2', { time: '昨天' }))],
      ['TIME_IN_FUTURE', JSON.stringify(row('early', { time: '2026-03-09 10:00:00' }))],
      ['CONTROL_CHARACTERS', JSON.stringify(row('bad-3', { body: '路灯\u0000坏了' }))],
      ['CONTROL_CHARACTERS', JSON.stringify(row('bad-4', { subject: '\ud800' }))],
      ['TEXT_MISSING', JSON.stringify(row('bad-5', { subject: ' ', body: '' }))],
      ['FIELD_TOO_LONG', JSON.stringify(row('bad-6', { body: '长'.repeat(50_001) }))],
      ['REPLY_TIME_MISSING', JSON.stringify(row('bad-7', { reply: '已办' }))],
      ['REPLY_BEFORE_QUESTION', JSON.stringify(row('bad-8', { reply: '已办', reply_time: '2026-02-01 09:00' }))],
      ['JSON_INVALID', '{"id": "bad-9", "subject": "半行'],
      ['NOT_AN_OBJECT', '["bad-10"]'],
    ]
    const good = [row('good-1'), row('good-2')].map((each) => JSON.stringify(each))
    const report = await importRows('mixed.jsonl', [good[0], ...bad.map(([, line]) => line), good[1]].join('\n'))

    expect(counts(report)).toEqual([16, 2, 0, 0, 14])
    expect(report.refusals.map(({ code }) => code)).toEqual(bad.map(([code]) => code))
    expect(report.refusals.map(({ row }) => row)).toEqual(bad.map((_, index) => index + 2))
    for (const { message } of report.refusals) expect(message).toMatch(/[；。]/)
    expect((await search('路灯不亮 good')).map(({ title }) => title)).toEqual(['路灯不亮 good-2', '路灯不亮 good-1'])

    const listed = await refusedRows()
    expect(listed.map(({ code }) => code)).toEqual(bad.map(([code]) => code))
    expect(listed[3]).toMatchObject({ run: report.run, row: 5, channel: 'leaders-mailbox', retryable: true })
    expect(listed[3]!.message).toContain('time')
    expect(listed[3]!.excerpt).toContain('bad-1')
  })

  test('tried again, a row whose time has come is taken and the others stay, with what became of them', async () => {
    const before = await refusedRows()
    county.clock.moveTo('2026-03-10 09:00')
    const report = await county.huiying.application.retryRefusedRows()
    await county.huiying.settled()
    const kept = before.filter(({ retryable }) => retryable)
    expect(report).toMatchObject({ tried: kept.length, taken: 1, refused: kept.length - 1 })
    expect(report.notKept).toBe(before.length - kept.length)
    expect((await search('early')).map(({ title }) => title)).toEqual(['路灯不亮 early'])
    expect(await refusedRows()).toHaveLength(before.length - 1)
    expect((await county.huiying.query(new ListRefusedRows({ asker, state: 'taken' }))).documents).toMatchObject([
      { code: 'TIME_IN_FUTURE', state: 'taken' },
    ])
  })

  test('a row with a million columns', async () => {
    const header = 'id,subject,time,body\n'
    const wide = `wide,${'x,'.repeat(1_000_000)}\n`
    const csv = `${header}${wide}narrow,标题,2026-03-02,内容\n`
    const report = await importRows('wide.csv', csv)
    expect(counts(report)).toEqual([2, 1, 0, 0, 1])
    expect(report.refusals).toMatchObject([{ row: 1, code: 'TOO_MANY_COLUMNS' }])

    const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(',')
    const json = `{"id":"wide",${keys}}\n${JSON.stringify(row('narrow-2'))}\n`
    const fromJson = await importRows('wide.jsonl', json)
    expect(counts(fromJson)).toEqual([2, 1, 0, 0, 1])
  })

  test('a line of a gibibyte passes in flat memory', async () => {
    const path = join(county.folder, 'long.jsonl')
    await fileWithHole(path, jsonLines([row('long-1')]), GIBIBYTE, jsonLines([row('long-2')]))
    const before = process.memoryUsage().rss
    let most = before
    const onProgress = () => {
      most = Math.max(most, process.memoryUsage().rss)
    }
    const report = await importPath(path, { onProgress })
    expect(counts(report)).toEqual([3, 2, 0, 0, 1])
    expect(report.refusals).toMatchObject([{ row: 2, code: 'ROW_TOO_LONG' }])
    expect(most - before).toBeLessThan(RSS_GROWTH_MAX)
  }, 60_000)
})

describe('a file that cannot be read as a whole', () => {
  test('in the wrong encoding is refused with the place, taking nothing, and its run says so', async () => {
    const before = await county.extent()
    const damaged = Buffer.concat([Buffer.from(jsonLines([row('enc-1')])), Buffer.from([0xff, 0xff, 0x0a])])
    await expect(importRows('damaged.jsonl', damaged)).rejects.toMatchObject({ code: 'ENCODING_UNKNOWN' })
    await county.huiying.settled()
    expect(await search('enc-1')).toEqual([])
    const run = await lastRun()
    expect(run.map(({ type }) => type)).toEqual(['ImportStarted', 'ImportFinished'])
    expect(run[1]!.data).toMatchObject({ rows: 0, problem: { code: 'ENCODING_UNKNOWN' } })
    expect((await county.extent()).events).toBe(before.events + 2)
  })

  test.each([
    ['empty.jsonl', '', 'FILE_EMPTY'],
    ['sheet.csv', 'PK\u0003\u0004', 'WORKBOOK_DAMAGED'],
    ['broken.json', '[{"id": ', 'JSON_UNFINISHED'],
    ['nameless.csv', '甲,乙,丙\n1,2,3\n', 'HEADER_UNKNOWN'],
    ['timeless.csv', 'id,subject\n1,标题\n', 'COLUMN_MISSING'],
  ])('%s', async (name, content, code) => {
    await expect(importRows(name, content)).rejects.toMatchObject({ name: 'FileRefused', code })
  })

  test('and one that is not there leaves no run', async () => {
    const before = await county.extent()
    const path = join(county.folder, 'nowhere.csv')
    await expect(importPath(path)).rejects.toMatchObject({ name: 'FileRefused', code: 'FILE_UNREADABLE' })
    expect(await county.extent()).toEqual(before)
  })
})

test('a dry run tells what would happen and writes nothing', async () => {
  const content = jsonLines([
    row('good-1'),
    row('good-2', { body: '又坏了。' }),
    row('dry-1'),
    row('dry-2', { time: '?' }),
    row('dry-3', { reply: '已修复。', reply_time: '2026-03-03 10:00' }),
  ])
  const before = await county.extent()
  const dry = await importRows('dry.jsonl', content, { dryRun: true })
  expect(counts(dry)).toEqual([5, 2, 1, 1, 1])
  expect(dry.run).toBeNull()
  expect(await county.extent()).toEqual(before)
  const wet = await importRows('dry.jsonl', content)
  expect(counts(wet)).toEqual(counts(dry))
  expect(wet.refusals).toEqual(dry.refusals)
  expect(wet.columns).toEqual(dry.columns)
})

test('CSV with the original Chinese headings, in GB18030, is known without a map', async () => {
  const csv = [
    '留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间',
    'gb-1,市民甲,公交站牌缺失,2026-03-01 08:00:00,"站牌被撞倒，""无人""过问",已重新安装。,2026-03-05 15:00:00',
    'gb-2,市民乙,井盖松动,2026-03-02,夜里响动很大,,',
  ].join('\r\n')
  const report = await importRows('original.csv', inGb18030(csv))
  expect(counts(report)).toEqual([2, 2, 0, 0, 0])
  expect(report.columns?.used.map(({ field }) => field)).toContain('reply.publishedAt')
  const [answered] = await search('站牌被撞倒')
  expect(answered).toMatchObject({
    title: '公交站牌缺失',
    status: 'answered',
    origin: 'history',
    final: { state: 'met' },
  })
  const page = await county.huiying.query(new GetCase({ number: answered!.number, asker }))
  expect(page.items).toMatchObject([{ content: '站牌被撞倒，"无人"过问', author: '市民甲' }])
  expect(page.detail.responses).toMatchObject([{ state: 'past', text: '已重新安装。' }])
  expect((await search('井盖松动'))[0]).toMatchObject({ status: 'new', origin: 'live', final: { state: 'open' } })
})

test('a sheet, its rows named as it shows them, and one that is refused is tried again from what its cells showed', async () => {
  const header = ['留言编号', '留言主题', '留言详情', '留言时间'].map(text)
  const line = (id: number, days: number) => cells(number(id), text('路口积水'), text('雨后积水不退'), number(days, 1))
  const book = oneSheet(
    [cells(text('三月台账')), cells(...header), line(20230100012, 46083.5), line(20230100013, 46093)],
    {
      formats: ['yyyy"年"m"月"d"日"'],
    },
  )
  const report = await importRows('book.xlsx', await packed(book))
  expect(counts(report)).toEqual([2, 1, 0, 0, 1])
  expect(report.sheet).toBe('留言')
  expect(report.refusals).toMatchObject([{ row: 4, code: 'TIME_IN_FUTURE' }])
  const same = '留言编号,留言主题,留言详情,留言时间\n20230100012,路口积水,雨后积水不退,2026-03-02 12:00:00\n'
  expect(counts(await importRows('same.csv', same))).toEqual([1, 0, 1, 0, 0])

  county.clock.moveTo('2026-03-14 09:00')
  const again = await county.huiying.application.retryRefusedRows()
  await county.huiying.settled()
  expect(again.taken).toBe(1)
  expect(await search('积水不退')).toHaveLength(2)
})

test('a JSON list, as other systems hand them out', async () => {
  const list = JSON.stringify({ code: 0, data: { list: [row('json-1'), { id: 'json-2' }] } }, null, 2)
  const report = await importRows('export.json', list)
  expect(counts(report)).toEqual([2, 1, 0, 0, 1])
  expect(report.refusals).toMatchObject([{ row: 2, code: 'TEXT_MISSING' }])
})

test('columns with names of their own are read by a map', async () => {
  const csv = '流水,什么事,几时\nmap-1,树枝压线,2026/3/2 9:05\nmap-2,树枝压线,?\n'
  await expect(importRows('own.csv', csv)).rejects.toMatchObject({ code: 'HEADER_UNKNOWN' })
  const mapping = { externalId: '流水', title: '什么事', receivedAt: '几时' }
  const report = await importRows('own.csv', csv, { mapping })
  expect(counts(report)).toEqual([2, 1, 0, 0, 1])
  const wrong = importRows('own.csv', csv, { mapping: { ...mapping, nonsense: '甲' } })
  await expect(wrong).rejects.toMatchObject({ code: 'MAPPING_INVALID' })
  // A row that is tried again is read by the map of its run.
  const again = await county.huiying.application.retryRefusedRows()
  await county.huiying.settled()
  expect(again.taken).toBe(0)
  const kept = (await refusedRows()).find(({ run }) => run === report.run)
  expect(kept).toMatchObject({ code: 'TIME_INVALID' })
})

test('of two rows with one id in a file the later is the newer', async () => {
  const twice = jsonLines([row('twice', { body: '初稿' }), row('other'), row('twice', { body: '改稿' })])
  expect(counts(await importRows('twice.jsonl', twice))).toEqual([3, 2, 0, 1, 0])
  const [found] = await search('改稿')
  const page = await county.huiying.query(new GetCase({ number: found!.id, asker }))
  expect(page.items).toMatchObject([{ content: '改稿', contentRevision: 2 }])
  expect(await search('初稿')).toEqual([])
})

test('a row whose item was erased is refused, and what was erased is found no more', async () => {
  await importRows('erase.jsonl', jsonLines([row('erased', { body: '我的身份证号写在这里。' })]))
  const [found] = await search('身份证号')
  const basis = { ground: 'asked-by-author', basis: '个人信息保护法 47' }
  await county.give('EraseItem', found!.items[0]!, basis, staff.coordinator)
  const report = await importRows('erase.jsonl', jsonLines([row('erased'), row('spared')]))
  expect(counts(report)).toEqual([2, 1, 0, 0, 1])
  expect(report.refusals).toMatchObject([{ row: 1, code: 'ITEM_ERASED' }])
  expect(await search('身份证号')).toEqual([])
})

test('an import that is broken off is completed by running it again', async () => {
  const replied = { reply: '已修复。', reply_time: '2026-03-04 10:00' }
  const rows = Array.from({ length: 900 }, (_, index) => row(`run-${index}`, index % 3 === 0 ? replied : {}))
  const content = jsonLines(rows.map((each) => ({ ...each, body: '断点续传测试。'.repeat(20) })))
  const received = async () => (await county.huiying.query(new GetStatistics({ asker }))).received
  const before = await received()
  let chunks = 0
  const onProgress = () => {
    if (++chunks === 4) throw new Error('the power went')
  }
  await expect(importRows('broken.jsonl', content, { onProgress })).rejects.toThrow('the power went')
  await county.reopen()
  const [, taken, unchanged, revised, refused] = counts(await importRows('broken.jsonl', content))
  expect(taken! + unchanged!).toBe(900)
  expect([revised, refused]).toEqual([0, 0])
  expect(unchanged).toBeGreaterThan(0)
  expect(taken).toBeGreaterThan(0)
  expect((await received()) - before).toBe(900)
  expect(counts(await importRows('broken.jsonl', content))).toEqual([900, 0, 900, 0, 0])
})

test('an import that is told to break off keeps what it took, and its run stays unfinished', async () => {
  const content = jsonLines(Array.from({ length: 600 }, (_, index) => row(`told-${index}`)))
  const signal = AbortSignal.abort(new Error('it is to stop'))
  await expect(importRows('told.jsonl', content, { signal })).rejects.toThrow('it is to stop')
  await county.huiying.settled()
  expect((await lastRun()).map(({ type }) => type)).toEqual(['ImportStarted'])
  const [, taken = 0, unchanged = 0] = counts(await importRows('told.jsonl', content))
  expect(taken + unchanged).toBe(600)
  expect(unchanged).toBeGreaterThan(0)
  expect(taken).toBeGreaterThan(0)
})

/** Events of the import run that was begun last. */
async function lastRun() {
  let stream = ''
  for await (const page of county.huiying.application.ports.store.readStored('start')) {
    stream = page.findLast(({ type }) => type === 'ImportStarted')?.stream ?? stream
  }
  return await county.events(stream)
}
