import { randomUUID } from 'node:crypto'
import type { Cell, Cells } from '../cells.ts'
import { isDuplicate, type Connection } from './connection.ts'

/** Revisions that stay; the newest is the value. */
const KEPT = 4
const DIGITS = 12

interface Revision {
  /** `{name}/{revision}`, the revision in twelve digits. */
  _id: string
  revision: number
  value: string
  /** Tells a writer that asks a second time, after a connection broke, its own from another's. */
  writer: string
}

/**
 * Each revision is a document that is inserted and never changed: that no two have the same id is the one thing that every
 * server of MongoDB's protocol keeps in a race (FerretDB lets two conditional updates both succeed).
 */
export class MongodbCells implements Cells {
  readonly #connection: Connection
  readonly #collection: string
  /** The newest known of each. */
  readonly #known = new Map<string, Cell>()

  constructor(connection: Connection, collection: string) {
    this.#connection = connection
    this.#collection = collection
  }

  async read(name: string): Promise<Cell | null> {
    const known = this.#known.get(name)
    const newest = await this.#newest(name, known?.revision ?? 0)
    if (newest === null) {
      this.#known.delete(name)
      // What was known is no longer there: somebody has emptied the database.
      return known === undefined ? null : await this.read(name)
    }
    if (newest === known?.revision) return known
    const found = await this.#connection.run((database) =>
      database.collection<Revision>(this.#collection).findOne({ _id: idOf(name, newest) }),
    )
    // Gone in the meantime: others have written several times since.
    if (found === null) return await this.read(name)
    const cell = { revision: found.revision, value: found.value }
    this.#known.set(name, cell)
    return cell
  }

  async compareAndSet(name: string, revision: number, value: string): Promise<boolean> {
    const next: Revision = { _id: idOf(name, revision + 1), revision: revision + 1, value, writer: randomUUID() }
    if (!(await this.#insert(next))) return false
    // A writer that slept for very long may have put back a revision that others had removed.
    const newest = (await this.#newest(name, 0)) ?? 0
    if (newest >= next.revision + KEPT) {
      await this.#connection.run((database) =>
        database.collection<Revision>(this.#collection).deleteOne({ _id: next._id, writer: next.writer }),
      )
      return false
    }
    await this.#connection.run((database) =>
      database
        .collection<Revision>(this.#collection)
        .deleteMany({ _id: { $gte: idOf(name, 0), $lte: idOf(name, next.revision - KEPT) } }),
    )
    return true
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }

  #insert(next: Revision): Promise<boolean> {
    return this.#connection.run(async (database) => {
      const collection = database.collection<Revision>(this.#collection)
      try {
        await collection.insertOne(next)
        return true
      } catch (error) {
        if (!isDuplicate(error)) throw error
        return (await collection.findOne({ _id: next._id }))?.writer === next.writer
      }
    })
  }

  /** The newest revision from one on; null where there is none. */
  #newest(name: string, from: number): Promise<number | null> {
    return this.#connection.run(async (database) => {
      const [newest] = await database
        .collection<Revision>(this.#collection)
        .find({ _id: { $gte: idOf(name, from), $lte: idOf(name, 10 ** DIGITS - 1) } }, { projection: { revision: 1 } })
        .sort({ _id: -1 })
        .limit(1)
        .toArray()
      return newest?.revision ?? null
    })
  }
}

function idOf(name: string, revision: number): string {
  return `${name}/${String(Math.max(revision, 0)).padStart(DIGITS, '0')}`
}
