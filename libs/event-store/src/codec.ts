import { z } from 'zod'
import { openBox, fillPlaceholders, sealBox } from './box.ts'
import type { Catalog, EventFormat } from './catalog.ts'
import { eventDigest } from './chain.ts'
import { ERASED } from './envelope.ts'
import type {
  EventMetadata,
  Integrity,
  Json,
  JsonObject,
  NewEvent,
  RecordedEvent,
  SealedBox,
  StoredEvent,
} from './envelope.ts'
import { EventStoreError } from './errors.ts'
import type { EventStoreErrorCode } from './errors.ts'
import { canonicalJson, canonicalJsonWith } from './jcs.ts'
import type { LogRow, NewLogEvent } from './log.ts'
import {
  integrityText,
  isPlainlyMetadata,
  isPlainlyNewMetadata,
  metadataSchema,
  metadataText,
  newMetadataSchema,
} from './metadata.ts'
import { SEALED, sealingPlan } from './sealing-plan.ts'
import type { SealingPlan } from './sealing-plan.ts'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A new event, checked, with its sensitive values taken out. */
export interface PreparedEvent {
  event: NewEvent
  version: number
  /** As the schema gives it back: defaults filled in. */
  open: JsonObject
  data: JsonObject
  values: Json[]
}

/** Where a new event comes to stand. */
export interface EventPlace {
  stream: string
  revision: number
  previous: string | null
  recordedAt: string
}

/** Finds a key by the name that a box carries; null once it was destroyed. */
export type KeyFinder = (keyId: string) => Promise<Uint8Array | null>

export interface Codec {
  /** Checks a new event and takes out what is sensitive. */
  prepare(event: NewEvent): PreparedEvent
  /** Seals and chains; `sizeBytes` is what the texts take. A `key` makes a box, also of no values; without one there must be no values. */
  encode(
    prepared: PreparedEvent,
    place: EventPlace,
    key: { keyId: string; key: Uint8Array } | null,
  ): { row: NewLogEvent; metadata: EventMetadata; sizeBytes: number }
  /** Opens, lifts to the current version, checks. */
  decode(row: LogRow, findKey: KeyFinder): Promise<RecordedEvent>
  /** Checks the stored form; needs no key. An older version that holds a box is checked no further than its envelope. */
  decodeStored(row: LogRow): StoredEvent
}

interface Format extends EventFormat {
  plan: SealingPlan
}

/** Throws `CATALOG_INVALID` where a schema can't be stored or an upcaster is missing. */
export function createCodec(catalog: Catalog): Codec {
  const formats = new Map(Object.entries(catalog).map(([type, format]) => [type, compile(type, format)]))

  const formatOf = (row: LogRow): Format => {
    const format = formats.get(row.type)
    if (format === undefined)
      throw at(row, 'EVENT_TYPE_UNKNOWN', 'this version of Huiying knows no such type; update it')
    if (row.version > format.version) {
      throw at(row, 'EVENT_VERSION_TOO_NEW', `version ${row.version} is newer than ${format.version}; update Huiying`)
    }
    return format
  }

  return {
    prepare(event) {
      if (!ID.test(event.id))
        throw new EventStoreError('EVENT_INVALID', `The id "${event.id}" is no UUID in lower case.`)
      const format = formats.get(event.type)
      if (format === undefined) {
        throw new EventStoreError('EVENT_TYPE_UNKNOWN', `No format is known for events of type "${event.type}".`)
      }
      if (!isPlainlyNewMetadata(event.metadata)) {
        const metadata = newMetadataSchema.safeParse(event.metadata)
        if (!metadata.success) {
          throw issues(`The metadata of ${event.type} ${event.id}`, 'EVENT_METADATA_INVALID', metadata.error)
        }
      }
      const checked = z.safeParse(format.schema, event.data)
      if (!checked.success) throw issues(`The data of ${event.type} ${event.id}`, 'EVENT_INVALID', checked.error)
      const open = checked.data as JsonObject
      const { seal, hasFreeKeys } = format.plan
      const values: Json[] = []
      const data = seal === null ? open : (seal(open, values) as JsonObject)
      if (hasFreeKeys && !hasPlainKeys(open)) {
        throw new EventStoreError(
          'EVENT_INVALID',
          `The data of ${event.type} ${event.id} uses the reserved key "${SEALED}", or one that JSON must escape.`,
        )
      }
      return { event, version: format.version, open, data, values }
    },

    encode({ event, version, data, values }, { stream, revision, previous, recordedAt }, key) {
      const { id, type } = event
      const box = key === null ? null : sealBox(key.keyId, key.key, { stream, id, type }, values)
      const text = box === null ? canonicalJson(data) : canonicalJsonWith(data, { key: SEALED, text: box })
      const { before, after } = metadataText(event.metadata, recordedAt)
      // Measuring the text also makes it one piece in memory, which all that follows is quicker with.
      let sizeBytes = Buffer.byteLength(text)
      const digest = eventDigest({ stream, revision, id, type, version, data: text, metadata: before + after })
      const integrity: Integrity = { algorithm: 'sha256-jcs-1', previous, digest }
      const fullMetadata = before + integrityText(integrity) + after
      sizeBytes += Buffer.byteLength(fullMetadata)
      return {
        row: { stream, revision, id, type, version, data: text, metadata: fullMetadata, digest },
        metadata: { ...event.metadata, recordedAt, integrity },
        sizeBytes,
      }
    },

    async decode(row, findKey) {
      const format = formatOf(row)
      const { data: sealed, metadata } = parseRow(row)
      const { data, box } = takeBox(sealed)
      let isErased = false
      if (box !== null) {
        const key = await findKey(box.keyId)
        const values = key === null ? null : openBox(box, key, row)
        isErased = key === null
        if ((!isErased && values === null) || !fillPlaceholders(data, (n) => (isErased ? ERASED : values?.[n]))) {
          throw at(row, 'EVENT_BOX_INVALID', 'its sealed box was changed, or moved here from another event')
        }
      }
      const current = lift(row, format, data)
      const checked = z.safeParse(isErased ? format.plan.erased : format.schema, current)
      if (!checked.success) throw issues(describeRow(row), 'EVENT_INVALID', checked.error)
      return recorded(row, format.version, checked.data as JsonObject, metadata)
    },

    decodeStored(row) {
      const format = formatOf(row)
      const { data, metadata } = parseRow(row)
      if (row.version === format.version) {
        const checked = z.safeParse(format.plan.stored, data)
        if (!checked.success) throw issues(describeRow(row), 'EVENT_INVALID', checked.error)
      } else if (data[SEALED] === undefined) {
        const checked = z.safeParse(format.plan.stored, lift(row, format, structuredClone(data)))
        if (!checked.success) throw issues(describeRow(row), 'EVENT_INVALID', checked.error)
      }
      return recorded(row, row.version, data, metadata)
    },
  }
}

function compile(type: string, format: EventFormat): Format {
  for (let version = 1; version < format.version; version += 1) {
    if (format.upcasters[version] === undefined) {
      throw new EventStoreError(
        'CATALOG_INVALID',
        `${type} is at version ${format.version} and lacks upcaster ${version}.`,
      )
    }
  }
  return { ...format, plan: sealingPlan(type, format.schema) }
}

/** Data and metadata of a row, the latter checked. Throws `EVENT_ROW_MALFORMED`, `EVENT_METADATA_INVALID`. */
export function parseRow(row: LogRow): { data: JsonObject; metadata: EventMetadata } {
  let data: Json
  let metadata: Json
  try {
    data = JSON.parse(row.data) as Json
    metadata = JSON.parse(row.metadata) as Json
  } catch (error) {
    throw at(row, 'EVENT_ROW_MALFORMED', 'its data or metadata is no JSON', error)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw at(row, 'EVENT_ROW_MALFORMED', 'its data is no object')
  }
  if (isPlainlyMetadata(metadata)) return { data, metadata }
  const checked = metadataSchema.safeParse(metadata)
  if (!checked.success) throw issues(describeRow(row), 'EVENT_METADATA_INVALID', checked.error)
  return { data, metadata: checked.data }
}

function takeBox(sealed: JsonObject): { data: JsonObject; box: SealedBox | null } {
  const { [SEALED]: box, ...data } = sealed
  return { data, box: box === undefined ? null : (box as unknown as SealedBox) }
}

function lift(row: LogRow, format: Format, data: JsonObject): unknown {
  let lifted: Record<string, unknown> = data
  for (let version = row.version; version < format.version; version += 1) {
    try {
      lifted = format.upcasters[version]!(lifted)
    } catch (error) {
      throw at(row, 'EVENT_INVALID', `it can't be lifted from version ${version}`, error)
    }
  }
  return lifted
}

function recorded(row: LogRow, version: number, data: JsonObject, metadata: EventMetadata): StoredEvent {
  const { position, stream, revision, id, type } = row
  return { position, stream, revision, id, type, version, data, metadata }
}

/** See docs/decisions/0011: the engine's `JSON.parse` takes some keys that are escaped for others. */
const ESCAPED = /["\\\p{Cc}]/u

function hasPlainKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  const isPlain = Array.isArray(value) || Object.keys(value).every((key) => key !== SEALED && !ESCAPED.test(key))
  return isPlain && Object.values(value).every(hasPlainKeys)
}

/** How messages name an event. */
export function describeRow(row: LogRow): string {
  return `Event ${row.revision} of ${row.stream} (${row.type}, position ${row.position})`
}

function at(row: LogRow, code: EventStoreErrorCode, what: string, cause?: unknown): EventStoreError {
  return new EventStoreError(code, `${describeRow(row)}: ${what}.`, cause)
}

/** Paths and rules only: messages of zod can quote what was found, and that may be personal. */
function issues(subject: string, code: EventStoreErrorCode, error: z.core.$ZodError): EventStoreError {
  const found = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || '(all)'}: ${issue.code}`)
  return new EventStoreError(code, `${subject} breaks its schema at ${found.join('; ')}.`)
}
