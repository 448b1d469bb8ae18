import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KEY_BATCH_MAX, KEY_CACHE_AGE_MS_MAX, loadMasterKey, openSqliteKeyStore } from '../src/index.ts'
import type { KeyStore } from '../src/index.ts'

const masterKey = Buffer.alloc(32, 7)

let folder: string
let path: string
let stores: KeyStore[]
let nowMs: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huiying-keys-'))
  path = join(folder, 'keys.db')
  stores = []
  nowMs = 0
})

afterEach(async () => {
  for (const store of stores) await store.close()
  rmSync(folder, { recursive: true })
})

function open(options: { readOnly?: boolean; masterKey?: Uint8Array } = {}): KeyStore {
  const store = openSqliteKeyStore({ path, masterKey, nowMs: () => nowMs, ...options })
  stores.push(store)
  return store
}

const bytesOf = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value).toString('hex'))
const filesHold = (bytes: Uint8Array) =>
  readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(bytes))
const throwing = (code: string) => expect.objectContaining({ code })

/** A key as the file holds it. */
function wrapped(keyId: string): Uint8Array {
  const aside = new DatabaseSync(path, { readOnly: true })
  const row = aside.prepare('SELECT wrapped FROM keys WHERE id = ?').get(keyId)
  aside.close()
  return row!.wrapped as Uint8Array
}

describe('keys', () => {
  test('are given out once each, durable and wrapped', async () => {
    const store = open()
    const keys = []
    for (let count = 0; count < 3 * KEY_BATCH_MAX; count += 1) keys.push(await store.allot())
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(keys.length)
    expect(new Set(keys.map(({ key }) => bytesOf(key))).size).toBe(keys.length)
    await store.close()
    const reopened = open()
    for (const { keyId, key } of keys) {
      expect(bytesOf(await reopened.find(keyId))).toBe(bytesOf(key))
      expect(filesHold(key)).toBe(false)
    }
  })

  test('that one process left of its batch are never given out by the next', async () => {
    const first = open()
    const one = await first.allot()
    await first.close()
    const known = new Set([one.keyId])
    const aside = new DatabaseSync(path, { readOnly: true })
    for (const { id } of aside.prepare('SELECT id FROM keys').all()) known.add(String(id))
    aside.close()
    expect(known.size).toBeGreaterThan(1)
    const second = open()
    for (let count = 0; count < 600; count += 1) expect(known.has((await second.allot()).keyId)).toBe(false)
  })

  test('that the store never held are an error, not a destroyed key', async () => {
    await expect(open().find('no-such-key')).rejects.toMatchObject({ code: 'KEY_UNKNOWN' })
    await expect(open().destroy('no-such-key')).rejects.toMatchObject({ code: 'KEY_UNKNOWN' })
  })

  test('that were changed in the file are an error', async () => {
    const store = open()
    const { keyId } = await store.allot()
    await store.close()
    const aside = new DatabaseSync(path)
    aside.prepare('UPDATE keys SET wrapped = randomblob(60) WHERE id = ?').run(keyId)
    aside.close()
    await expect(open().find(keyId)).rejects.toMatchObject({ code: 'KEY_STORE_CORRUPT' })
  })

  test('that changed places are an error', async () => {
    const store = open()
    const [one, two] = [await store.allot(), await store.allot()]
    await store.close()
    const aside = new DatabaseSync(path)
    const theirs = aside.prepare('SELECT wrapped FROM keys WHERE id = ?').get(two.keyId)!
    aside.prepare('UPDATE keys SET wrapped = ? WHERE id = ?').run(theirs.wrapped!, one.keyId)
    aside.close()
    await expect(open().find(one.keyId)).rejects.toMatchObject({ code: 'KEY_STORE_CORRUPT' })
  })
})

describe('destroying a key', () => {
  test('leaves no byte of it in any file, and its neighbours whole', async () => {
    const store = open()
    const keys = []
    for (let count = 0; count < 2_000; count += 1) keys.push(await store.allot())
    const doomed = keys.filter((_, index) => index % 97 === 5)
    const before = doomed.map(({ keyId }) => wrapped(keyId))
    expect(before.every(filesHold)).toBe(true)
    for (const { keyId } of doomed) await store.destroy(keyId)
    expect(before.some(filesHold)).toBe(false)
    for (const { keyId } of doomed) expect(await store.find(keyId)).toBeNull()
    for (const { keyId, key } of keys) {
      if (!doomed.some((one) => one.keyId === keyId)) expect(bytesOf(await store.find(keyId))).toBe(bytesOf(key))
    }
  })

  test('twice changes nothing, and it stays destroyed after a restart', async () => {
    const store = open()
    const { keyId } = await store.allot()
    await store.destroy(keyId)
    await store.destroy(keyId)
    await store.close()
    expect(await open().find(keyId)).toBeNull()
  })

  test('is known to another process once its cache is a minute old', async () => {
    const store = open()
    const { keyId } = await store.allot()
    const reader = open({ readOnly: true })
    expect(await reader.find(keyId)).not.toBeNull()
    await store.destroy(keyId)
    nowMs += KEY_CACHE_AGE_MS_MAX - 1
    expect(await reader.find(keyId)).not.toBeNull()
    nowMs += 1
    expect(await reader.find(keyId)).toBeNull()
  })

  test('is known as soon where it was read because a neighbour was asked for', async () => {
    const store = open()
    const [asked, neighbour] = [await store.allot(), await store.allot()]
    const reader = open({ readOnly: true })
    expect(await reader.find(asked.keyId)).not.toBeNull()
    await store.destroy(neighbour.keyId)
    nowMs += KEY_CACHE_AGE_MS_MAX
    expect(await reader.find(neighbour.keyId)).toBeNull()
  })
})

describe('a key store', () => {
  test('keeps one secret for ever, and not in the clear', async () => {
    const store = open()
    const secret = bytesOf(store.storeSecret)
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(filesHold(store.storeSecret)).toBe(false)
    await store.close()
    expect(bytesOf(open().storeSecret)).toBe(secret)
  })

  test('says so when the master key is another', async () => {
    await open().close()
    expect(() => open({ masterKey: Buffer.alloc(32, 8) })).toThrow(throwing('KEY_STORE_WRONG_MASTER_KEY'))
    expect(() => open({ masterKey: Buffer.alloc(16) })).toThrow(throwing('MASTER_KEY_INVALID'))
    expect(() => open()).not.toThrow()
  })

  test('opened for reading finds keys and gives none out', async () => {
    const { keyId, key } = await open().allot()
    const reader = open({ readOnly: true })
    expect(bytesOf(await reader.find(keyId))).toBe(bytesOf(key))
    await expect(reader.allot()).rejects.toMatchObject({ code: 'KEY_STORE_READ_ONLY' })
    await expect(reader.destroy(keyId)).rejects.toMatchObject({ code: 'KEY_STORE_READ_ONLY' })
  })

  test('that is closed, missing, damaged, foreign or of a newer layout says so', async () => {
    expect(() => open({ readOnly: true })).toThrow(throwing('KEY_STORE_MISSING'))
    const store = open()
    await store.close()
    await expect(store.allot()).rejects.toMatchObject({ code: 'KEY_STORE_CLOSED' })
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(() => open()).toThrow(throwing('KEY_STORE_TOO_NEW'))
    writeFileSync(path, 'no database '.repeat(1_000))
    expect(() => open()).toThrow(throwing('KEY_STORE_CORRUPT'))
  })
})

describe('the master key', () => {
  test('is made once, for its owner alone, and read again', () => {
    const file = join(folder, 'secret', 'master.key')
    const made = loadMasterKey({ path: file })
    expect(made).toHaveLength(32)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'secret'))).toEqual(['master.key'])
    expect(bytesOf(loadMasterKey({ path: file }))).toBe(bytesOf(made))
  })

  test('comes from the environment where that has one, in hex or base64', () => {
    const file = join(folder, 'master.key')
    expect(bytesOf(loadMasterKey({ path: file, fromEnvironment: 'AB'.repeat(32) }))).toBe('ab'.repeat(32))
    const base64 = Buffer.alloc(32, 0xcd).toString('base64')
    expect(bytesOf(loadMasterKey({ path: file, fromEnvironment: base64 }))).toBe('cd'.repeat(32))
    expect(readdirSync(folder)).toEqual([])
  })

  test('that is no key, or may not be read or made, is an error that names it', () => {
    const file = join(folder, 'master.key')
    expect(() => loadMasterKey({ path: file, fromEnvironment: 'short' })).toThrow(/HUIYING_MASTER_KEY/)
    writeFileSync(file, 'not a key')
    expect(() => loadMasterKey({ path: file })).toThrow(throwing('MASTER_KEY_INVALID'))
    expect(() => loadMasterKey({ path: folder })).toThrow(throwing('MASTER_KEY_INVALID'))
    chmodSync(folder, 0o755)
    expect(() => loadMasterKey({ path: join(file, 'below') })).toThrow(throwing('MASTER_KEY_INVALID'))
  })
})
