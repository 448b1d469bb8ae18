import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReadStore, openReadStoreWriter } from '#read-store'
import { readStoreContract } from '../../../test/contracts/read-store.contract.ts'

readStoreContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'read-store-'))
  const address = `sqlite:${join(folder, 'views.db')}`
  let writer = await openReadStoreWriter(address)
  return {
    writer,
    reader: () => openReadStore(address),
    reopen: async () => {
      await writer.close()
      writer = await openReadStoreWriter(address)
      return writer
    },
    close: async () => {
      await writer.close()
      await rm(folder, { recursive: true })
    },
  }
})
