import type { Json } from './envelope.ts'
import { EventStoreError } from './errors.ts'

const DEPTH_MAX = 64

/**
 * The canonical text of a value (JCS, RFC 8785) for the values that events hold: well-formed strings and integers within
 * 2^53. Properties that are undefined are left out, as JSON leaves them out. Throws `VALUE_NOT_CANONICAL` for all else.
 */
export function canonicalJson(value: Json): string {
  return write(value, 0)
}

/** A property whose text is canonical already. */
export interface WrittenProperty {
  key: string
  text: string
}

/** As `canonicalJson`, of an object with one more property. */
export function canonicalJsonWith(object: { [key: string]: Json }, property: WrittenProperty): string {
  return writeObject(object, 1, property)
}

function write(value: Json | undefined, depth: number): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value)
    case 'number':
      if (!Number.isSafeInteger(value)) throw refused(`the number ${value}, which is no integer within 2^53`)
      return String(value === 0 ? 0 : value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (depth === DEPTH_MAX) throw refused(`more than ${DEPTH_MAX} levels`)
      return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1)
    default:
      throw refused(`a value of type ${typeof value}`)
  }
}

/** No quotation mark, backslash, control character or surrogate: stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

/** RFC 8785 escapes strings as ECMAScript does; only lone surrogates, which it forbids, are told apart beforehand. */
export function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw refused('a string with a lone surrogate')
  return JSON.stringify(text)
}

/** The keys of schemas are few and come with every event; they are quoted once. */
const quotedKeys = new Map<string, string>()
const QUOTED_KEYS_MAX = 4_096

function canonicalKey(key: string): string {
  const known = quotedKeys.get(key)
  if (known !== undefined) return known
  const quoted = `${canonicalString(key)}:`
  if (quotedKeys.size < QUOTED_KEYS_MAX) quotedKeys.set(key, quoted)
  return quoted
}

function writeArray(values: readonly Json[], depth: number): string {
  let text = '['
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ','
    text += write(values[index], depth)
  }
  return `${text}]`
}

function writeObject(object: { [key: string]: Json }, depth: number, written?: WrittenProperty): string {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) throw refused('an object that is not plain')
  const keys = Object.keys(object)
  if (written !== undefined) keys.push(written.key)
  let text = ''
  // Without a comparer JavaScript sorts by UTF-16 code units, which is the order of the RFC.
  for (const key of keys.sort()) {
    const value: Json | undefined = object[key]
    const isWritten = written?.key === key
    if (value === undefined && !isWritten) continue
    text += `${text === '' ? '{' : ','}${canonicalKey(key)}${isWritten ? written.text : write(value, depth)}`
  }
  return text === '' ? '{}' : `${text}}`
}

function refused(what: string): EventStoreError {
  return new EventStoreError('VALUE_NOT_CANONICAL', `An event may not hold ${what}.`)
}
