import { ownFields, type FieldValue } from '../definition.ts'
import type { CollectionDefinition, FieldKind, ListDefinition, Scalar } from '../port.ts'

/**
 * The tables of a collection in one generation. Documents: id, position, body (JSON; null: a tombstone), audience, and a
 * column for each declared field, a set as a JSON array. Two tables per list, which are nothing but indexes: one by
 * (values of the `where` fields, sort key, id), one by (audience and the same), so that a page is a walk along one or a
 * few of them whether the reader sees nearly everything or nearly nothing.
 */
export class Tables {
  readonly definition: CollectionDefinition
  readonly documents: string
  readonly columns: readonly string[]
  readonly kinds: readonly FieldKind[]
  readonly #prefix: string
  readonly #fields: readonly string[]

  constructor(definition: CollectionDefinition, generation: number) {
    const fields = ownFields(definition)
    this.definition = definition
    this.#prefix = `${definition.name}~${generation}`
    this.documents = `"${this.#prefix}"`
    this.#fields = fields.map(([field]) => field)
    this.kinds = fields.map(([, kind]) => kind)
    this.columns = fields.map((_, place) => `c${place}`)
  }

  /** A list for readers who see all or much: (w0 …, k, id) and the audience. */
  wholeList(index: number): string {
    return `"${this.#prefix}~${index}"`
  }

  /** A list in parts, one for each audience: (audience, w0 …, k, id). */
  partedList(index: number): string {
    return `"${this.#prefix}~${index}~parted"`
  }

  column(field: string): string {
    return `c${this.#fields.indexOf(field)}`
  }

  /** The columns of a list that hold its `where` fields. */
  whereColumns(index: number): string[] {
    return this.#list(index).where.map((_, place) => `w${place}`)
  }

  tableNames(): string[] {
    const lists = this.definition.lists.flatMap((_, index) => [this.wholeList(index), this.partedList(index)])
    return [...lists, this.documents]
  }

  createDocuments(): string {
    const columns = this.columns.map((column) => `, ${column}`).join('')
    return `CREATE TABLE ${this.documents} (id TEXT PRIMARY KEY, position TEXT NOT NULL, body TEXT, audience INTEGER${columns})`
  }

  createList(index: number): string {
    const key = this.#key(index).join(', ')
    return `
      CREATE TABLE ${this.wholeList(index)} (${key}, audience INTEGER NOT NULL, PRIMARY KEY (${key})) WITHOUT ROWID;
      CREATE TABLE ${this.partedList(index)} (audience INTEGER, ${key}, PRIMARY KEY (audience, ${key})) WITHOUT ROWID;
    `
  }

  /** Fills a list from the documents, in its own order, so that every page of it is written once. */
  fillList(index: number): string {
    const { where, sort } = this.#list(index)
    const sets = where.filter((field) => this.definition.fields[field] === 'set')
    const values = where.map((field) =>
      sets.includes(field) ? `s${sets.indexOf(field)}.value` : orLowest(`d.${this.column(field)}`),
    )
    const from = [`${this.documents} d`, ...sets.map((field, place) => `json_each(d.${this.column(field)}) s${place}`)]
    const key = [...values, orLowest(`d.${this.column(sort)}`), 'd.id']
    const fill = (table: string, columns: string[], order: string[]) =>
      `INSERT INTO ${table} SELECT ${columns.join(', ')} FROM ${from.join(', ')} WHERE d.body IS NOT NULL ORDER BY ${order.join(', ')};`
    return (
      fill(this.wholeList(index), [...key, 'd.audience'], key) +
      fill(this.partedList(index), ['d.audience', ...key], ['d.audience', ...key])
    )
  }

  /** ?1 the audience, then the key. */
  enterWhole(index: number): string {
    const key = this.#key(index)
    return `INSERT INTO ${this.wholeList(index)} (audience, ${key.join(', ')}) VALUES (?${', ?'.repeat(key.length)})`
  }

  /** ?1 the audience, then the key. */
  enterParted(index: number): string {
    const key = this.#key(index)
    return `INSERT INTO ${this.partedList(index)} (audience, ${key.join(', ')}) VALUES (?${', ?'.repeat(key.length)})`
  }

  /** The key. */
  leaveWhole(index: number): string {
    return `DELETE FROM ${this.wholeList(index)} WHERE ${this.#key(index).map(equals).join(' AND ')}`
  }

  /** ?1 the audience, then the key. */
  leaveParted(index: number): string {
    return `DELETE FROM ${this.partedList(index)} WHERE ${['audience', ...this.#key(index)].map(equals).join(' AND ')}`
  }

  /** The keys, without id, under which a document with these values stands in a list: several where a set is in `where`. */
  keys(index: number, values: readonly FieldValue[]): (string | number)[][] {
    const { where, sort } = this.#list(index)
    return [...where, sort].reduce<(string | number)[][]>(
      (keys, field) => {
        const value = values[this.#fields.indexOf(field)] ?? null
        const alternatives = Array.isArray(value) ? value : [storedKey(value)]
        return keys.flatMap((key) => alternatives.map((one) => [...key, one]))
      },
      [[]],
    )
  }

  #key(index: number): string[] {
    return [...this.whereColumns(index), 'k', 'id']
  }

  #list(index: number): ListDefinition {
    const list = this.definition.lists[index]
    if (list === undefined) throw new RangeError(`${this.definition.name} has no list ${index}`)
    return list
  }
}

/** A key as lists hold it: keys cannot be null, and no JSON number is as low as this, nor any text. */
export function storedKey(key: Scalar): string | number {
  return key ?? Number.NEGATIVE_INFINITY
}

export const LOWEST_SQL = '-9e999'

function orLowest(column: string): string {
  return `ifnull(${column}, ${LOWEST_SQL})`
}

function equals(column: string): string {
  return `${column} = ?`
}
