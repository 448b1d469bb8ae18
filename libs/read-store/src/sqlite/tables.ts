import type { FieldValue } from '../definition.ts'
import type { CollectionDefinition, Scalar } from '../port.ts'

/**
 * The tables of a collection in one generation. Documents: id, position, body (JSON; null: a tombstone) and a column for
 * each declared field, a set as a JSON array. One table per list, which is nothing but an index: (token of a reader,
 * value of each `where` field, sort key, id), one row for each token of `visibleTo` and one for the system, so that a
 * page is a walk along it whoever reads.
 */
export class Tables {
  readonly definition: CollectionDefinition
  readonly documents: string
  readonly fields: readonly string[]
  readonly columns: readonly string[]

  constructor(definition: CollectionDefinition, generation: number) {
    this.definition = definition
    this.documents = `"${definition.name}~${generation}"`
    this.fields = Object.keys(definition.fields)
    this.columns = this.fields.map((_, index) => `c${index}`)
  }

  list(index: number): string {
    return `${this.documents.slice(0, -1)}~${index}"`
  }

  column(field: string): string {
    return `c${this.fields.indexOf(field)}`
  }

  /** The columns of a list between token and sort key. */
  prefixColumns(index: number): string[] {
    return (this.definition.lists[index]?.where ?? []).map((_, place) => `w${place}`)
  }

  createDocuments(): string {
    const columns = this.columns.map((column) => `, ${column}`).join('')
    return `CREATE TABLE ${this.documents} (id TEXT PRIMARY KEY, position TEXT NOT NULL, body TEXT${columns})`
  }

  createList(index: number): string {
    const key = ['token', ...this.prefixColumns(index), 'k', 'id'].join(', ')
    return `CREATE TABLE ${this.list(index)} (${key}, PRIMARY KEY (${key})) WITHOUT ROWID`
  }

  /** Fills a list from the documents, in its own order, so that every page of it is written once. */
  fillList(index: number): string {
    const { where, sort } = this.#list(index)
    const isSet = (field: string) => this.definition.fields[field] === 'set'
    const sets = where.filter(isSet).map((field, place) => ({ field, alias: `s${place}` }))
    const values = where.map((field) => {
      const set = sets.find((set) => set.field === field)
      return set === undefined ? orLowest(`d.${this.column(field)}`) : `${set.alias}.value`
    })
    const from = [
      `${this.documents} d`,
      `json_each(json_insert(d.${this.column('visibleTo')}, '$[#]', ${SYSTEM})) t`,
      ...sets.map(({ field, alias }) => `json_each(d.${this.column(field)}) ${alias}`),
    ]
    const selected = ['t.value', ...values, orLowest(`d.${this.column(sort)}`), 'd.id']
    const order = selected.map((_, place) => place + 1).join(', ')
    return `INSERT INTO ${this.list(index)} SELECT ${selected.join(', ')} FROM ${from.join(', ')} WHERE d.body IS NOT NULL ORDER BY ${order}`
  }

  /** The rows of a list that a document with these values has, its id left out. */
  entries(index: number, values: readonly FieldValue[]): (string | number)[][] {
    const { where, sort } = this.#list(index)
    const alternatives = (field: string): (string | number)[] => {
      const value = values[this.fields.indexOf(field)] ?? null
      return Array.isArray(value) ? value : [storedKey(value)]
    }
    const rows = [SYSTEM, ...alternatives('visibleTo')].map((token): (string | number)[] => [token])
    return [...where, sort].reduce(
      (rows, field) => rows.flatMap((row) => alternatives(field).map((value) => [...row, value])),
      rows,
    )
  }

  #list(index: number) {
    const list = this.definition.lists[index]
    if (list === undefined) throw new RangeError(`${this.definition.name} has no list ${index}`)
    return list
  }
}

/** The system's token: a number, so that no reader can hold it. */
export const SYSTEM = 0

/** A key as lists hold it: keys cannot be null, and no JSON number is as low as this, nor any text. */
export function storedKey(key: Scalar): string | number {
  return key ?? Number.NEGATIVE_INFINITY
}

export const LOWEST_SQL = '-9e999'

function orLowest(column: string): string {
  return `ifnull(${column}, ${LOWEST_SQL})`
}
