import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huiying } from '../support/cli.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'
import { readWorkbook } from '../support/read-workbook.ts'

const ROWS = 600

let data: string
let out: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huiying-report-'))
  out = await mkdtemp(join(tmpdir(), 'huiying-report-out-'))
  const rows = Array.from({ length: ROWS }, (_, index) =>
    row(`r-${index}`, {
      subject: index === 0 ? '=HYPERLINK("http://x.example","路灯")' : `路灯不亮之${index}`,
      ...(index % 2 === 0 && { reply: '经查，路灯已于3月4日修好。', reply_time: '2026-03-04T10:00:00+08:00' }),
    }),
  )
  const file = await fileIn(data, 'rows.jsonl', jsonLines(rows))
  const { code, stderr } = await huiying(['import', file, '--channel', 'governor-suggestions'], { data })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}, 60_000)
afterAll(async () => {
  await rm(data, { recursive: true, force: true })
  await rm(out, { recursive: true, force: true })
})

const march = ['--from', '2026-03-01', '--to', '2026-03-31']
const report = (...given: string[]) => huiying(['report', ...given], { data })
const errorOf = ({ stderr }: { stderr: string }) => (JSON.parse(stderr) as { error: { code: string } }).error.code

describe('a report', { timeout: 60_000 }, () => {
  test('as a workbook: written to a file, and said so to people and to scripts', async () => {
    const path = join(out, '台账.xlsx')
    const written = await report('ledger', ...march, '--format', 'xlsx', '--out', path)
    expect(written).toMatchObject({ code: 0, stderr: '' })
    expect(written.stdout).toMatch(
      /^舆情回应台账：600 行，已写入 .*台账\.xlsx（数据截至 \d{4}-\d\d-\d\d \d\d:\d\d）。\n$/,
    )
    const [sheet] = await readWorkbook(await readFile(path))
    expect(sheet).toMatchObject({
      name: '舆情回应台账',
      firstScrollingCell: 'A4',
      formulas: 0,
      filter: `A3:R${ROWS + 3}`,
    })
    expect(sheet!.rows).toHaveLength(ROWS + 3)
    expect(sheet!.rows.map(({ B }) => B)).toContain('=HYPERLINK("http://x.example","路灯")')

    const told = await report('replies', ...march, '--format', 'csv', '--out', join(out, '统计.csv'), '--json')
    expect(told).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(told.stdout)).toEqual({
      report: 'replies',
      file: join(out, '统计.csv'),
      format: 'csv',
      rows: 3,
      asOf: expect.stringMatching(/Z$/) as string,
    })
    expect((await readdir(out)).sort()).toEqual(['台账.xlsx', '统计.csv'].sort())
  })

  test('as CSV on standard output: with a byte order mark, and no cell that a spreadsheet would calculate', async () => {
    const { code, stdout, stderr } = await report('ledger', ...march, '--format', 'csv')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.startsWith('\uFEFF"舆情回应台账"\r\n"收到时间：2026-03-01 至 2026-03-31　')).toBe(true)
    expect(stdout).toContain(`"'=HYPERLINK(""http://x.example"",""路灯"")"`)
    expect(stdout.split('\r\n')).toHaveLength(ROWS + 4)
  })

  test('as JSON, which --json goes with', async () => {
    for (const given of [[], ['--json'], ['--out', '-']]) {
      const { code, stdout, stderr } = await report('replies', ...march, '--format', 'json', ...given)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const document = JSON.parse(stdout) as { rows: Record<string, unknown>[]; count: number }
      expect(document).toMatchObject({ report: 'replies', from: '2026-03-01', to: '2026-03-31', count: 3 })
      expect(document.rows[0]).toMatchObject({
        by: '合计',
        received: ROWS,
        answered: 300,
        answeredShare: 0.5,
        inTime: 300,
      })
    }
    const promises = await report('commitments', ...march, '--format', 'json')
    expect(JSON.parse(promises.stdout)).toMatchObject({ title: '承诺台账', rows: [], count: 0 })
  })

  test('of a department or a channel', async () => {
    const { stdout } = await report(
      'ledger',
      ...march,
      '--format',
      'json',
      '--channel',
      'phone',
      '--department',
      '住建局',
    )
    expect(JSON.parse(stdout)).toMatchObject({ channel: 'phone', department: '住建局', count: 0 })
    const unknown = await report('ledger', ...march, '--format', 'csv', '--channel', 'fax')
    expect(unknown).toMatchObject({ code: 3, stdout: '' })
    expect(unknown.stderr).toContain('hotline-12345')
  })

  test('of which only the beginning is read ends without a fuss', async () => {
    const given = ['report', 'ledger', ...march, '--format', 'json', '--data', data]
    const child = spawn('node_modules/.bin/node', ['dist/apps/cli/src/main.js', ...given], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('what is wrong is said before anything is written', { timeout: 60_000 }, () => {
  test('a workbook on standard output, CSV beside --json, an unknown format or report, a missing day: exit code 2', async () => {
    const wrong = [
      ['ledger', ...march, '--format', 'xlsx'],
      ['ledger', ...march, '--format', 'xlsx', '--out', '-'],
      ['ledger', ...march, '--format', 'csv', '--json'],
      ['ledger', ...march, '--format', 'pdf'],
      ['ledger', ...march],
      ['letters', ...march, '--format', 'csv'],
      ['ledger', '--from', '2026-03-01', '--format', 'csv'],
    ]
    for (const { code, stdout, stderr } of await Promise.all(wrong.map((given) => report(...given)))) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^error: /)
    }
  })

  test('days that are none or the wrong way round, a file that is there, a folder that is not: exit code 3', async () => {
    const path = join(out, 'kept.csv')
    const asked = ['ledger', ...march, '--format', 'csv', '--out', path, '--json']
    expect(await report(...asked)).toMatchObject({ code: 0 })
    const { mtimeMs } = await stat(path)
    const again = await report(...asked)
    expect([again.code, errorOf(again)]).toEqual([3, 'FILE_EXISTS'])
    expect((await stat(path)).mtimeMs).toBe(mtimeMs)
    expect(await report(...asked, '--force')).toMatchObject({ code: 0 })
    expect((await stat(path)).mtimeMs).toBeGreaterThan(mtimeMs)

    const refused = async (...given: string[]) => {
      const ran = await report(...given, '--format', 'csv', '--json', '--out', join(out, 'nowhere', 'report.csv'))
      return [ran.code, errorOf(ran)]
    }
    expect(await refused('ledger', ...march)).toEqual([3, 'FILE_UNWRITABLE'])
    expect(await refused('ledger', '--from', '2026-02-30', '--to', '2026-03-31')).toEqual([3, 'TIME_INVALID'])
    expect(await refused('ledger', '--from', '2026-03-31', '--to', '2026-03-01')).toEqual([3, 'INVALID_QUERY'])
  })
})
