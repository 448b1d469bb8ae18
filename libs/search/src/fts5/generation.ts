import { SearchError } from '../errors.ts'
import {
  FIELDS_MAX,
  ID_CHARS_MAX,
  INDEX_CHANGES_MAX,
  TOKEN_CHARS_MAX,
  TRAITS_MAX,
  VISIBLE_TO_MAX,
  type Checkpoint,
  type Position,
  type SearchChange,
  type SearchGeneration,
} from '../port.ts'
import { tokensOf } from '../words.ts'
import type { Connection, GenerationRow } from './connection.ts'
import { areTraits, traitToken } from './traits.ts'
import {
  documentTable,
  dropTables,
  firstRow,
  INSTANT_MS_MAX,
  ROWS_AN_INSTANT,
  textTable,
  visibleToken,
} from './tables.ts'

/** A change, checked; null: the document goes. */
interface Entry {
  id: string
  content: { epochMs: number; pairs: string; characters: string; visible: string; traits: string } | null
}

export class Fts5Generation implements SearchGeneration {
  readonly number: number
  readonly version: number
  readonly #connection: Connection

  constructor(connection: Connection, row: Pick<GenerationRow, 'number' | 'version'>) {
    this.#connection = connection
    this.number = row.number
    this.version = row.version
  }

  async status(): Promise<'building' | 'active' | 'gone'> {
    return this.#connection.generationByNumber(this.number)?.status ?? 'gone'
  }

  async checkpoint(): Promise<Checkpoint> {
    return this.#existing().checkpoint
  }

  async index(changes: readonly SearchChange[], checkpoint: Position): Promise<void> {
    if (changes.length > INDEX_CHANGES_MAX) {
      throw new SearchError('OUT_OF_BOUNDS', `Index at most ${INDEX_CHANGES_MAX} changes at once`)
    }
    const entries = changes.map(readChange)
    this.#connection.write(() => {
      const before = this.#existing().checkpoint
      if (before !== 'start' && checkpoint <= before) return
      for (const entry of entries) this.#put(entry)
      this.#connection.statement('UPDATE generation SET checkpoint = ? WHERE number = ?').run(checkpoint, this.number)
    })
  }

  async switchOver(): Promise<void> {
    const old = this.#connection.write(() => {
      if (this.#existing().status === 'active') return null
      const old = this.#connection.generation('active')
      if (old !== null) markGone(this.#connection, old)
      this.#connection.statement(`UPDATE generation SET status = 'active' WHERE number = ?`).run(this.number)
      return old
    })
    if (old !== null) dropTables(this.#connection, old.number)
  }

  async discard(): Promise<void> {
    this.#connection.write(() => {
      const row = this.#existing()
      if (row.status === 'active') {
        throw new SearchError('BAD_GENERATION', 'This search index is in use: switch over to another before')
      }
      markGone(this.#connection, row)
    })
    dropTables(this.#connection, this.number)
  }

  #put({ id, content }: Entry): void {
    const [text, documents] = [textTable(this.number), documentTable(this.number)]
    const before = this.#row(`SELECT row FROM ${documents} WHERE id = ?`, id)
    const first = content === null ? null : firstRow(content.epochMs)
    const stays = before !== null && first !== null && before >= first && before < first + ROWS_AN_INSTANT
    if (before !== null && !stays) {
      this.#connection.statement(`DELETE FROM ${text} WHERE rowid = ?`).run(before)
      this.#connection.statement(`DELETE FROM ${documents} WHERE row = ?`).run(before)
    }
    if (content === null || first === null) return
    if (stays) {
      // Taking words out of the index costs as much as putting them in: not for a text that stayed as it was.
      this.#connection
        .statement(
          `UPDATE ${text} SET pairs = ?1, characters = ?2, visible = ?3 WHERE rowid = ?4 AND (pairs <> ?1 OR visible <> ?3)`,
        )
        .run(content.pairs, content.characters, content.visible, before)
      this.#connection
        .statement(`UPDATE ${documents} SET traits = ?1 WHERE row = ?2 AND traits <> ?1`)
        .run(content.traits, before)
      return
    }
    const row = this.#freeRow(documents, first, id)
    this.#connection
      .statement(`INSERT INTO ${documents} (row, id, traits) VALUES (?, ?, ?)`)
      .run(row, id, content.traits)
    this.#connection
      .statement(`INSERT INTO ${text} (rowid, pairs, characters, visible) VALUES (?, ?, ?, ?)`)
      .run(row, content.pairs, content.characters, content.visible)
  }

  #freeRow(documents: string, first: bigint, id: string): bigint {
    const end = first + ROWS_AN_INSTANT
    const last = this.#row(`SELECT max(row) AS row FROM ${documents} WHERE row >= ? AND row < ?`, first, end)
    const row = last === null ? first : last + 1n
    if (row < end) return row
    throw new SearchError('BAD_CHANGE', `Document ${id}: more than ${ROWS_AN_INSTANT} documents have its sort key`)
  }

  #row(sql: string, ...parameters: (string | bigint)[]): bigint | null {
    const row = this.#connection.statement(sql).get(...parameters)?.['row']
    return typeof row === 'bigint' ? row : null
  }

  #existing(): GenerationRow {
    const row = this.#connection.generationByNumber(this.number)
    if (row === null || row.status === 'gone') {
      throw new SearchError('BAD_GENERATION', 'This search index is gone: prepare it anew')
    }
    return row
  }
}

export function markGone(connection: Connection, row: GenerationRow): void {
  connection.statement(`UPDATE generation SET status = 'gone' WHERE number = ?`).run(row.number)
}

function readChange(change: SearchChange): Entry {
  const { id } = change
  const bad = (what: string) => new SearchError('BAD_CHANGE', `Document ${id}: ${what}`)
  if (id.length === 0 || id.length > ID_CHARS_MAX || !id.isWellFormed() || id.includes('\u0000')) {
    throw bad(`give an id of 1 to ${ID_CHARS_MAX} characters`)
  }
  if ('removed' in change) return { id, content: null }
  const { sortKey, visibleTo, fields, traits = [] } = change
  const epochMs = readInstant(sortKey)
  if (epochMs === null) throw bad('give an instant between 1695 and 2244 as its sort key')
  if (visibleTo.length > VISIBLE_TO_MAX || visibleTo.some((token) => token.length > TOKEN_CHARS_MAX)) {
    throw bad(`let at most ${VISIBLE_TO_MAX} tokens see it`)
  }
  const texts = Object.values(fields)
  if (texts.length > FIELDS_MAX) throw bad(`give at most ${FIELDS_MAX} fields`)
  if (!areTraits(traits)) throw bad(`give at most ${TRAITS_MAX} traits, without line breaks`)
  const visible = visibleTo.map(visibleToken).join(' ')
  return { id, content: { epochMs, ...tokensOf(texts), visible, traits: traits.map(traitToken).join('') } }
}

function readInstant(sortKey: string): number | null {
  try {
    const epochMs = Temporal.Instant.from(sortKey).epochMilliseconds
    return Math.abs(epochMs) <= INSTANT_MS_MAX ? epochMs : null
  } catch {
    return null // no instant: the caller refuses the change
  }
}
