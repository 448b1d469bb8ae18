import * as promises from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BlobStoreError, FileShelf, openBlobStore, openShelf } from '#blob-store'
import type { BlobStore } from '#blob-store'
import { codeOf, inPieces, MemoryKeys, OWNER, pdf } from '../../../test/contracts/blob-store.bench.ts'
import { shelfInFolder, watchedFiles } from './folder.ts'

const KIB = 1024
const LIMITS = { sizeBytesMax: 100 * 1024 * KIB }

let ground: Awaited<ReturnType<typeof shelfInFolder>>
beforeEach(async () => {
  ground = await shelfInFolder()
})
afterEach(() => ground.close())

/** A store whose file system does something before each step; `done` lists the steps. */
async function watched(
  before: (what: string) => void | Promise<void> = () => {},
): Promise<{ store: BlobStore; done: string[] }> {
  const done: string[] = []
  const files = watchedFiles(async (what) => {
    await before(what)
    done.push(what)
  })
  const store = await openBlobStore({
    shelf: new FileShelf(ground.folder, files),
    keys: new MemoryKeys(),
    now: () => 1,
  })
  return { store, done }
}

test('the bytes are on the disk before the file is in its place, and its place before anybody is told', async () => {
  const { store, done } = await watched()
  await store.put(OWNER, inPieces(pdf(100 * KIB)), LIMITS)
  const steps = done.filter((what) => ['write', 'sync', 'rename', 'mkdir'].includes(what))
  // Header, two chunks, footer; then the file; then each folder that may be new, from the file upwards.
  expect(steps).toEqual([
    'mkdir',
    'write',
    'write',
    'write',
    'write',
    'sync',
    'mkdir',
    'rename',
    'sync',
    'sync',
    'sync',
  ])
})

test('whatever is opened is closed', async () => {
  const { store, done } = await watched()
  const { blobId } = await store.put(OWNER, inPieces(pdf(192 * KIB)), LIMITS)
  await store.put(OWNER, inPieces(pdf(192 * KIB)), LIMITS)
  await store.put(OWNER, inPieces(Buffer.from('<html>')), LIMITS).catch(() => {})
  await store.find(OWNER, blobId)
  await store.open(OWNER, blobId)
  for await (const part of (await store.open(OWNER, blobId))!.content) expect(part).toHaveLength(64 * KIB)
  for await (const part of (await store.open(OWNER, blobId, { start: 5 }))!.content) if (part) break
  await store.sweep({ storedBefore: 2, named: () => Promise.resolve(new Set()) })
  await store.removeAll(OWNER)
  const count = (what: string) => done.filter((each) => each === what).length
  expect(count('open')).toBeGreaterThan(10)
  // The first file found none in its place: that was asked for, and not opened.
  expect(count('close')).toBe(count('open') - 1)
})

test('a source is read no faster than the disk takes it', async () => {
  const isWaiting = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  let writes = 0
  const { store } = await watched(async (what) => {
    if (what !== 'write' || ++writes < 3) return
    isWaiting.resolve()
    await gate.promise
  })
  let pulled = 0
  const source = async function* () {
    for await (const piece of inPieces(pdf(640 * KIB), 16 * KIB)) {
      pulled += 1
      yield piece
    }
  }
  const putting = store.put(OWNER, source(), LIMITS)
  await isWaiting.promise
  for (let turns = 0; turns < 100; turns += 1) await turn()
  // The header and one chunk are written, the second waits; the piece behind it told that it is not the last.
  expect(pulled).toBe(9)
  gate.resolve()
  expect((await putting).sizeBytes).toBe(640 * KIB)
})

test.each([
  ['ENOSPC', 'BLOB_STORE_DISK_FULL', /make room/],
  ['EROFS', 'BLOB_STORE_READ_ONLY', /permissions/],
  ['EIO', 'BLOB_STORE_FAILED', /EIO/],
])('%s from the disk is %s, and says what to do', async (errno, code, message) => {
  const fails = (what: string) => {
    if (what === 'write') throw Object.assign(new Error(errno), { code: errno })
  }
  const { store } = await watched(fails)
  const failure: unknown = await store.put(OWNER, inPieces(pdf(100)), LIMITS).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(BlobStoreError)
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(await ground.unfinished()).toBe(0)
})

test('files leave room for the events', async () => {
  const files = watchedFiles(() => {})
  const statfs = async () => ({ bsize: 4096, bavail: (1024 * 1024 * 1024) / 4096 - 1 })
  const nearlyFull = new Proxy(files, {
    get: (target, name) => (name === 'statfs' ? statfs : Reflect.get(target, name)),
  })
  const shelf = new FileShelf(ground.folder, nearlyFull)
  const store = await openBlobStore({ shelf, keys: new MemoryKeys(), now: () => 1 })
  expect(await codeOf(store.put(OWNER, inPieces(pdf(100)), LIMITS))).toBe('BLOB_STORE_DISK_FULL')
})

test('files are for their owner alone', async () => {
  const { store } = await watched()
  const { blobId } = await store.put(OWNER, inPieces(pdf(100)), LIMITS)
  const modes: number[] = []
  const path = (await ground.paths()).find((each) => each.endsWith(blobId))!
  for (const part of [path, join(path, '..'), join(path, '..', '..')])
    modes.push((await promises.stat(part)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o700, 0o700])
})

test('what others left in the folder is neither given nor swept', async () => {
  const { store } = await watched()
  const { blobId } = await store.put(OWNER, inPieces(pdf(100)), LIMITS)
  await ground.overwrite(OWNER, '.DS_Store', Buffer.from('x'))
  expect(await store.sweep({ storedBefore: 2, named: () => Promise.resolve(new Set([blobId])) })).toEqual({
    removed: 0,
    next: null,
  })
  await store.removeAll(OWNER)
  expect((await ground.paths()).map((path) => path.split('/').at(-1))).toEqual(['.DS_Store'])
})

test('an address chooses the engine', async () => {
  const store = await openBlobStore({ shelf: openShelf(`file:${ground.folder}`), keys: new MemoryKeys(), now: () => 1 })
  expect((await store.put(OWNER, inPieces(pdf(100)), LIMITS)).sizeBytes).toBe(100)
  expect(() => openShelf('ftp://elsewhere')).toThrow(expect.objectContaining({ code: 'BLOB_STORE_ADDRESS_UNKNOWN' }))
})
