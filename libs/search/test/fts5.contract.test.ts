import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSearchIndex, openSearchWriter } from '#search'
import { searchContract } from '../../../test/contracts/search.contract.ts'

searchContract('FTS5', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'search-'))
  const address = `sqlite:${join(folder, 'search.db')}`
  let writer = await openSearchWriter(address)
  return {
    writer,
    reader: () => openSearchIndex(address),
    reopen: async () => {
      await writer.close()
      writer = await openSearchWriter(address)
      return writer
    },
    close: async () => {
      await writer.close()
      await rm(folder, { recursive: true })
    },
  }
})
