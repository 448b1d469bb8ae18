import { describe } from 'vitest'
import { openLeases } from '#read-store'
import { leasesContract } from '../../../test/contracts/leases.contract.ts'
import { servers } from '../../../test/support/servers.ts'
import { databaseOf } from './open-mongodb.ts'

const server = servers.mongodb

describe.skipIf(server === null)('leases on MongoDB', () => {
  leasesContract('MongoDB', async () => {
    const { address, drop } = databaseOf(server ?? '')
    return { open: (clock) => openLeases(address, { clock }), close: drop }
  })
})
