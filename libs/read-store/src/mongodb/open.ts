import type { ReadStore, ReadStoreWriter } from '../port.ts'
import { Connection } from './connection.ts'
import { MongodbReadStore } from './reader.ts'
import { MongodbReadStoreWriter } from './writer.ts'

/** Read models in one MongoDB database. Errors: `BAD_ADDRESS`, `BAD_CREDENTIALS`, `UNAVAILABLE`. */
export async function openMongodbReadStore(address: string): Promise<ReadStore> {
  return new MongodbReadStore(await Connection.open(address))
}

export async function openMongodbReadStoreWriter(address: string): Promise<ReadStoreWriter> {
  const writer = new MongodbReadStoreWriter(await Connection.open(address))
  try {
    await writer.sweep()
  } catch (error) {
    await writer.close()
    throw error
  }
  return writer
}
