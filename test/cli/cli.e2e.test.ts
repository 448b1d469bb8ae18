import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { program } from '../../apps/cli/src/program.ts'
import { huiying } from '../support/cli.ts'
import { staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'
import { packed, row as cells, sheet, text, workbookParts } from '../support/workbook.ts'

const noCase = '00000000-0000-7000-8000-000000000000'
const commands =
  'import register cases case commitments refused imports channel-key feeds deadline stats report act rebuild verify'.split(
    ' ',
  )

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huiying-cli-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

const run = (...given: string[]) => huiying(given, { data })

/** What a command says under --json, which must be one document on standard output and nothing else. */
async function json<Answer>(...given: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await run(...given, '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Answer
}

const rows = [
  row('c-1'),
  row('c-2', { reply: '已修好。', reply_time: '2026-03-04T10:00:00+08:00' }),
  row('c-3', { subject: '楼道堆物', reply: '已清理。', reply_time: '2026-03-30T10:00:00+08:00' }),
  row('c-4', { time: '三月' }),
  row(''),
]

describe('help and the command line', () => {
  test('every command says what it does and takes', async () => {
    const [all, act] = await Promise.all([huiying(['--help']), huiying(['act', '--help'])])
    expect([all.code, act.code]).toEqual([0, 0])
    for (const command of commands) expect(all.stdout).toContain(`\n  ${command} `)
    expect(all.stdout).toContain('Exit codes')
    expect(act.stdout).toContain('Usage: huiying act [options] <command>')
    expect(act.stdout).toContain('PublishResponse')
    const described = program().commands
    expect(described.map((command) => command.name())).toEqual(expect.arrayContaining(commands))
    for (const command of described) {
      const help = command.helpInformation()
      expect(help).toContain(`Usage: huiying ${command.name()}`)
      expect(help).toContain('--data <dir>')
      expect(help).toContain('--json')
    }
  })

  test('an unknown command, an unknown option and what is missing or out of bounds are exit code 2', async () => {
    const wrong = [['nothing'], ['cases', '--nothing'], ['case'], ['cases', '--limit', '201']]
    for (const { code, stdout, stderr } of await Promise.all(wrong.map((given) => run(...given)))) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^error: /)
      expect(stderr).toContain('--help')
    }
  })
})

describe('on a folder', () => {
  test('imports a file, saying what became of each row', async () => {
    const file = await fileIn(data, 'rows.jsonl', jsonLines(rows))
    const asked = ['import', file, '--channel', 'governor-suggestions']
    const report = await json<{ refusals: unknown[] }>(...asked)
    expect(report).toEqual({
      rows: 5,
      taken: 3,
      unchanged: 0,
      revised: 0,
      refused: 2,
      refusals: [
        { row: 4, code: 'TIME_INVALID', message: expect.stringContaining('time') as string },
        { row: 5, code: 'ID_MISSING', message: expect.any(String) as string },
      ],
    })
    const again = await run(...asked)
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('共 5 行：新收 0，未变 3，更新 0，拒收 2。')
    expect(again.stdout).toContain('time → receivedAt')
  })

  test('refuses an unknown channel, naming those there are, and a file that is not there: exit code 3', async () => {
    const file = join(data, 'rows.jsonl')
    const [channel, missing, map] = await Promise.all([
      huiying(['import', file, '--channel', 'fax'], { data: `${data}/a` }),
      huiying(['import', 'nowhere.csv', '--channel', 'phone', '--json'], { data: `${data}/b` }),
      huiying(['import', file, '--channel', 'phone', '--map', 'nowhere.yaml'], { data: `${data}/c` }),
    ])
    expect(channel.code).toBe(3)
    for (const id of ['governor-suggestions', 'site-corrections', 'hotline-12345', 'superior']) {
      expect(channel.stderr).toContain(id)
    }
    expect(missing).toMatchObject({ code: 3, stdout: '' })
    expect(JSON.parse(missing.stderr)).toMatchObject({ error: { code: 'FILE_UNREADABLE' } })
    expect(map).toMatchObject({ code: 3, stderr: expect.stringContaining('nowhere.yaml') as string })
  })

  test('takes the sheet of a workbook that it is told to, and names those there are', async () => {
    const list = (id: string) =>
      sheet(cells(...['编号', '主题', '时间'].map(text)), cells(...[id, '路灯不亮', '2026-03-02'].map(text)))
    const sheets = [
      { name: '一季度', content: list('x-1') },
      { name: '二季度', content: list('') },
    ]
    const file = await fileIn(data, 'book.xlsx', await packed(workbookParts({ sheets })))
    const ask = (place: string, ...more: string[]) =>
      huiying(['import', file, '--channel', 'phone', '--dry-run', ...more], { data: `${data}/${place}` })
    const [first, second, none] = await Promise.all([
      ask('d'),
      ask('e', '--sheet', '二季度', '--json'),
      ask('f', '--sheet', '三季度'),
    ])
    expect(first.stdout).toContain('共 1 行：新收 1，')
    expect(first.stdout).toContain('工作表：一季度')
    expect(JSON.parse(second.stdout)).toMatchObject({ refusals: [{ row: 2, code: 'ID_MISSING' }] })
    expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('1 一季度、2 二季度') as string })
  })

  test('lists cases a page at a time', async () => {
    type Page = { total: number; cases: { number: string }[]; next: string | null }
    const numbers = []
    let cursor: string | null = null
    do {
      const page: Page = await json<Page>('cases', '--limit', '2', ...(cursor === null ? [] : ['--cursor', cursor]))
      expect(Object.keys(page)).toEqual(['total', 'cases', 'next'])
      expect(page.total).toBe(3)
      numbers.push(...page.cases.map(({ number }) => number))
      cursor = page.next
    } while (cursor !== null && numbers.length < 10)
    expect(new Set(numbers).size).toBe(3)
    expect(numbers).toHaveLength(3)
    const found = await json<Page>('cases', '--search', '堆物', '--state', 'answered')
    expect(found).toMatchObject({ total: 1, cases: [{ title: '楼道堆物' }], next: null })
    expect((await run('cases', '--state', 'lost')).code).toBe(3)
    expect((await run('cases', '--search', '无此词')).stdout).toBe('没有找到含“无此词”的办件。\n')
  })

  test('counts them', async () => {
    const counts = { received: 3, answered: 2, answeredInTime: 1 }
    const none = { made: 0, open: 0, overdue: 0, settled: 0, broken: 0, withdrawn: 0 }
    expect(await json('stats')).toEqual({
      ...counts,
      byNorm: { 'governor-suggestions-answer': counts },
      byChannel: { 'governor-suggestions': counts },
      byDepartment: { '-': counts },
      commitments: none,
    })
    expect(await json('stats', '--from', '2026-03-03', '--to', '2026-03-31')).toMatchObject({ received: 0 })
    expect((await run('stats', '--from', '2026-03-31', '--to', '2026-03-01')).code).toBe(3)
  })

  test('shows the refused rows and tries them again', async () => {
    const { total, rows } = await json<{ total: number; rows: { code: string }[] }>('refused')
    expect(total).toBe(4)
    expect(rows.map(({ code }) => code)).toEqual(['TIME_INVALID', 'ID_MISSING', 'TIME_INVALID', 'ID_MISSING'])
    expect((await run('refused')).stdout).toContain('共 4 行待处理。')
    expect(await json('refused', '--retry')).toEqual({ tried: 4, taken: 0, refused: 4, notKept: 0 })
  })

  test('shows what was brought in', async () => {
    const { total, imports } = await json<{ total: number; imports: object[] }>('imports')
    expect(total).toBe(2)
    const counts = { rows: 5, unchanged: 3, revised: 0, refused: 2, taken: 0 }
    expect(imports[0]).toMatchObject({ channel: 'governor-suggestions', counts, problem: null })
    expect((await run('imports')).stdout).toMatch(/rows\.jsonl +5 +3 +0 +0 +2 +完成/)
  })

  test('takes the folder from HUIYING_DATA, too', async () => {
    const { code, stdout } = await huiying(['cases', '--json'], { environment: { HUIYING_DATA: data } })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ total: 3 })
  })

  test('says who holds the store: exit code 4', async () => {
    const holder = await openEmbedded({ folder: data })
    try {
      const [forPeople, forScripts] = await Promise.all([run('cases'), run('verify', '--json')])
      expect(forPeople.code).toBe(4)
      expect(forPeople.stderr).toContain(String(process.pid))
      expect(forScripts.code).toBe(4)
      expect(JSON.parse(forScripts.stderr)).toMatchObject({ error: { code: 'STORE_IN_USE' } })
    } finally {
      await holder.close()
    }
  })
})

describe('deadline', () => {
  type Answer = {
    norm: unknown
    due: string
    provisional: boolean
    days: { date: string; counted: boolean; reason: string }[]
  }
  const ask = (received: string, channel = 'governor-suggestions') =>
    json<Answer>('deadline', '--channel', channel, '--received', received)

  test('explains each day across the Spring Festival', async () => {
    const answer = await ask('2026-02-13 17:00')
    expect(Object.keys(answer)).toEqual(['norm', 'due', 'provisional', 'days'])
    expect(answer).toMatchObject({ due: '2026-02-27T15:59:59.999Z', provisional: false })
    expect(answer.days).toHaveLength(15)
    expect(answer.days[0]).toEqual({ date: '2026-02-13', counted: false, reason: 'start' })
    expect(answer.days[1]).toEqual({ date: '2026-02-14', counted: true, reason: 'make-up-working-day' })
    expect(answer.days[2]).toEqual({ date: '2026-02-15', counted: false, reason: 'holiday' })
    expect(answer.days.filter(({ counted }) => counted)).toHaveLength(5)
    const { stdout } = await run('deadline', '--channel', 'governor-suggestions', '--received', '2026-02-13')
    expect(stdout).toMatch(/2026-02-14 +第 1 日 +调休补班/)
  })

  test('is provisional in a year whose notice is not out', async () => {
    expect(await ask('2027-02-04')).toMatchObject({ provisional: true })
    const { code, stderr } = await run('deadline', '--channel', 'fax', '--received', '2026-02-13')
    expect(code).toBe(3)
    expect(stderr).toContain('governor-suggestions')
    expect((await run('deadline', '--channel', 'phone', '--received', '明天')).stderr).toContain('TIME_INVALID')
  })
})

describe('rebuild and verify', () => {
  test('rebuild --check compares document by document; one changed by hand is found: exit code 5', async () => {
    expect(await json('rebuild', '--check')).toMatchObject({ differing: 0, differences: [] })
    const views = new DatabaseSync(join(data, 'views.db'))
    const tables = views.prepare(
      "SELECT name FROM sqlite_master WHERE name GLOB 'cases~[0-9]*' AND name NOT GLOB '*~*~*'",
    )
    const table = String(tables.get()!['name'])
    const id = String(views.prepare(`SELECT id FROM "${table}" WHERE body LIKE '%楼道堆物%'`).get()!['id'])
    views.exec(`UPDATE "${table}" SET body = replace(body, '楼道堆物', '楼道整洁') WHERE id = '${id}'`)
    views.close()
    const { code, stdout } = await run('rebuild', '--check', '--json')
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({
      differing: 1,
      differences: [{ collection: 'cases', id, kind: 'different' }],
    })
    expect((await run('rebuild')).code).toBe(0)
    expect((await run('rebuild', '--check')).stdout).toContain('完全一致')
  })

  test('verify walks every chain; an event changed by hand is found with its stream and revision: exit code 5', async () => {
    const whole = await json<{ events: number; streams: number; findings: number }>('verify')
    expect(whole).toMatchObject({ findings: 0 })
    expect(whole.streams).toBeGreaterThan(10)

    const events = new DatabaseSync(join(data, 'events.db'))
    const opened = events
      .prepare("SELECT position, stream, revision, data FROM events WHERE type = 'CaseOpened'")
      .get()!
    const changed = String(opened['data']).replace('2026-', '2025-')
    expect(changed).not.toBe(opened['data'])
    const write = events.prepare('UPDATE events SET data = ? WHERE position = ?')
    write.run(changed, Number(opened['position']))
    const { code, stdout } = await run('verify', '--json')
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({
      findings: expect.any(Number) as number,
      found: expect.arrayContaining([
        expect.objectContaining({ stream: opened['stream'], revision: opened['revision'] }),
      ]) as unknown[],
    })
    expect((await run('verify')).stdout).toContain(String(opened['stream']))
    write.run(String(opened['data']), Number(opened['position']))
    events.close()
    expect((await run('verify')).code).toBe(0)
  })

  test('a file that is no store any more is a clear error', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'huiying-cli-'))
    try {
      await writeFile(join(folder, 'events.db'), Buffer.alloc(8192, 'x'))
      const { code, stderr } = await huiying(['verify', '--json'], { data: folder })
      expect(code).toBe(1)
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: expect.stringMatching(/^[A-Z_]+$/) as string } })
      expect(await readFile(join(folder, 'events.db'), 'utf8')).toMatch(/^x+$/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('act', () => {
  const department = { department: { id: 'housing', name: '住建局', active: true }, reason: null }

  test('takes its request from a file or from standard input, and answers the same to the same key', async () => {
    const request = { payload: department, actor: staff.administrator, idempotencyKey: 'define-1' }
    const file = await fileIn(data, 'act.json', JSON.stringify(request))
    const first = await run('act', 'DefineDepartment', '--json', file)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(Object.keys(JSON.parse(first.stdout) as object)).toEqual(['outcome', 'id', 'revision', 'token', 'events'])
    expect(JSON.parse(first.stdout)).toMatchObject({ outcome: 'accepted', events: [{ type: 'DepartmentDefined' }] })
    const again = await huiying(['act', 'DefineDepartment', '--json', '-'], { data, input: JSON.stringify(request) })
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout))
  })

  test('a refusal says its code: exit code 3', async () => {
    const refusals: [code: string, command: string, input: string][] = [
      ['UNKNOWN_COMMAND', 'Nothing', JSON.stringify({ payload: {}, actor: staff.monitor })],
      ['INVALID_COMMAND', 'DefineDepartment', '{"payload":'],
      ['INVALID_COMMAND', 'DefineDepartment', JSON.stringify({ payload: department })],
      ['ROLE_NOT_ALLOWED', 'DefineDepartment', JSON.stringify({ payload: department, actor: staff.monitor })],
      ['NOT_FOUND', 'SignForCase', JSON.stringify({ target: noCase, payload: {}, actor: staff.housingOfficer })],
    ]
    for (const [code, command, input] of refusals) {
      const ran = await huiying(['act', command, '--json', '-'], { data, input })
      expect(ran).toMatchObject({ code: 3, stdout: '' })
      expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code } })
    }
  })
})
