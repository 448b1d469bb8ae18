import { ReadStoreError } from '../errors.ts'
import { checkLimit, plan, readCursor, readerTokens, writeCursor, type Place } from '../plan.ts'
import {
  COUNT_MAX,
  EXAMINED_MAX,
  PAGE_LIMIT_MAX,
  type Count,
  type Page,
  type Progress,
  type Query,
  type ReadDocument,
  type ReadStore,
  type Reader,
  type Where,
} from '../port.ts'
import { Catalogue, type GenerationRow } from './catalogue.ts'
import type { Connection } from './connection.ts'
import type { Tables } from './tables.ts'
import { countStatement, pageStatement, type Statement } from './walk.ts'

/** Reads the active generations over one connection. Each call sees one snapshot. */
export class SqliteReadStore implements ReadStore {
  protected readonly connection: Connection
  readonly #catalogue = new Catalogue()

  constructor(connection: Connection) {
    this.connection = connection
  }

  async get(collection: string, id: string, reader: Reader): Promise<ReadDocument | null> {
    return (await this.getMany(collection, [id], reader))[0] ?? null
  }

  async getMany(collection: string, ids: readonly string[], reader: Reader): Promise<ReadDocument[]> {
    if (ids.length > PAGE_LIMIT_MAX) throw new ReadStoreError('OUT_OF_BOUNDS', `Ask for at most ${PAGE_LIMIT_MAX} ids`)
    const tokens = readerTokens(reader)
    return this.#reading(collection, (tables) =>
      this.#bodies(tables, ids).filter((document) => tokens === null || maySee(document, tokens)),
    )
  }

  async query(collection: string, query: Query): Promise<Page> {
    checkLimit(query.limit)
    const tokens = readerTokens(query.reader)
    return this.#reading(collection, (tables) => {
      const planned = plan(tables.definition, query.where ?? {}, query.sort.field)
      const { direction } = query.sort
      const after = readCursor(tables.definition, query)
      const examined = planned.remaining.length > 0 ? EXAMINED_MAX : query.limit
      const options = { tokens, direction, after, limit: examined + 1 }
      const { page, last } = this.#walk(pageStatement(this.connection, tables, planned, options), query.limit, examined)
      return {
        documents: this.#bodies(tables, page),
        next: last === null ? null : writeCursor(collection, query, last),
      }
    })
  }

  async count(collection: string, { where = {}, reader }: { where?: Where; reader: Reader }): Promise<Count> {
    const tokens = readerTokens(reader)
    return this.#reading(collection, (tables) => {
      const planned = plan(tables.definition, where, null)
      const examined = planned.remaining.length > 0 ? EXAMINED_MAX : COUNT_MAX
      const { sql, parameters } = countStatement(this.connection, tables, planned, { tokens, limit: examined + 1 })
      const row = this.connection.statement(sql).get(...parameters)
      const [walked, found] = [Number(row?.['walked']), Number(row?.['found'])]
      return { count: Math.min(found, COUNT_MAX), more: found > COUNT_MAX || walked > examined }
    })
  }

  async progress(projection: string): Promise<Progress> {
    const row = this.connection
      .statement(`SELECT * FROM generation WHERE projection = ? AND status = 'active'`)
      .get(projection) as unknown as GenerationRow | undefined
    return { position: row?.checkpoint ?? 'start', asOf: row?.as_of ?? null, version: row?.version ?? null }
  }

  async close(): Promise<void> {
    this.connection.close()
  }

  #reading<Result>(collection: string, work: (tables: Tables) => Result): Result {
    return this.connection.read(() => {
      const tables = this.#catalogue.tables(this.connection, collection)
      if (tables === null) throw new ReadStoreError('NOT_READY', `${collection} is not built yet: try again later`)
      return work(tables)
    })
  }

  /** Up to `limit` ids that fit, among at most `examined`; `last` is where the next page begins, null after the end. */
  #walk(found: Statement | null, limit: number, examined: number): { page: string[]; last: Place | null } {
    const page: string[] = []
    let last: Place | null = null
    if (found === null) return { page, last }
    let walked = 0
    for (const { k, id, fits } of this.connection.statement(found.sql).iterate(...found.parameters)) {
      if (page.length === limit || walked === examined) return { page, last }
      walked += 1
      last = { key: k === Number.NEGATIVE_INFINITY ? null : (k as string | number), id: String(id) }
      if (fits === 1) page.push(last.id)
    }
    return { page, last: null }
  }

  #bodies(tables: Tables, ids: readonly string[]): ReadDocument[] {
    const statement = this.connection.statement(`SELECT body FROM ${tables.documents} WHERE id = ?`)
    return ids.flatMap((id) => {
      const body = statement.get(id)?.['body']
      return typeof body === 'string' ? [JSON.parse(body) as ReadDocument] : []
    })
  }
}

function maySee(document: ReadDocument, tokens: readonly string[]): boolean {
  const visibleTo = document['visibleTo']
  return Array.isArray(visibleTo) && tokens.some((token) => visibleTo.includes(token))
}
