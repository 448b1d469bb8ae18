import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { openReadStore, openReadStoreWriter } from '#read-store'
import type { OpenedReadStore } from '../../../test/contracts/read-store.contract.ts'

/** The address of a database of a test's own on a server, whatever the server's address says of another. */
export function databaseOf(server: string): { address: string; drop: () => Promise<void> } {
  const url = new URL(server)
  url.pathname = `/read-store-${randomBytes(6).toString('hex')}`
  const address = url.toString()
  return {
    address,
    drop: async () => {
      const client = new MongoClient(address)
      await client.db().dropDatabase()
      await client.close()
    },
  }
}

/** A store in a database of its own, which goes when it is closed. */
export async function openMongodb(server: string): Promise<OpenedReadStore & { address: string }> {
  const { address, drop } = databaseOf(server)
  let writer = await openReadStoreWriter(address)
  return {
    address,
    writer,
    reader: () => openReadStore(address),
    reopen: async () => {
      await writer.close()
      writer = await openReadStoreWriter(address)
      return writer
    },
    close: async () => {
      await writer.close()
      await drop()
    },
  }
}
