import { Checkpoints } from './checkpoints.ts'
import { isDropped, type Connection } from './connection.ts'
import { generationOf, type Stored } from './documents.ts'
import type { Registry } from './registry.ts'

/**
 * Drops what generations left that are gone, whoever's they were: after a switch-over, after a crash in the middle of one, or
 * after a writer that had not noticed. A generation that is being made while this runs has a number that this passes by.
 */
export async function sweep(connection: Connection, registry: Registry): Promise<void> {
  const { generations, revision } = await registry.read()
  const keep = generations.map(({ number }) => number)
  const names = await connection.run(async (database) =>
    (await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  )
  for (const name of names) {
    const number = generationOf(name)
    if (number === null || number > revision || keep.includes(number)) continue
    await connection.run(async (database) => {
      try {
        await database.collection<Stored>(name).drop()
      } catch (error) {
        // Somebody else swept it.
        if (!isDropped(error)) throw error
      }
    })
  }
  await new Checkpoints(connection).sweep(keep, revision)
}
