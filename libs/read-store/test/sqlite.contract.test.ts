import { readStoreContract } from '../../../test/contracts/read-store.contract.ts'
import { openSqlite } from './open.ts'

readStoreContract('SQLite', openSqlite, { purges: 'bytes' })
