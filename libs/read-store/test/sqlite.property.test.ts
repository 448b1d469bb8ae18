import { readStoreProperties } from '../../../test/contracts/read-store.property.ts'
import { openSqlite } from './open.ts'

readStoreProperties('SQLite', openSqlite)
