import type { Connection } from './connection.ts'

const REMEMBERED_MAX = 10_000

/**
 * An audience is a `visibleTo` as a whole, by number: many documents have the same. Lists hold it where they would hold
 * every token, so that a document has two rows in a list whoever may see it, and each document is in one audience only.
 */
export class Audiences {
  readonly #connection: Connection
  readonly #remembered = new Map<string, number>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The number of an audience, given at first sight. Inside a transaction; call `forget` if that fails. */
  numberOf(visibleTo: readonly string[]): number {
    const members = JSON.stringify(visibleTo)
    const known = this.#remembered.get(members) ?? this.#stored(members) ?? this.#add(members, visibleTo)
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear()
    this.#remembered.set(members, known)
    return known
  }

  forget(): void {
    this.#remembered.clear()
  }

  #stored(members: string): number | null {
    const row = this.#connection.statement('SELECT number FROM audience WHERE members = ?').get(members)
    return row === undefined ? null : Number(row['number'])
  }

  #add(members: string, visibleTo: readonly string[]): number {
    const row = this.#connection.statement('INSERT INTO audience (members) VALUES (?) RETURNING number').get(members)
    const number = Number(row?.['number'])
    const add = this.#connection.statement('INSERT INTO audience_member (token, audience) VALUES (?, ?)')
    for (const token of visibleTo) add.run(token, number)
    return number
  }
}

/** As a subquery: the audiences that have one of the tokens, which are bound as a JSON array. */
export function audiencesOfTokens(parameter: string): string {
  return `SELECT audience FROM audience_member WHERE token IN (SELECT value FROM json_each(${parameter}))`
}

/** The audiences that have one of the tokens; null where there are more than `max`. */
export function findAudiences(connection: Connection, tokens: readonly string[], max: number): number[] | null {
  const rows = connection
    .statement(`SELECT DISTINCT audience FROM (${audiencesOfTokens('?1')}) LIMIT ?2`)
    .all(JSON.stringify(tokens), max + 1)
  return rows.length > max ? null : rows.map(({ audience }) => Number(audience))
}
