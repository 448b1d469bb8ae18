import type { CollectionDefinition } from '../port.ts'
import { PATIENCE_FOR_AN_INDEX, type Connection } from './connection.ts'
import { collectionName, indexesOf, type Stored } from './documents.ts'

/**
 * Makes the collection where nothing was written to it, and the indexes that are missing. One after the other: each is made
 * while the collection is written, and a process that dies leaves those that are done.
 */
export async function makeIndexes(
  connection: Connection,
  definition: CollectionDefinition,
  generation: number,
): Promise<void> {
  const name = collectionName(definition, generation)
  const made = await connection.run(async (database) => {
    const found = await database.listCollections({ name }, { nameOnly: true }).toArray()
    if (found.length === 0) return []
    return (await database.collection<Stored>(name).indexes()).map((index) => index.name)
  })
  for (const index of indexesOf(definition)) {
    // Asked for one that is there, FerretDB breaks the connection.
    if (made.includes(index.name)) continue
    await connection.run(
      (database) => database.collection<Stored>(name).createIndex(index.key, { name: index.name }),
      PATIENCE_FOR_AN_INDEX,
    )
  }
}
