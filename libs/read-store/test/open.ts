import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReadStore, openReadStoreWriter } from '#read-store'
import type { OpenedReadStore } from '../../../test/contracts/read-store.contract.ts'

/** A store in a folder of its own, which goes when it is closed. */
export async function openSqlite(): Promise<OpenedReadStore & { path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'read-store-'))
  const path = join(folder, 'views.db')
  let writer = await openReadStoreWriter(`sqlite:${path}`)
  return {
    path,
    writer,
    reader: () => openReadStore(`sqlite:${path}`),
    reopen: async () => {
      await writer.close()
      writer = await openReadStoreWriter(`sqlite:${path}`)
      return writer
    },
    close: async () => {
      await writer.close()
      await rm(folder, { recursive: true })
    },
  }
}
