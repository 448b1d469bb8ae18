import { existsSync } from 'node:fs'
import { open, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { verifyFolder } from '../../apps/standalone/src/verify.ts'
import { faultsWhenSettled } from './folder.ts'
import { copyOf, leaveBehind } from './left-behind.ts'
import type { LeftBehind } from './left-behind.ts'

/** What made from the events can be made again; keys and events can't, and nothing may pretend that they can. */
const derived = ['views.db', 'search.db', 'policies.db'] as const

let left: LeftBehind

beforeAll(async () => {
  left = await leaveBehind(500)
  // Nothing pending and nothing in a log beside its file: what is damaged below is all there is of it.
  expect((await settle(left.folder)).faults).toEqual([])
}, 60_000)

afterAll(() => rm(left.parent, { recursive: true }))

const settle = (folder: string) => faultsWhenSettled(folder, left.told, () => 0)
const remove = (folder: string, name: string) =>
  Promise.all(['', '-wal', '-shm'].map((suffix) => rm(join(folder, name + suffix), { force: true })))
const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string })

describe('what is made from the events', () => {
  test.each([['views.db'], ['search.db'], ['policies.db'], derived].map((names) => ({ names })))(
    'is made again without $names, and is equal',
    async ({ names }) => {
      const folder = await copyOf(left, `without-${names.join('-')}`)
      for (const name of names) await remove(folder, name)
      expect((await settle(folder)).faults).toEqual([])
    },
  )

  const damages = {
    'is no database': (path: string) =>
      writeFile(path, 'not a database, but long enough to have had a header\n'.repeat(90)),
    'ends in the middle': async (path: string) => truncate(path, Math.floor((await stat(path)).size / 8_192) * 4_096),
    'holds garbage behind its first page': async (path: string) => {
      const { size } = await stat(path)
      const file = await open(path, 'r+')
      await file.write(Buffer.alloc(size - 4_096, 0x5a), 0, size - 4_096, 4_096)
      await file.close()
    },
  }
  for (const name of derived) {
    test.each(Object.entries(damages))(
      `of ${name}, where it %s, it is said which file to delete`,
      async (what, damage) => {
        const folder = await copyOf(left, `damaged-${name}-${what.replaceAll(' ', '-')}`)
        await damage(join(folder, name))
        await expect(settle(folder)).rejects.toEqual(refused('CORRUPT', new RegExp(`${name}.*delete`)))
      },
    )
  }
})

describe('what cannot be made again', () => {
  const opening = async (folder: string) => {
    const files = await readdir(folder)
    const error: unknown = await openEmbedded({ folder }).then(
      async (huiying) => await huiying.close(),
      (error: unknown) => error,
    )
    // Nothing was put where the missing file belongs, so that restoring it is still all there is to do.
    expect((await readdir(folder)).filter((file) => !/-(wal|shm)$|\.lock$/.test(file)).toSorted()).toEqual(
      files.filter((file) => !/-(wal|shm)$|\.lock$/.test(file)).toSorted(),
    )
    return error
  }

  test('keys.db is not made anew where there are events, and nothing else is changed', async () => {
    const folder = await copyOf(left, 'without-keys')
    await rename(join(folder, 'keys.db'), join(folder, 'elsewhere'))
    await remove(folder, 'keys.db')
    expect(await opening(folder)).toEqual(refused('KEY_STORE_MISSING', /keys\.db.*restore/i))
    expect(existsSync(join(folder, 'keys.db'))).toBe(false)
    await rename(join(folder, 'elsewhere'), join(folder, 'keys.db'))
    expect((await settle(folder)).faults).toEqual([])
  })

  test('nor where the file is there and empty', async () => {
    const folder = await copyOf(left, 'empty-keys')
    await remove(folder, 'keys.db')
    await writeFile(join(folder, 'keys.db'), '')
    expect(await opening(folder)).toEqual(refused('KEY_STORE_MISSING', /keys\.db.*restore/i))
    expect((await stat(join(folder, 'keys.db'))).size).toBe(0)
  })

  test('verify refuses, too, and makes none', async () => {
    const folder = await copyOf(left, 'verify-without-keys')
    await remove(folder, 'keys.db')
    await expect(verifyFolder(folder).next()).rejects.toEqual(refused('KEY_STORE_MISSING', /keys\.db.*restore/i))
    expect(existsSync(join(folder, 'keys.db'))).toBe(false)
  })

  test('the master key is not made anew where there are keys', async () => {
    const folder = await copyOf(left, 'without-master-key')
    await rm(join(folder, 'master.key'))
    expect(await opening(folder)).toEqual(refused('MASTER_KEY_MISSING', /master\.key.*restore/i))
    expect(existsSync(join(folder, 'master.key'))).toBe(false)
  })

  test('another master key opens nothing', async () => {
    const folder = await copyOf(left, 'wrong-master-key')
    await writeFile(join(folder, 'master.key'), `${'ab'.repeat(32)}\n`)
    expect(await opening(folder)).toEqual(refused('KEY_STORE_WRONG_MASTER_KEY', /master key/))
  })

  test('keys.db of an earlier day lacks the keys of later events, which is said', async () => {
    const folder = await copyOf(left, 'older-keys')
    await Promise.all(derived.map((name) => remove(folder, name)))
    const database = new DatabaseSync(join(folder, 'keys.db'))
    database.exec('DELETE FROM keys WHERE number > 8')
    database.close()
    await expect(settle(folder)).rejects.toEqual(refused('KEY_UNKNOWN', /older/))
  })

  test('events.db is not made anew where its events were seen', async () => {
    const folder = await copyOf(left, 'without-events')
    await remove(folder, 'events.db')
    await expect(openEmbedded({ folder })).rejects.toEqual(refused('STORE_SET_BACK', /events\.db.*restore/i))
  })
})
