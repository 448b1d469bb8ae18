import type { AbstractCursor, Document, Filter } from 'mongodb'
import { holds } from '../conditions.ts'
import type { FieldValue } from '../definition.ts'
import { ReadStoreError } from '../errors.ts'
import { checkLimit, plan, readCursor, readerTokens, writeCursor, type Place, type Plan, type Test } from '../plan.ts'
import {
  COUNT_MAX,
  EXAMINED_MAX,
  PAGE_LIMIT_MAX,
  type CollectionDefinition,
  type Count,
  type Page,
  type Progress,
  type Query,
  type ReadDocument,
  type ReadStore,
  type Reader,
  type Where,
} from '../port.ts'
import { Checkpoints } from './checkpoints.ts'
import { isDropped, type Connection } from './connection.ts'
import { afterPlace, collectionName, listFilter, pathOf, storedDocument, type Stored } from './documents.ts'
import { Registry } from './registry.ts'

/** A read meets a switch-over once; more than this and something else is wrong. */
const LOOKS_MAX = 10
/** Documents that are fetched at once to be tested. */
const TESTED_AT_ONCE = 1_000

/** Where a collection's documents of the active generation are. */
interface Home {
  definition: CollectionDefinition
  generation: number
  name: string
}

type Walked = Pick<Stored, '_id'> & Partial<Stored>

/**
 * Reads the active generations. A call reads, and then looks whether what it read is still in use: if it is not, it may
 * have been dropped in the middle, and the call begins anew.
 */
export class MongodbReadStore implements ReadStore {
  protected readonly connection: Connection
  protected readonly registry: Registry
  protected readonly checkpoints: Checkpoints
  readonly #homes = new Map<string, Home>()

  constructor(connection: Connection) {
    this.connection = connection
    this.registry = new Registry(connection)
    this.checkpoints = new Checkpoints(connection)
  }

  async get(collection: string, id: string, reader: Reader): Promise<ReadDocument | null> {
    return (await this.getMany(collection, [id], reader))[0] ?? null
  }

  async getMany(collection: string, ids: readonly string[], reader: Reader): Promise<ReadDocument[]> {
    if (ids.length > PAGE_LIMIT_MAX) throw new ReadStoreError('OUT_OF_BOUNDS', `Ask for at most ${PAGE_LIMIT_MAX} ids`)
    const tokens = readerTokens(reader)
    return this.#reading(collection, async (home) => {
      const found = await this.#byIds(home, ids)
      return found.flatMap((row) => (maySee(row, tokens) ? documentsOf([row]) : []))
    })
  }

  async query(collection: string, query: Query): Promise<Page> {
    checkLimit(query.limit)
    const tokens = readerTokens(query.reader)
    return this.#reading(collection, async (home) => {
      const planned = plan(home.definition, query.where ?? {}, query.sort.field)
      const after = readCursor(home.definition, query)
      const filter = listFilter(home.definition, planned, tokens)
      if (filter === null) return { documents: [], next: null }
      const { page, last } = await this.#walk(home, query, planned, filter, after)
      return {
        documents: await this.#documents(home, planned, tokens, page),
        next: last === null ? null : writeCursor(collection, query, last),
      }
    })
  }

  async count(collection: string, { where = {}, reader }: { where?: Where; reader: Reader }): Promise<Count> {
    const tokens = readerTokens(reader)
    return this.#reading(collection, async (home) => {
      const planned = plan(home.definition, where, null)
      const filter = listFilter(home.definition, planned, tokens)
      if (filter === null) return { count: 0, more: false }
      if (planned.remaining.length === 0) {
        const found = await this.connection.run((database) =>
          database.collection<Stored>(home.name).countDocuments(filter, { limit: COUNT_MAX + 1 }),
        )
        return { count: Math.min(found, COUNT_MAX), more: found > COUNT_MAX }
      }
      return await this.#countTested(home, planned.remaining, filter)
    })
  }

  async progress(projection: string): Promise<Progress> {
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const { generations } = await this.registry.read()
      const active = generations.find((one) => one.projection === projection && one.status === 'active')
      if (active === undefined) return { position: 'start', asOf: null, version: null }
      const found = await this.checkpoints.read(active.number)
      if (found !== null) return { position: found.checkpoint ?? 'start', asOf: found.asOf, version: active.version }
    }
    throw notReady(projection)
  }

  async close(): Promise<void> {
    await this.connection.close()
  }

  async #reading<Result>(collection: string, work: (home: Home) => Promise<Result>): Promise<Result> {
    let home = this.#homes.get(collection) ?? (await this.#homeOf(collection))
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      if (home === null) throw notReady(collection)
      const outcome = await work(home).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      )
      // Asking whether it moved would only wait once more.
      if ('error' in outcome && isUnavailable(outcome.error)) throw outcome.error
      const now = await this.#homeOf(collection)
      const isStill = now?.generation === home.generation
      if ('result' in outcome && isStill) return outcome.result
      if ('error' in outcome && isStill && !isDropped(outcome.error)) throw outcome.error
      home = now
    }
    throw new ReadStoreError('BUSY', `${collection} is being built anew again and again: try again`)
  }

  async #homeOf(collection: string): Promise<Home | null> {
    const { generations } = await this.registry.read()
    for (const { definitions, number, status } of generations) {
      const definition = status === 'active' ? definitions.find(({ name }) => name === collection) : undefined
      if (definition === undefined) continue
      const known = this.#homes.get(collection)
      if (known?.generation === number) return known
      const home = { definition, generation: number, name: collectionName(definition, number) }
      this.#homes.set(collection, home)
      return home
    }
    this.#homes.delete(collection)
    return null
  }

  /** Up to `limit` documents that fit, among at most 20,000; `last` is where the next page begins, null after the end. */
  async #walk(
    home: Home,
    { sort, limit }: Query,
    { remaining }: Plan,
    filter: Filter<Stored>,
    after: Place | null,
  ): Promise<{ page: Walked[]; last: Place | null }> {
    const path = pathOf(sort.field)
    const examined = remaining.length > 0 ? EXAMINED_MAX : limit
    const order = sort.direction === 'ascending' ? 1 : -1
    return await this.connection.run(async (database) => {
      const cursor = database
        .collection<Stored>(home.name)
        .find(after === null ? filter : { $and: [filter, afterPlace(sort.field, sort.direction, after)] }, {
          projection:
            remaining.length > 0 ? { [path]: 1, ...testedPaths(remaining) } : { [path]: 1, body: 1, position: 1 },
          batchSize: Math.min(examined + 1, TESTED_AT_ONCE),
        })
        .sort([
          [path, order],
          ['_id', order],
        ])
        .limit(examined + 1)
      const page: Walked[] = []
      let [walked, last] = [0, null as Place | null]
      for await (const row of toTheEnd(cursor)) {
        if (page.length === limit || walked === examined) return { page, last }
        walked += 1
        last = { key: (row.fields?.[sort.field] ?? null) as Place['key'], id: row._id }
        if (fitsAll(remaining, row)) page.push(row)
      }
      return { page, last: null }
    })
  }

  /** The documents of a page. Those fetched now are tested again: they may have changed since they were found. */
  async #documents(
    home: Home,
    { remaining }: Plan,
    tokens: readonly string[] | null,
    page: readonly Walked[],
  ): Promise<ReadDocument[]> {
    if (remaining.length === 0) return documentsOf(page)
    const rows = await this.#byIds(
      home,
      page.map(({ _id }) => _id),
    )
    return documentsOf(rows.filter((row) => maySee(row, tokens) && fitsAll(remaining, row)))
  }

  /** In the order of the ids. */
  async #byIds(home: Home, ids: readonly string[]): Promise<Stored[]> {
    if (ids.length === 0) return []
    const rows = await this.connection.run((database) =>
      database
        .collection<Stored>(home.name)
        .find({ _id: ids.length === 1 ? ids[0] : { $in: [...new Set(ids)] } } as Filter<Stored>)
        .toArray(),
    )
    const byId = new Map(rows.map((row) => [row._id, row]))
    return ids.flatMap((id) => byId.get(id) ?? [])
  }

  async #countTested(home: Home, remaining: readonly Test[], filter: Filter<Stored>): Promise<Count> {
    return await this.connection.run(async (database) => {
      const cursor = database
        .collection<Stored>(home.name)
        .find(filter, { projection: testedPaths(remaining), batchSize: TESTED_AT_ONCE })
        .limit(EXAMINED_MAX + 1)
      let [walked, found] = [0, 0]
      for await (const row of toTheEnd(cursor)) {
        walked += 1
        if (walked > EXAMINED_MAX) break
        if (fitsAll(remaining, row)) found += 1
      }
      return { count: Math.min(found, COUNT_MAX), more: found > COUNT_MAX || walked > EXAMINED_MAX }
    })
  }
}

/** What a cursor gives; closed whenever its reader stops. */
async function* toTheEnd(cursor: AbstractCursor<Document>): AsyncGenerator<Walked> {
  try {
    for await (const row of cursor) yield row as Walked
  } finally {
    await cursor.close()
  }
}

function testedPaths(tests: readonly Test[]): Record<string, 1> {
  return Object.fromEntries(tests.map(({ field }) => [field === 'visibleTo' ? field : pathOf(field), 1]))
}

function fitsAll(tests: readonly Test[], row: Walked): boolean {
  const valueOf = (field: string): FieldValue => (field === 'visibleTo' ? row.visibleTo : row.fields?.[field]) ?? null
  return tests.every((test) => holds(test, valueOf(test.field)))
}

function maySee({ live, visibleTo }: Stored, tokens: readonly string[] | null): boolean {
  return live && (tokens === null || tokens.some((token) => visibleTo.includes(token)))
}

function documentsOf(rows: readonly Walked[]): ReadDocument[] {
  return rows.flatMap(({ _id, position = '', body = null }) => storedDocument({ _id, position, body }).document ?? [])
}

function isUnavailable(error: unknown): boolean {
  return error instanceof ReadStoreError && error.code === 'UNAVAILABLE'
}

function notReady(what: string): ReadStoreError {
  return new ReadStoreError('NOT_READY', `${what} is not built yet: try again later`)
}
