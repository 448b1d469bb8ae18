import type { Filter } from 'mongodb'
import { checkChanges } from '../changes.ts'
import { fenced, ReadStoreError } from '../errors.ts'
import { checkLimit } from '../plan.ts'
import {
  LOAD_IDS_MAX,
  SCAN_MAX,
  type Batch,
  type Checkpoint,
  type CollectionDefinition,
  type Generation,
  type GenerationOptions,
  type StoredDocument,
} from '../port.ts'
import { Checkpoints } from './checkpoints.ts'
import type { Connection } from './connection.ts'
import { collectionName, storedDocument, storedFields, type Stored } from './documents.ts'
import { makeIndexes } from './indexes.ts'
import type { RegisteredGeneration, Registry } from './registry.ts'
import { sweep } from './sweep.ts'
import { writeDocuments } from './write-documents.ts'

/** An advance is refused for a fence, a later checkpoint or a generation that is gone; each of them is found out at the next look. */
const ADVANCES_MAX = 5

/**
 * Without transactions: documents first, each only where it is newer than what is stored, then the checkpoint. Whoever dies
 * in between writes the same again, and it changes nothing.
 */
export class MongodbGeneration implements Generation {
  readonly projection: string
  readonly number: number
  readonly version: number
  readonly #connection: Connection
  readonly #registry: Registry
  readonly #checkpoints: Checkpoints
  readonly #definitions: readonly CollectionDefinition[]
  readonly #fence: number

  constructor(
    connection: Connection,
    registry: Registry,
    { projection, number, version, definitions }: RegisteredGeneration,
    { fence = 0 }: GenerationOptions,
  ) {
    this.#connection = connection
    this.#registry = registry
    this.#checkpoints = new Checkpoints(connection)
    this.#definitions = definitions
    this.#fence = fence
    this.projection = projection
    this.number = number
    this.version = version
  }

  async status(): Promise<'building' | 'active' | 'gone'> {
    const { generations } = await this.#registry.read()
    return generations.find(({ number }) => number === this.number)?.status ?? 'gone'
  }

  async checkpoint(): Promise<Checkpoint> {
    return await this.#existing(async () => (await this.#checkpoints.read(this.number))?.checkpoint ?? 'start')
  }

  async load(collection: string, ids: readonly string[]): Promise<StoredDocument[]> {
    if (ids.length > LOAD_IDS_MAX) throw new ReadStoreError('OUT_OF_BOUNDS', `Load at most ${LOAD_IDS_MAX} ids at once`)
    return await this.#find(collection, { _id: { $in: [...new Set(ids)] } })
  }

  async write({ changes, checkpoint, asOf }: Batch): Promise<void> {
    const checked = checkChanges(changes, (collection) => this.#definition(collection))
    await this.#admit()
    for (const definition of this.#definitions) {
      const rows = Array.from(checked.get(definition.name) ?? [], ([id, change]) => {
        return [id, storedFields(definition, change)] as const
      })
      await writeDocuments(this.#connection, collectionName(definition, this.number), rows)
    }
    await this.#advance(checkpoint, asOf)
  }

  async switchOver(): Promise<void> {
    if ((await this.status()) !== 'active') {
      await this.#admit()
      for (const definition of this.#definitions) await makeIndexes(this.#connection, definition, this.number)
    }
    await this.#registry.change((state) => {
      const own = state.generations.find(({ number }) => number === this.number)
      if (own === undefined) throw this.#gone()
      if (own.status === 'active') return { registered: null, result: null }
      const others = state.generations.filter(
        ({ projection, status }) => projection !== this.projection || status !== 'active',
      )
      const generations = others.map((one): RegisteredGeneration => (one === own ? { ...own, status: 'active' } : one))
      return { registered: { generations }, result: null }
    })
    await sweep(this.#connection, this.#registry)
  }

  async discard(): Promise<void> {
    await this.#admit()
    await this.#registry.change((state) => {
      const own = state.generations.find(({ number }) => number === this.number)
      if (own === undefined) throw this.#gone()
      if (own.status === 'active') throw this.#refusal('is in use: switch over to another before')
      return { registered: { generations: state.generations.filter((one) => one !== own) }, result: null }
    })
    await sweep(this.#connection, this.#registry)
  }

  async scan(collection: string, afterId: string | null, limit: number): Promise<StoredDocument[]> {
    checkLimit(limit, SCAN_MAX)
    return await this.#find(collection, { _id: { $gt: afterId ?? '' }, live: true }, limit)
  }

  /** By id, at most so many; 0: all. */
  #find(collection: string, filter: Filter<Stored>, limit = 0): Promise<StoredDocument[]> {
    const name = collectionName(this.#definition(collection), this.number)
    return this.#existing(async () => {
      const found = await this.#connection.run((database) =>
        database
          .collection<Stored>(name)
          .find(filter, { projection: { position: 1, body: 1 } })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray(),
      )
      return found.map(storedDocument)
    })
  }

  /** What was read counts only where the generation is still there afterwards. */
  async #existing<Result>(read: () => Promise<Result>): Promise<Result> {
    const outcome = await read().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    )
    if ((await this.status()) === 'gone') throw this.#gone()
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }

  async #advance(checkpoint: Checkpoint, asOf: string): Promise<void> {
    for (let attempt = 0; attempt < ADVANCES_MAX; attempt += 1) {
      if (await this.#checkpoints.advance(this.number, { checkpoint, asOf, fence: this.#fence })) return
      await this.#admit()
      const stored = (await this.#checkpoints.read(this.number))?.checkpoint ?? null
      if (stored !== null && stored >= checkpoint) return
    }
    throw new ReadStoreError('BUSY', `Others write ${this.projection} at the same time: try again`)
  }

  /** Throws where this may not write, and makes sure that nobody with a lower fence does from now on. */
  async #admit(): Promise<void> {
    if ((await this.status()) === 'gone') throw this.#gone()
    // The process that made the generation may have died before it had made this.
    await this.#checkpoints.begin(this.number, this.#fence)
    if (await this.#checkpoints.raiseFence(this.number, this.#fence)) return
    // Either a higher one was seen, or the generation has gone in this moment.
    throw (await this.status()) === 'gone' ? this.#gone() : fenced(this.projection)
  }

  #definition(collection: string): CollectionDefinition {
    const definition = this.#definitions.find(({ name }) => name === collection)
    if (definition === undefined) throw this.#refusal(`has no collection ${collection}`)
    return definition
  }

  #gone(): ReadStoreError {
    return this.#refusal('is gone: prepare the projection anew')
  }

  #refusal(what: string): ReadStoreError {
    return new ReadStoreError('BAD_GENERATION', `Generation ${this.number} of ${this.projection} ${what}`)
  }
}
