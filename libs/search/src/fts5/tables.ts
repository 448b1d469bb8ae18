import type { Connection } from './connection.ts'

/** Of an FTS5 row id, the bits below the milliseconds: 1,048,576 documents of one instant. */
const COUNTER_BITS = 20n
export const ROWS_AN_INSTANT = 1n << COUNTER_BITS
/** Milliseconds from 1970, either way (years 1695 to 2244), so that a row id stays within 63 bits. */
export const INSTANT_MS_MAX = 8_690_000_000_000

/**
 * What a transaction gathers before it writes a segment, and how many segments of one size are merged into one: at 16 MiB
 * and 8 the same documents cost a fifth less than by default, and a query reads a few segments more.
 */
const HASH_BYTES = 16 * 1024 * 1024
const SEGMENTS_A_MERGE = 8

/** Pages of 4 KiB that one step of a purge rewrites. */
const PURGE_PAGES = 1_000

/** The row ids of one instant begin here: row ids sort as instants do, so that newest first needs no sort. */
export function firstRow(epochMs: number): bigint {
  return BigInt(epochMs) << COUNTER_BITS
}

/**
 * `text~n`: pairs of neighbouring characters, the different characters, and who may find them, one FTS5 row per document.
 * Pairs, because phrases of single characters read what every document says: at 200,000 documents they took ten times as
 * long. Characters once each in a column of their own, because FTS5's index of prefixes, which finds them too, holds one at
 * every place and is a quarter of the work. It keeps its content: contentless tables keep removed words in their bytes for
 * good. The ascii tokenizer parts at spaces and has no opinion on what is a letter, so that characters younger than SQLite's
 * tables are found too. `document~n`: which id each row is, and its traits, each between line breaks.
 */
export function textTable(generation: number): string {
  return `"text~${generation}"`
}

export function documentTable(generation: number): string {
  return `"document~${generation}"`
}

/** Inside a transaction. */
export function createTables(connection: Connection, generation: number): void {
  const text = textTable(generation)
  connection.exec(`
    CREATE VIRTUAL TABLE ${text} USING fts5 (pairs, characters, visible, tokenize = 'ascii', columnsize = 0);
    INSERT INTO ${text} (${text}, rank) VALUES ('hashsize', ${HASH_BYTES});
    INSERT INTO ${text} (${text}, rank) VALUES ('automerge', ${SEGMENTS_A_MERGE});
    CREATE TABLE ${documentTable(generation)} (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, traits TEXT NOT NULL);
  `)
}

/**
 * Writes the whole index anew as one segment, a step at a time; what was removed or replaced is then in none. FTS5's
 * secure-delete would do it with every change, at 15 to 30 ms for each text that is replaced. A step says whether there is
 * more to do.
 */
export function purgeSteps(connection: Connection, generation: number): () => boolean {
  const text = textTable(generation)
  const changes = (): bigint => connection.statement('SELECT total_changes() AS total').get()?.['total'] as bigint
  // The first step asks for one segment out of all.
  let pages = -PURGE_PAGES
  return () => {
    const before = changes()
    connection.write(() => connection.exec(`INSERT INTO ${text} (${text}, rank) VALUES ('merge', ${pages})`))
    pages = PURGE_PAGES
    // A step that finds nothing to do still counts as one change.
    return changes() - before >= 2n
  }
}

/** Drops what a gone generation left. */
export function dropTables(connection: Connection, generation: number): void {
  connection.write(() => {
    connection.exec(`
      DROP TABLE IF EXISTS ${textTable(generation)};
      DROP TABLE IF EXISTS ${documentTable(generation)};
    `)
    connection.statement('DELETE FROM generation WHERE number = ?').run(generation)
  })
}

/** A reader's token as one token of the index, whatever it holds. No word begins as it does. */
export function visibleToken(token: string): string {
  return `¶${Buffer.from(token).toString('hex')}`
}
