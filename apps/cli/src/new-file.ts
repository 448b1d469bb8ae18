import { randomUUID } from 'node:crypto'
import { link, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from './session.ts'

export interface NewFileOptions {
  /** Whether it may take the place of a file that is there. */
  replace: boolean
}

/** Throws `FILE_EXISTS` or `FILE_UNWRITABLE` where `writeNewFile` would. */
export async function checkNewFile(path: string, { replace }: NewFileOptions): Promise<void> {
  const status = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw unwritable(path, error)
  })
  if (status === null) return
  if (!status.isFile()) throw new Refusal('FILE_UNWRITABLE', `${path} 不是普通文件；请用 --out 指定一个文件。`)
  if (!replace) throw exists(path)
}

/**
 * Writes a file that is there whole or not at all: beside its place first, flushed to the disk, then put there in one step.
 * What fails leaves nothing behind. Throws `FILE_EXISTS` where another file has that name, also where it came meanwhile.
 */
export async function writeNewFile(path: string, content: Readable, options: NewFileOptions): Promise<void> {
  await checkNewFile(path, options)
  const partial = join(dirname(path), `.huiying-${randomUUID()}.partial`)
  const file = await open(partial, 'wx').catch((error: NodeJS.ErrnoException) => {
    content.destroy()
    throw unwritable(path, error)
  })
  try {
    await pipeline(content, file.createWriteStream({ flush: true }))
    if (options.replace) await rename(partial, path)
    else await place(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}

/** Not every file system has links; there, a file that comes in between would be replaced. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

async function place(partial: string, path: string): Promise<void> {
  await link(partial, path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw exists(path)
    if (!NO_LINKS.has(error.code)) throw error
    await checkNewFile(path, { replace: false })
    await rename(partial, path)
  })
}

function exists(path: string): Refusal {
  return new Refusal('FILE_EXISTS', `${path} 已存在；请另取文件名，或加 --force 覆盖。`)
}

function unwritable(path: string, error: NodeJS.ErrnoException): Refusal {
  return new Refusal('FILE_UNWRITABLE', `无法写入 ${path}（${error.code ?? error.message}）；请检查目录和权限。`)
}
