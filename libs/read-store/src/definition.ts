import { ReadStoreError } from './errors.ts'
import {
  COLLECTION_FIELDS_MAX,
  COLLECTION_LISTS_MAX,
  DOCUMENT_CHARS_MAX,
  FIELD_CHARS_MAX,
  ID_CHARS_MAX,
  LIST_FIELDS_MAX,
  SET_MEMBERS_MAX,
  type CollectionDefinition,
  type FieldKind,
  type JsonValue,
  type ReadDocument,
} from './port.ts'

const NAME = /^[a-z][a-z0-9-]{0,63}$/
const FIELD = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

/** Throws `BAD_DEFINITION` unless each definition is of this projection and keeps the rules that the port states. */
export function checkDefinitions(projection: string, definitions: readonly CollectionDefinition[]): void {
  require(NAME.test(projection), `Name the projection ${projection} in lower case letters, digits and hyphens`)
  const names = new Set(definitions.map((definition) => definition.name))
  require(names.size === definitions.length && names.size > 0, 'Give a projection collections with different names')
  for (const definition of definitions) checkDefinition(projection, definition)
}

function checkDefinition(projection: string, { name, projection: owner, fields, lists }: CollectionDefinition): void {
  require(NAME.test(name), `Name the collection ${name} in lower case letters, digits and hyphens`)
  require(owner === projection, `Collection ${name} names the projection ${owner}; make it ${projection}`)
  const names = Object.keys(fields)
  require(names.length <= COLLECTION_FIELDS_MAX, `Declare at most ${COLLECTION_FIELDS_MAX} fields in ${name}`)
  require(fields['visibleTo'] === 'set', `Declare visibleTo as a set in ${name}`)
  for (const field of names) require(FIELD.test(field) && field !== 'id', `Rename the field ${field} of ${name}`)
  require(lists.length <= COLLECTION_LISTS_MAX, `Declare at most ${COLLECTION_LISTS_MAX} lists in ${name}`)
  for (const { where, sort } of lists) {
    const kind = kindOf(fields, sort)
    require(kind === 'text' || kind === 'number', `Sort lists of ${name} by a declared text or number, not ${sort}`)
    require(where.length <= LIST_FIELDS_MAX, `Give lists of ${name} at most ${LIST_FIELDS_MAX} fields`)
    require(new Set([...where, sort]).size === where.length + 1, `A list of ${name} names a field twice`)
    for (const field of where)
      require(kindOf(fields, field) !== null && field !== 'visibleTo', `${name}: no list by ${field}`)
  }
}

function require(condition: boolean, message: string): void {
  if (!condition) throw new ReadStoreError('BAD_DEFINITION', message)
}

/** The kind of a declared field, null for any other name. */
export function kindOf(fields: CollectionDefinition['fields'], field: string): FieldKind | null {
  return Object.hasOwn(fields, field) ? (fields[field] ?? null) : null
}

/** The declared fields but `visibleTo`. */
export function ownFields({ fields }: CollectionDefinition): [string, FieldKind][] {
  return Object.entries(fields).filter(([field]) => field !== 'visibleTo')
}

/** What a field of a document is to queries: text, number, null where missing; a set sorted and without repeats. */
export type FieldValue = string | number | null | string[]

export interface DocumentFields {
  /** The declared fields but `visibleTo`, in the order of their declaration. */
  values: FieldValue[]
  visibleTo: string[]
  body: string
}

/**
 * A document's declared fields and its JSON. Throws `BAD_DOCUMENT` where the
 * id or a declared field breaks a rule: it has another kind, is too long, holds NUL or half a surrogate pair.
 */
export function readFields(definition: CollectionDefinition, id: string, document: ReadDocument): DocumentFields {
  const bad = (what: string) => new ReadStoreError('BAD_DOCUMENT', `Document ${id} of ${definition.name}: ${what}`)
  if (document.id !== id) throw bad('its id is not the id of the change')
  if (id.length === 0 || id.length > ID_CHARS_MAX || !isPlainText(id))
    throw bad(`give an id of 1 to ${ID_CHARS_MAX} characters`)
  const valueOf = (field: string, kind: FieldKind): FieldValue => {
    const value = readField(kind, Object.hasOwn(document, field) ? document[field] : null)
    if (value === undefined) throw bad(`${field} is not a ${kind} within bounds`)
    return value
  }
  const visibleTo = valueOf('visibleTo', 'set')
  const values = ownFields(definition).map(([field, kind]) => valueOf(field, kind))
  const body = JSON.stringify(document)
  if (body.length > DOCUMENT_CHARS_MAX) throw bad(`it is longer than ${DOCUMENT_CHARS_MAX} characters`)
  return { values, visibleTo: Array.isArray(visibleTo) ? visibleTo : [], body }
}

function readField(kind: FieldKind, value: JsonValue | undefined): FieldValue | undefined {
  if (kind === 'set') return value === null || value === undefined ? [] : readSet(value)
  if (value === null || value === undefined) return null
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : undefined
  return isFieldText(value) ? value : undefined
}

function readSet(value: JsonValue): string[] | undefined {
  if (!Array.isArray(value) || value.length > SET_MEMBERS_MAX || !value.every(isFieldText)) return undefined
  return [...new Set(value)].sort()
}

/** A text that a declared field may hold. */
export function isFieldText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= FIELD_CHARS_MAX && isPlainText(value)
}

/** What every engine keeps as it is: no NUL, no half of a surrogate pair. */
function isPlainText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}
