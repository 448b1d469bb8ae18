import { createHash } from 'node:crypto'
import { SearchError } from '../errors.ts'
import {
  READER_TOKENS_MAX,
  SEARCH_LIMIT_MAX,
  SEARCH_TEXT_CHARS_MAX,
  SEARCH_TOTAL_MAX,
  SEARCH_WORDS_MAX,
  TOKEN_CHARS_MAX,
  type Checkpoint,
  type Reader,
  type SearchIndex,
  type SearchPage,
  type SearchQuery,
} from '../port.ts'
import { phraseOf, wordsOf } from '../words.ts'
import type { Connection } from './connection.ts'
import { documentTable, textTable, visibleToken } from './tables.ts'

const NOTHING: SearchPage = { ids: [], next: null, total: 0, more: false }
/** Above every row id. */
const BEYOND = 2n ** 63n - 1n

/** Searches the active index over one connection. Each search sees one snapshot. */
export class Fts5Search implements SearchIndex {
  protected readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async search({ text, reader, limit, cursor }: SearchQuery): Promise<SearchPage> {
    const words = readWords(text)
    const visible = readReader(reader)
    if (!Number.isInteger(limit) || limit < 1 || limit > SEARCH_LIMIT_MAX) {
      throw new SearchError('OUT_OF_BOUNDS', `Ask for 1 to ${SEARCH_LIMIT_MAX} hits, not ${limit}`)
    }
    return this.connection.read(() => {
      const generation = this.connection.generation('active')
      if (generation === null) throw new SearchError('NOT_READY', 'The search index is not built yet: try again later')
      const print = fingerprint(generation.number, words)
      const before = readCursor(cursor ?? null, print)
      if (words.length === 0 || visible?.length === 0) return { ...NOTHING }
      return this.#page(generation.number, { match: matchOf(words, visible), before, limit, print })
    })
  }

  #page(
    generation: number,
    { match, before, limit, print }: { match: string; before: bigint; limit: number; print: string },
  ): SearchPage {
    const text = textTable(generation)
    const hits = this.connection.statement(
      `SELECT rowid FROM ${text} WHERE ${text} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    )
    const rows = hits.all(match, before, limit + 1).map(({ rowid }) => rowid as bigint)
    const page = rows.slice(0, limit)
    const document = this.connection.statement(`SELECT id FROM ${documentTable(generation)} WHERE row = ?`)
    const counted = this.connection
      .statement(`SELECT count(*) AS total FROM (SELECT rowid FROM ${text} WHERE ${text} MATCH ? LIMIT ?)`)
      .get(match, SEARCH_TOTAL_MAX + 1)
    const total = Number(counted?.['total'])
    return {
      ids: page.map((row) => String(document.get(row)?.['id'])),
      next: rows.length > page.length ? writeCursor(print, page.at(-1) ?? before) : null,
      total: Math.min(total, SEARCH_TOTAL_MAX),
      more: total > SEARCH_TOTAL_MAX,
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

/** An FTS5 query made of phrases of letters and hexadecimal tokens only. */
function matchOf(words: readonly string[], visible: readonly string[] | null): string {
  const found = `words : (${words.map(phraseOf).join(' AND ')})`
  return visible === null ? found : `${found} AND visible : (${visible.join(' OR ')})`
}

function fingerprint(generation: number, words: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([generation, words]))
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
