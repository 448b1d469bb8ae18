import type { Cells } from '../cells.ts'
import type { ReadStore, ReadStoreWriter } from '../port.ts'
import { MongodbCells } from './cells.ts'
import { Connection, READER_PATIENCE_MS, WRITER_PATIENCE_MS } from './connection.ts'
import { MongodbReadStore } from './reader.ts'
import { MongodbReadStoreWriter } from './writer.ts'

/** Read models in one MongoDB database. Errors: `BAD_ADDRESS`, `BAD_CREDENTIALS`, `UNAVAILABLE`. */
export async function openMongodbReadStore(address: string): Promise<ReadStore> {
  return new MongodbReadStore(await Connection.open(address, { patienceMs: READER_PATIENCE_MS }))
}

export async function openMongodbReadStoreWriter(address: string): Promise<ReadStoreWriter> {
  const writer = new MongodbReadStoreWriter(await Connection.open(address, { patienceMs: WRITER_PATIENCE_MS }))
  try {
    await writer.sweep()
  } catch (error) {
    await writer.close()
    throw error
  }
  return writer
}

/** Cells in a collection of the database. Errors as above. */
export async function openMongodbCells(address: string, collection: string): Promise<Cells> {
  return new MongodbCells(await Connection.open(address, { patienceMs: WRITER_PATIENCE_MS }), collection)
}
