import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ERASED, openSqliteLog } from '#event-store'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { migrateFolder } from '../../apps/standalone/src/migrate.ts'
import { huiying } from '../support/cli.ts'
import { staff } from '../support/county.ts'
import { countyToMove } from './county-to-move.ts'
import type { CountyToMove } from './county-to-move.ts'

// Every append of a migration is on the disk before the next, and disks have bad days.
vi.setConfig({ testTimeout: 60_000 })

/** Closed. It is copied, never changed. */
let moved: CountyToMove

beforeAll(async () => {
  moved = await countyToMove()
}, 120_000)
afterAll(() => rm(moved.folder, { recursive: true, force: true }))

let parent: string
let folder: string
let target: string
const toEvents = () => `sqlite:${join(target, 'events.db')}`
const toBlobs = () => `file:${join(target, 'blobs')}`
const addresses = () => ['--to-events', toEvents(), '--to-blobs', toBlobs()]

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'huiying-migrate-'))
  folder = join(parent, 'data')
  target = join(parent, 'target')
  await cp(moved.folder, folder, { recursive: true })
  await mkdir(target)
})
afterEach(() => rm(parent, { recursive: true, force: true }))

/** Opens what was migrated as an embedded store again, with the keys that go along. */
async function onTarget<Result>(work: (system: Embedded) => Promise<Result>): Promise<Result> {
  for (const name of ['keys.db', 'master.key']) await cp(join(folder, name), join(target, name))
  const system = await openEmbedded({ folder: target, clock: moved.clock })
  try {
    await system.settled()
    return await work(system)
  } finally {
    await system.close()
  }
}

async function eventsIn(path: string): Promise<number> {
  const log = openSqliteLog(path, { readOnly: true })
  try {
    let events = 0
    for (let place = 'start'; ;) {
      const page = await log.readAll(place, { rows: 1_000, sizeBytes: 1024 ** 3 })
      if (page.length === 0) return events
      events += page.length
      place = page.at(-1)!.position
    }
  } finally {
    await log.close()
  }
}

test('a whole life is moved, and answers the same from there; the folder it came from takes nothing more', async () => {
  const events = await eventsIn(join(folder, 'events.db'))
  const ran = await huiying(['migrate', ...addresses(), '--json'], { data: folder })
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const report = JSON.parse(ran.stdout) as Record<string, unknown>
  expect(report).toMatchObject({
    events,
    copied: events,
    files: { files: 1, copied: 1, missing: 0 },
    target: { events: toEvents(), blobs: toBlobs() },
  })

  await onTarget(async (system) => {
    expect(await moved.answersOf(system)).toEqual(moved.answered)
    const owner = `case-${moved.caseWithPromise}`
    const { content } = await system.application.files.openFile(staff.transportOfficer, owner, moved.file.blobId)
    expect(Buffer.concat(await Array.fromAsync(content))).toHaveLength(100_009)
    const page = (await system.application.ports.store.readStream(`item-${moved.erasedItem}`)).events[0]
    expect(page).toMatchObject({ type: 'ItemReceived', data: { title: ERASED, content: ERASED } })
    for await (const message of system.verify()) expect(message.kind).not.toBe('finding')
  })

  const mark = JSON.parse(await readFile(join(folder, 'migrated.json'), 'utf8')) as Record<string, unknown>
  expect(mark).toMatchObject({ events: toEvents(), blobs: toBlobs(), count: events, digest: report['digest'] })
  const refused = await huiying(['cases'], { data: folder })
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('STORE_MIGRATED') as string })
  await expect(openEmbedded({ folder })).rejects.toMatchObject({
    code: 'STORE_MIGRATED',
    message: expect.stringContaining('migrated.json') as string,
  })
  await rm(join(folder, 'migrated.json'))
  await (await openEmbedded({ folder, clock: moved.clock })).close()
})

test('a second time changes nothing, and --verify-only writes nothing', async () => {
  const before = await huiying(['migrate', ...addresses(), '--verify-only'], { data: folder })
  expect(before).toMatchObject({ code: 5, stderr: expect.stringContaining('TARGET_INCOMPLETE') as string })
  expect((await readdir(folder)).includes('migrated.json')).toBe(false)
  const first = await huiying(['migrate', ...addresses()], { data: folder })
  expect(first.code).toBe(0)
  expect(first.stdout).toContain('HUIYING_EVENTS=')
  const mark = await readFile(join(folder, 'migrated.json'), 'utf8')
  for (const more of [[], ['--verify-only']]) {
    const again = await huiying(['migrate', ...addresses(), '--json', ...more], { data: folder })
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ copied: 0, files: { copied: 0, files: 1, missing: 0 } })
  }
  expect(await readFile(join(folder, 'migrated.json'), 'utf8')).toBe(mark)
})

test('killed in the middle, the same command goes on', async () => {
  const events = await eventsIn(join(folder, 'events.db'))
  let kills = 0
  for (const atLeast of [1, events / 2]) {
    const child = spawn('node_modules/.bin/node', ['dist/apps/cli/src/main.js', 'migrate', ...addresses()], {
      env: { ...process.env, HUIYING_DATA: folder, NODE_OPTIONS: '' },
      stdio: 'ignore',
    })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    while (child.exitCode === null) {
      const copied = await eventsIn(join(target, 'events.db')).catch(() => 0)
      if (copied >= atLeast) break
      await pause(10)
    }
    if (child.kill('SIGKILL')) kills += 1
    await ended
  }
  expect(kills).toBeGreaterThan(0)
  const last = await huiying(['migrate', ...addresses(), '--json'], { data: folder })
  expect(last.code).toBe(0)
  expect(JSON.parse(last.stdout)).toMatchObject({ events, files: { files: 1 } })
  expect(await onTarget((system) => moved.answersOf(system))).toEqual(moved.answered)
})

test('a folder that a process holds is refused, by name', async () => {
  const holder = await openEmbedded({ folder, clock: moved.clock })
  try {
    const ran = await huiying(['migrate', ...addresses()], { data: folder })
    expect(ran).toMatchObject({ code: 4, stderr: expect.stringContaining(`process ${process.pid} `) as string })
    expect(await readdir(target)).toEqual([])
  } finally {
    await holder.close()
  }
})

test('a folder without a store is refused, and none is made', async () => {
  const empty = join(parent, 'empty')
  await mkdir(empty)
  await expect(migrateFolder({ folder: empty, toEvents: toEvents(), toBlobs: null })).rejects.toMatchObject({
    code: 'STORE_MISSING',
  })
  expect(await readdir(empty)).toEqual([])
})

test('a store that was tampered with is not copied', async () => {
  const database = new DatabaseSync(join(folder, 'events.db'))
  database.exec(`UPDATE events SET data = replace(data, '"', ' "') WHERE position = 20`)
  database.close()
  const ran = await huiying(['migrate', ...addresses(), '--json'], { data: folder })
  expect(ran.code).toBe(5)
  const { error } = JSON.parse(ran.stderr) as { error: { code: string; message: string } }
  expect(error).toMatchObject({ code: 'SOURCE_DAMAGED', message: expect.stringContaining('Event ') as string })
  expect(await eventsIn(join(target, 'events.db'))).toBe(0)
  expect((await readdir(folder)).includes('migrated.json')).toBe(false)
})

test('a target that was used since is refused', async () => {
  await migrateFolder({ folder, toEvents: toEvents(), toBlobs: toBlobs() })
  await onTarget(async (system) => {
    const department = { id: 'parks', name: '园林局', active: true }
    await system.command({
      command: 'DefineDepartment',
      target: null,
      payload: { department, reason: null },
      actor: staff.administrator,
    })
  })
  await expect(migrateFolder({ folder, toEvents: toEvents(), toBlobs: toBlobs() })).rejects.toMatchObject({
    code: 'TARGET_DIFFERS',
  })
})

test('another file in the place of one is refused, and never overwritten', async () => {
  await migrateFolder({ folder, toEvents: toEvents(), toBlobs: toBlobs() })
  const path = (await readdir(join(target, 'blobs'), { recursive: true })).find((name) =>
    name.endsWith(moved.file.blobId),
  )!
  await writeFile(join(target, 'blobs', path), 'another')
  await expect(migrateFolder({ folder, toEvents: toEvents(), toBlobs: toBlobs() })).rejects.toMatchObject({
    code: 'TARGET_DIFFERS',
    message: expect.stringContaining(moved.file.blobId) as string,
  })
  expect(await readFile(join(target, 'blobs', path), 'utf8')).toBe('another')
})
