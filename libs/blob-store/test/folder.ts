import * as promises from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FileShelf } from '#blob-store'
import type { FileSystem } from '#blob-store'
import type { ShelfUnderTest } from '../../../test/contracts/blob-store.bench.ts'

const { mkdir, mkdtemp, readdir, readFile, rm, writeFile } = promises

/** The engine under test in a folder of its own. */
export async function shelfInFolder(): Promise<ShelfUnderTest & { folder: string; paths(): Promise<string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'huiying-blobs-'))
  const paths = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
  const pathOf = async (owner: string, blobId: string) => {
    const known = (await paths()).find((path) => dirname(path).endsWith(owner))
    if (known === undefined) throw new Error(`${owner} has no files`)
    return join(dirname(known), blobId)
  }
  return {
    folder,
    paths,
    open: (step) => new FileShelf(folder, step && watchedFiles(step)),
    bytesOf: async (owner, blobId) => await readFile(await pathOf(owner, blobId)),
    overwrite: async (owner, blobId, bytes) => {
      const path = await pathOf(owner, blobId)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
    },
    storedBytes: async () =>
      Buffer.concat(
        await Promise.all(
          (await paths()).map(async (path) => Buffer.concat([Buffer.from(path), await readFile(path)])),
        ),
      ),
    unfinished: async () => (await paths()).filter((path) => path.includes('/unfinished/')).length,
    close: () => rm(folder, { recursive: true }),
  }
}

/** The file system, with something done before everything that it is asked for; of a write that this stops, half is done. */
export function watchedFiles(step: (what: string) => void | Promise<void>): FileSystem {
  const handles = (file: promises.FileHandle): promises.FileHandle =>
    new Proxy(file, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return async (...given: unknown[]): Promise<unknown> => {
          try {
            await step(String(name))
          } catch (error) {
            if (name === 'close') await target.close()
            if (name === 'write')
              await target.write(given[0] as Uint8Array, 0, (given[2] as number) >> 1, given[3] as number)
            throw error
          }
          return await (value.apply(target, given) as Promise<unknown>)
        }
      },
    })
  return new Proxy(promises, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      return async (...given: unknown[]): Promise<unknown> => {
        await step(String(name))
        const done: unknown = await (value as (...given: unknown[]) => Promise<unknown>)(...given)
        return name === 'open' ? handles(done as promises.FileHandle) : done
      }
    },
  })
}
