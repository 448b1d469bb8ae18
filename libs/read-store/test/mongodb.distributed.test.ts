import { describe } from 'vitest'
import { readStoreContract } from '../../../test/contracts/read-store.contract.ts'
import { readStoreProperties } from '../../../test/contracts/read-store.property.ts'
import { servers } from '../../../test/support/servers.ts'
import { openMongodb } from './open-mongodb.ts'

const server = servers.mongodb

describe.skipIf(server === null)('read models on MongoDB', () => {
  const open = () => openMongodb(server ?? '')
  // The stand-in looks at every document whatever is asked for.
  readStoreContract('MongoDB', open, { purges: 'what can be read', timeoutMs: 300_000 })
  // Each run makes a generation with its collections and indexes, for which the stand-in takes a while.
  readStoreProperties('MongoDB', open, { runs: 0.2 })
})
