import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeNewFile } from '../src/new-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-new-file-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const path = () => join(folder, '台账.csv')
const theirs = 'theirs'

/** Content that does something before its last piece. */
async function* pieces(between: () => Promise<void> = () => Promise.resolve()) {
  yield Buffer.from('first, ')
  await between()
  yield Buffer.from('last')
}
const content = (between?: () => Promise<void>) => Readable.from(pieces(between))

test('a new file is there whole, and nothing else', async () => {
  await writeNewFile(path(), content(), { replace: false })
  expect(await readFile(path(), 'utf8')).toBe('first, last')
  expect(await readdir(folder)).toEqual(['台账.csv'])
})

test('until it is whole, it is not there', async () => {
  let seen: string[] = []
  await writeNewFile(
    path(),
    content(async () => {
      seen = await readdir(folder)
    }),
    { replace: false },
  )
  expect(seen).toEqual([expect.stringMatching(/^\.huiying-.*\.partial$/) as string])
})

test('a file that is there stays as it is, unless it is to be replaced', async () => {
  await writeFile(path(), theirs)
  await expect(writeNewFile(path(), content(), { replace: false })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  expect(await readFile(path(), 'utf8')).toBe(theirs)
  await writeNewFile(path(), content(), { replace: true })
  expect(await readFile(path(), 'utf8')).toBe('first, last')
  expect(await readdir(folder)).toEqual(['台账.csv'])
})

test('a file that comes meanwhile stays, too', async () => {
  const writing = writeNewFile(
    path(),
    content(() => writeFile(path(), theirs)),
    { replace: false },
  )
  await expect(writing).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  expect(await readFile(path(), 'utf8')).toBe(theirs)
  expect(await readdir(folder)).toEqual(['台账.csv'])
})

test('content that fails on the way leaves nothing behind, and a file to be replaced as it was', async () => {
  const failing = () => content(() => Promise.reject(new Error('the store is gone')))
  await expect(writeNewFile(path(), failing(), { replace: false })).rejects.toThrow('the store is gone')
  expect(await readdir(folder)).toEqual([])
  await writeFile(path(), theirs)
  await expect(writeNewFile(path(), failing(), { replace: true })).rejects.toThrow('the store is gone')
  expect(await readFile(path(), 'utf8')).toBe(theirs)
  expect(await readdir(folder)).toEqual(['台账.csv'])
})

test('what is no file is never replaced: a folder, a link, a device', async () => {
  await mkdir(path())
  const link = join(folder, 'link')
  await symlink('/dev/null', link)
  for (const target of [path(), link, '/dev/null']) {
    await expect(writeNewFile(target, content(), { replace: true })).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
  }
})

test('a folder that is not there is named', async () => {
  const nowhere = join(folder, 'nowhere', 'report.csv')
  const source = content()
  await expect(writeNewFile(nowhere, source, { replace: false })).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE',
    message: expect.stringContaining(nowhere) as string,
  })
  expect(source.destroyed).toBe(true)
})
