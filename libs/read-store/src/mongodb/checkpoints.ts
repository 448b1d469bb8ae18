import { isDuplicate, type Connection } from './connection.ts'

const COLLECTION = 'checkpoints'

export interface StoredCheckpoint {
  /** The number of its generation. */
  _id: number
  /** Null at the start. */
  checkpoint: string | null
  asOf: string | null
  /** The highest fence seen. */
  fence: number
}

/** How far each generation has come, and who may write it. One document each, which goes with its generation. */
export class Checkpoints {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  read(generation: number): Promise<StoredCheckpoint | null> {
    return this.#connection.run((database) =>
      database.collection<StoredCheckpoint>(COLLECTION).findOne({ _id: generation }),
    )
  }

  /** Makes it where it is missing. */
  async begin(generation: number, fence: number): Promise<void> {
    await this.#connection.run(async (database) => {
      const collection = database.collection<StoredCheckpoint>(COLLECTION)
      if ((await collection.findOne({ _id: generation })) !== null) return
      try {
        await collection.insertOne({ _id: generation, checkpoint: null, asOf: null, fence })
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    })
  }

  /** Makes a fence the highest seen. False where a higher one has been, or there is no such generation. */
  async raiseFence(generation: number, fence: number): Promise<boolean> {
    const { matchedCount } = await this.#connection.run((database) =>
      database
        .collection<StoredCheckpoint>(COLLECTION)
        .updateOne({ _id: generation, fence: { $lte: fence } }, { $set: { fence } }),
    )
    return matchedCount === 1
  }

  /** False where a higher fence or a later checkpoint has been seen, or there is no such generation. */
  async advance(
    generation: number,
    { checkpoint, asOf, fence }: { checkpoint: string; asOf: string; fence: number },
  ): Promise<boolean> {
    const { matchedCount } = await this.#connection.run((database) =>
      database.collection<StoredCheckpoint>(COLLECTION).updateOne(
        {
          _id: generation,
          fence: { $lte: fence },
          $or: [{ checkpoint: null }, { checkpoint: { $lt: checkpoint } }],
        },
        { $set: { checkpoint, asOf, fence } },
      ),
    )
    return matchedCount === 1
  }

  /** Of generations up to `upTo` that are not among those to keep. */
  async sweep(keep: readonly number[], upTo: number): Promise<void> {
    await this.#connection.run((database) =>
      database.collection<StoredCheckpoint>(COLLECTION).deleteMany({ _id: { $lte: upTo, $nin: [...keep] } }),
    )
  }
}
