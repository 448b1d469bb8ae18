import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEventLog, openSqliteLog } from '../src/index.ts'
import type { EventLog, LogRow, NewLogEvent } from '../src/index.ts'
import { SqliteLog } from '../src/sqlite/log.ts'
import { openDatabase } from '../src/sqlite/open.ts'

const LIMIT = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }

let folder: string
let path: string
let logs: EventLog[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huiying-faults-'))
  path = join(folder, 'events.db')
  logs = []
})

afterEach(async () => {
  for (const log of logs) await log.close()
  rmSync(folder, { recursive: true })
})

function open(...parameters: Parameters<typeof openSqliteLog>): EventLog {
  const log = openSqliteLog(...parameters)
  logs.push(log)
  return log
}

/** As `open`, with a pragma that only holds for the connection that it is told. */
function openTuned(pragma: string): EventLog {
  const database = openDatabase(path, false)
  database.exec(`PRAGMA ${pragma}`)
  const log = new SqliteLog(path, database, { release: () => undefined })
  logs.push(log)
  return log
}

let made = 0
/** A row as an engine gets it; the engine asks no more of it than this. */
function event(stream: string, revision: number, data = '{}'): NewLogEvent {
  made += 1
  const digest = `${stream}/${revision}`
  const metadata = `{"integrity":{"digest":"${digest}"}}`
  return { stream, revision, id: `id-${made}`, type: 'Any', version: 1, data, metadata, digest }
}

const append = (log: EventLog, stream: string, data?: string) => log.append(stream, null, [event(stream, 0, data)])

/** More than a few pages. */
async function fill(log: EventLog): Promise<void> {
  const data = `{"text":"${'x'.repeat(500)}"}`
  await Promise.all(Array.from({ length: 200 }, (_, index) => append(log, `case-${index}`, data)))
}

async function all(log: EventLog): Promise<LogRow[]> {
  const rows: LogRow[] = []
  for (let from = 'start'; ; from = rows.at(-1)!.position) {
    const page = await log.readAll(from, LIMIT)
    if (page.length === 0) return rows
    rows.push(...page)
  }
}

const throwing = (code: string) => expect.objectContaining({ code })

describe('opening', () => {
  test('makes the folder and the store, chosen by its address', async () => {
    const log = await openEventLog(`sqlite:${join(folder, 'new', 'data', 'events.db')}`)
    logs.push(log)
    expect(await log.head()).toBe('start')
    await expect(openEventLog('postgres://x')).rejects.toMatchObject({ code: 'STORE_ADDRESS_UNKNOWN' })
  })

  test('a file that is no database is refused, and left as it is', () => {
    writeFileSync(path, 'a letter, and no database at all '.repeat(100))
    expect(() => open(path)).toThrow(throwing('STORE_CORRUPT'))
    expect(readFileSync(path, 'utf8')).toMatch(/^a letter/)
  })

  test('a database of something else is refused', () => {
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE accounts (id INTEGER)')
    other.close()
    expect(() => open(path)).toThrow(throwing('STORE_FOREIGN'))
  })

  test('a store of a newer layout is refused', async () => {
    await open(path).close()
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => open(path)).toThrow(throwing('STORE_TOO_NEW'))
  })

  test('a reader refuses a store that is not there', () => {
    expect(() => open(path, { readOnly: true })).toThrow(throwing('STORE_MISSING'))
  })

  test('a failed opening leaves no lock behind', () => {
    writeFileSync(path, 'x'.repeat(10_000))
    expect(() => open(path)).toThrow(throwing('STORE_CORRUPT'))
    rmSync(path)
    expect(() => open(path)).not.toThrow()
  })

  test('a folder that may not be written is named', () => {
    asSomebodyElse(() => {
      expect(() => open(path)).toThrow(throwing('STORE_READ_ONLY'))
      expect(() => open(join(folder, 'deeper', 'events.db'))).toThrow(throwing('STORE_READ_ONLY'))
    })
  })

  test('a file that may not be written is named', async () => {
    await open(path).close()
    chmodSync(folder, 0o777)
    chmodSync(path, 0o444)
    asSomebodyElse(() => expect(() => open(path)).toThrow(throwing('STORE_READ_ONLY')))
  })
})

describe('holding the store', () => {
  const children: ChildProcess[] = []

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  /** Another process that opens the store and keeps it. */
  async function holder(): Promise<ChildProcess> {
    const source = `
      const { openSqliteLog } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)})
      const log = openSqliteLog(${JSON.stringify(path)})
      await log.append('case-1', null, [${JSON.stringify(event('case-1', 0))}])
      process.stdout.write('held')
      setInterval(() => log, 1000)`
    const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    await once(child.stdout, 'data')
    return child
  }

  test('a second writer in this process is refused until the first closes', async () => {
    const first = open(path)
    expect(() => open(path)).toThrow(throwing('STORE_IN_USE'))
    await first.close()
    expect(existsSync(`${path}.owner.json`)).toBe(false)
    expect(() => open(path)).not.toThrow()
  })

  test('a writer in another process is named, and readers are let in', async () => {
    const child = await holder()
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }))
    expect(() => open(path)).toThrow(new RegExp(`process ${child.pid} on `))
    expect(await all(open(path, { readOnly: true }))).toHaveLength(1)
  })

  test('a process killed outright leaves no lock, and all that it acknowledged', async () => {
    const child = await holder()
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await all(open(path))).toHaveLength(1)
  })
})

describe('a damaged file', () => {
  test('whose pages are overwritten says so when they are read', async () => {
    const log = open(path)
    await fill(log)
    await log.close()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 4096)
    writeFileSync(path, bytes)
    const damaged = open(path)
    await expect(all(damaged)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(append(damaged, 'case-new')).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  test('whose end is missing says so', async () => {
    const log = open(path)
    await fill(log)
    await log.close()
    truncateSync(path, 16 * 1024)
    await expect((async () => all(open(path)))()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
})

describe('a full disk', () => {
  test('fails the append and half-writes nothing; with room again the store goes on', async () => {
    const log = open(path)
    await append(log, 'case-1')
    await log.close()
    const small = openTuned('max_page_count = 30')
    const large = `{"text":"${'x'.repeat(20_000)}"}`
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => append(small, `large-${index}`, large)),
    )
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'STORE_DISK_FULL' } })
    expect(await all(small)).toHaveLength(1)
    expect(await append(small, 'case-2')).toMatchObject({ status: 'appended' })
    await small.close()
    const roomy = open(path)
    expect(await append(roomy, 'large-0', large)).toMatchObject({ status: 'appended' })
    expect((await all(roomy)).map(({ stream }) => stream)).toEqual(['case-1', 'case-2', 'large-0'])
  })
})

describe('a database locked by another program', () => {
  test('says so', async () => {
    const log = openTuned('busy_timeout = 20')
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(append(log, 'case-1')).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    other.exec('ROLLBACK')
    expect(await append(log, 'case-1')).toMatchObject({ status: 'appended' })
    other.close()
  })
})

describe('the queue of appends', () => {
  test('holds back whoever comes when it is full, and loses nobody', async () => {
    const log = open(path, { limits: { queueItemsMax: 4, groupItemsMax: 3 } })
    const results = await Promise.all(Array.from({ length: 100 }, (_, index) => append(log, `case-${index}`)))
    expect(results.every(({ status }) => status === 'appended')).toBe(true)
    expect((await all(log)).map(({ stream }) => stream)).toEqual(
      Array.from({ length: 100 }, (_, index) => `case-${index}`),
    )
  })

  test('is written before the store closes; later appends are refused', async () => {
    const log = open(path)
    const waiting = append(log, 'case-1')
    await log.close()
    expect(await waiting).toMatchObject({ status: 'appended' })
    await expect(append(log, 'case-2')).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    await expect(log.head()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  })
})

describe('reading beside the writer', () => {
  test('sees what was committed when it is woken, and writes nothing', async () => {
    const log = open(path)
    const reader = open(path, { readOnly: true })
    let woken = 0
    reader.onAppended(() => (woken += 1))
    log.onAppended(() => reader.wake())
    await append(log, 'case-1')
    expect(woken).toBe(1)
    expect(await all(reader)).toEqual(await all(log))
    await expect(append(reader, 'case-2')).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
  })

  test('pages end at their bytes, and a large event still comes', async () => {
    const log = open(path)
    const large = `{"text":"${'x'.repeat(1_000)}"}`
    for (let index = 0; index < 5; index += 1) await append(log, `case-${index}`, large)
    expect(await log.readAll('start', { rows: 100, sizeBytes: 2_500 })).toHaveLength(3)
    expect(await log.readAll('start', { rows: 100, sizeBytes: 1 })).toHaveLength(1)
  })

  test('refuses a position that is none', async () => {
    await expect(open(path).readAll('12', LIMIT)).rejects.toMatchObject({ code: 'POSITION_INVALID' })
  })

  test('a copied store is the same store', async () => {
    const log = open(path)
    await append(log, 'case-1')
    const rows = await all(log)
    await log.close()
    copyFileSync(path, join(folder, 'copy.db'))
    expect(await all(open(join(folder, 'copy.db')))).toEqual(rows)
  })
})

/** Permissions bind nobody less than root; where the tests run as root they step down for a moment. */
function asSomebodyElse(work: () => void): void {
  chmodSync(folder, 0o555)
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid!(65_534)
  try {
    work()
  } finally {
    if (isRoot) process.seteuid!(0)
    chmodSync(folder, 0o755)
  }
}
