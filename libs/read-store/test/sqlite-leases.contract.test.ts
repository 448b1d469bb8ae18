import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLeases } from '#read-store'
import { leasesContract } from '../../../test/contracts/leases.contract.ts'

leasesContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leases-'))
  return {
    open: (clock) => openLeases(`sqlite:${join(folder, 'views.db')}`, { clock }),
    close: () => rm(folder, { recursive: true }),
  }
})
