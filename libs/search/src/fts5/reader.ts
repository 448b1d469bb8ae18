import { createHash } from 'node:crypto'
import { SearchError } from '../errors.ts'
import {
  NARROWED_HITS_MAX,
  READER_TOKENS_MAX,
  SEARCH_LIMIT_MAX,
  SEARCH_TEXT_CHARS_MAX,
  SEARCH_TOTAL_MAX,
  SEARCH_WORDS_MAX,
  TOKEN_CHARS_MAX,
  TRAITS_MAX,
  type Checkpoint,
  type Reader,
  type SearchIndex,
  type SearchPage,
  type SearchQuery,
} from '../port.ts'
import { phraseOf, wordsOf } from '../words.ts'
import type { Connection } from './connection.ts'
import { documentTable, textTable, visibleToken } from './tables.ts'
import { areTraits, traitToken } from './traits.ts'

const NOTHING: SearchPage = { ids: [], next: null, total: 0, more: false }
/** Above every row id. */
const BEYOND = 2n ** 63n - 1n

interface Hits {
  /** Newest first. */
  rows: bigint[]
  total: number
  more: boolean
}

/** Searches the active index over one connection. Each search sees one snapshot. */
export class Fts5Search implements SearchIndex {
  protected readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async search({ text, reader, limit, cursor, traits = [] }: SearchQuery): Promise<SearchPage> {
    const words = readWords(text)
    const visible = readReader(reader)
    if (!Number.isInteger(limit) || limit < 1 || limit > SEARCH_LIMIT_MAX) {
      throw new SearchError('OUT_OF_BOUNDS', `Ask for 1 to ${SEARCH_LIMIT_MAX} hits, not ${limit}`)
    }
    if (!areTraits(traits)) {
      throw new SearchError('OUT_OF_BOUNDS', `Narrow a search by at most ${TRAITS_MAX} traits, without line breaks`)
    }
    return this.connection.read(() => {
      const generation = this.connection.generation('active')
      if (generation === null) throw new SearchError('NOT_READY', 'The search index is not built yet: try again later')
      const print = fingerprint(generation.number, words, traits)
      const before = readCursor(cursor ?? null, print)
      if (words.length === 0 || visible?.length === 0) return { ...NOTHING }
      const match = matchOf(words, visible)
      const hits =
        traits.length === 0
          ? this.#hits(generation.number, { match, before, limit: limit + 1 })
          : this.#narrowed(generation.number, match, traits)
      const rows = hits.rows.filter((row) => row < before)
      const page = rows.slice(0, limit)
      const document = this.connection.statement(`SELECT id FROM ${documentTable(generation.number)} WHERE row = ?`)
      return {
        ids: page.map((row) => String(document.get(row)?.['id'])),
        next: rows.length > page.length ? writeCursor(print, page.at(-1) ?? before) : null,
        total: hits.total,
        more: hits.more,
      }
    })
  }

  /** So many hits from a place on, newest first, and how many there are altogether. */
  #hits(generation: number, { match, before, limit }: { match: string; before: bigint; limit: number }): Hits {
    const text = textTable(generation)
    const hits = this.connection.statement(
      `SELECT rowid FROM ${text} WHERE ${text} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    )
    const rows = hits.all(match, before, limit).map(({ rowid }) => rowid as bigint)
    const counted = this.connection
      .statement(`SELECT count(*) AS total FROM (SELECT rowid FROM ${text} WHERE ${text} MATCH ? LIMIT ?)`)
      .get(match, SEARCH_TOTAL_MAX + 1)
    const total = Number(counted?.['total'])
    return { rows, total: Math.min(total, SEARCH_TOTAL_MAX), more: total > SEARCH_TOTAL_MAX }
  }

  /** Of the newest hits, those that have all the traits. */
  #narrowed(generation: number, match: string, traits: readonly string[]): Hits {
    const text = textTable(generation)
    const looked = `SELECT rowid AS row FROM ${text} WHERE ${text} MATCH ? ORDER BY rowid DESC LIMIT ?`
    const isLike = traits.map(() => 'instr(traits, ?) > 0').join(' AND ')
    const rows = this.connection
      .statement(
        `SELECT row, ${isLike} AS has FROM (${looked}) CROSS JOIN ${documentTable(generation)} USING (row) ORDER BY row DESC`,
      )
      .all(...traits.map(traitToken), match, NARROWED_HITS_MAX + 1)
    const found = rows.slice(0, NARROWED_HITS_MAX).filter(({ has }) => has === 1n)
    return {
      rows: found.map(({ row }) => row as bigint),
      total: found.length,
      more: rows.length > NARROWED_HITS_MAX,
    }
  }

  async checkpoint(): Promise<Checkpoint> {
    return this.connection.generation('active')?.checkpoint ?? 'start'
  }

  async close(): Promise<void> {
    this.connection.close()
  }
}

function readWords(text: string): string[] {
  const words = text.length <= SEARCH_TEXT_CHARS_MAX ? wordsOf(text) : null
  if (words === null || words.length > SEARCH_WORDS_MAX) {
    throw new SearchError(
      'OUT_OF_BOUNDS',
      `Search for at most ${SEARCH_WORDS_MAX} words in ${SEARCH_TEXT_CHARS_MAX} characters`,
    )
  }
  return words
}

/** The reader's tokens as the index holds them; null: the system. */
function readReader(reader: Reader): string[] | null {
  if (reader === 'system') return null
  const tokens = [...new Set(reader)]
  if (tokens.length > READER_TOKENS_MAX || tokens.some((token) => token.length > TOKEN_CHARS_MAX)) {
    throw new SearchError('OUT_OF_BOUNDS', `Search with at most ${READER_TOKENS_MAX} tokens`)
  }
  return tokens.map(visibleToken)
}

/** An FTS5 query made of phrases of letters and hexadecimal tokens only, so that nothing in it is syntax. */
function matchOf(words: readonly string[], visible: readonly string[] | null): string {
  const found = words.map(phraseOf).map(({ among, phrase }) => `${among} : "${phrase}"`)
  return (visible === null ? found : [...found, `visible : (${visible.join(' OR ')})`]).join(' AND ')
}

function fingerprint(generation: number, words: readonly string[], traits: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([generation, words, traits]))
    .digest('base64url')
    .slice(0, 16)
}

function writeCursor(print: string, row: bigint): string {
  return `${print}.${row}`
}

function readCursor(cursor: string | null, print: string): bigint {
  if (cursor === null) return BEYOND
  const [ownPrint, row, ...rest] = cursor.split('.')
  if (ownPrint !== print || row === undefined || !/^-?\d{1,18}$|^-?[1-8]\d{18}$/.test(row) || rest.length > 0) {
    throw new SearchError('BAD_CURSOR', 'This cursor belongs to another search: start from the first page')
  }
  return BigInt(row)
}
