import type { Document, Filter } from 'mongodb'
import type { CheckedChange } from '../changes.ts'
import { ownFields, type FieldValue } from '../definition.ts'
import type { Place, Plan } from '../plan.ts'
import type { CollectionDefinition, Range, ReadDocument, StoredDocument } from '../port.ts'

/** A read model's document as MongoDB keeps it, in a collection of its generation and its own collection's name. */
export interface StoredFields {
  position: string
  /** False: a tombstone. */
  live: boolean
  visibleTo: string[]
  /** The declared fields but `visibleTo`, null where they are missing. */
  fields: Record<string, FieldValue>
  /** JSON, so that it comes back as it was given, down to characters that BSON does not take. Null: a tombstone. */
  body: string | null
}
export interface Stored extends StoredFields {
  _id: string
}

const SEPARATOR = '~'

export function collectionName(definition: CollectionDefinition, generation: number): string {
  return `${definition.name}${SEPARATOR}${generation}`
}

/** The generation that a collection belongs to; null where it is none of ours. */
export function generationOf(name: string): number | null {
  const number = /^[a-z][a-z0-9-]*~(\d+)$/.exec(name)?.[1]
  return number === undefined ? null : Number(number)
}

export function storedFields(definition: CollectionDefinition, { position, fields }: CheckedChange): StoredFields {
  if (fields === null) return { position, live: false, visibleTo: [], fields: {}, body: null }
  const named = ownFields(definition).map(([field], place): [string, FieldValue] => [
    field,
    fields.values[place] ?? null,
  ])
  return { position, live: true, visibleTo: fields.visibleTo, fields: Object.fromEntries(named), body: fields.body }
}

export function storedDocument({ _id, position, body }: Pick<Stored, '_id' | 'position' | 'body'>): StoredDocument {
  return { id: _id, position, document: body === null ? null : (JSON.parse(body) as ReadDocument) }
}

/** The path of a declared field other than `visibleTo`. */
export function pathOf(field: string): string {
  return `fields.${field}`
}

export interface IndexDescription {
  name: string
  key: Record<string, 1>
}

/**
 * For each list its conditions, then its order; and the same with who may see the document before the order. Of several
 * sets, of which that is one, an index takes only the first.
 */
export function indexesOf(definition: CollectionDefinition): IndexDescription[] {
  const indexes = definition.lists.flatMap(({ where, sort }, list): IndexDescription[] => {
    const sets = where.filter((field) => definition.fields[field] === 'set')
    const conditions = where.filter((field) => !sets.slice(1).includes(field)).map(pathOf)
    const index = (name: string, paths: string[]) => ({
      name,
      key: Object.fromEntries(['live', ...paths, pathOf(sort), '_id'].map((path): [string, 1] => [path, 1])),
    })
    const whole = index(`list-${list}`, conditions)
    if (sets.length > 0) return [whole]
    return [whole, index(`list-${list}-seen`, [...conditions, 'visibleTo'])]
  })
  const keys = indexes.map(({ key }) => JSON.stringify(Object.keys(key)))
  return indexes.filter((_, place) => keys.indexOf(keys[place] ?? '') === place)
}

/** What a list's conditions, its range and the reader's tokens let through; null where nothing can be found. */
export function listFilter(
  definition: CollectionDefinition,
  plan: Plan,
  tokens: readonly string[] | null,
): Filter<Stored> | null {
  const list = definition.lists[plan.list]
  if (list === undefined) throw new RangeError(`${definition.name} has no list ${plan.list}`)
  if (tokens?.length === 0 || plan.prefix.some((values) => values.length === 0)) return null
  const filter: Document = { live: true }
  list.where.forEach((field, place) => {
    filter[pathOf(field)] = oneOf(plan.prefix[place] ?? [])
  })
  if (tokens !== null) filter['visibleTo'] = oneOf(tokens)
  if (plan.range !== null) filter[pathOf(list.sort)] = operators(plan.range)
  return filter
}

function oneOf(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : { $in: values }
}

/** MongoDB compares within a type only, so that what is missing is in no range. */
function operators(range: Range): Document {
  return Object.fromEntries(Object.entries(range).map(([name, value]) => [`$${name}`, value]))
}

/** What comes after a place in the order of a field; null sorts before everything else. */
export function afterPlace(sort: string, direction: 'ascending' | 'descending', { key, id }: Place): Filter<Stored> {
  const [path, operator] = [pathOf(sort), direction === 'ascending' ? '$gt' : '$lt']
  const alike: Document = { [path]: key, _id: { [operator]: id } }
  if (key === null) {
    return direction === 'ascending' ? { $or: [{ [path]: { $ne: null } }, alike] } : alike
  }
  const beyond: Document[] = [{ [path]: { [operator]: key } }]
  if (direction === 'descending') beyond.push({ [path]: null })
  return { $or: [...beyond, alike] }
}
