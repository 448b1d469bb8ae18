/** The envelope: final from the first event ever stored (DESIGN §3). */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** A place in one store's order: opaque, sorts as text, neither a number nor dense. It dies with a migration. */
export type Position = string
/** `start`, or the position after which to read. */
export type From = Position

/** A stream's revision and last digest, as the last read or append of that stream returned them. Opaque. */
export type StreamVersion = string
/** `no-stream`, or a stream's version. */
export type ExpectedVersion = StreamVersion

export type EventActor = { person: string; department: string; role: string } | { policy: string }

export interface Integrity {
  /** How `digest` was made; named in each event so that a later algorithm can follow an earlier one. */
  algorithm: 'sha256-jcs-1'
  /** The digest of the event before it in its stream; null at revision 0. */
  previous: string | null
  /** SHA-256, hex, of the JCS bytes of {stream, revision, id, type, version, data, metadata without integrity} as stored. */
  digest: string
}

export interface EventMetadata {
  /** When it happened (instant, UTC, milliseconds). */
  occurredAt: string
  /** When it was written. Our own, because no engine's can be trusted to the millisecond. */
  recordedAt: string
  actor: EventActor
  /** The command that gave it; a command given twice is found by it in the stream that it changes. */
  commandId: string
  /** HMAC over the command's body under the stream's key, so that the same key with another body is an error. Null for policies. */
  commandFingerprint: string | null
  /** The first cause of a chain of commands and events. */
  correlationId: string
  /** The event that caused it; null where a person's command did. */
  causationId: string | null
  /** `history`: imported from before the system; nothing that time does arises from it. */
  origin: 'live' | 'history'
  /** The case it belongs to, where there is one: what integration events are keyed by. */
  caseId: string | null
  integrity: Integrity
}

/** An event on its way in. `id` is fixed before the first attempt, so that a retry writes nothing twice. */
export interface NewEvent {
  id: string
  type: string
  data: JsonObject
  metadata: Omit<EventMetadata, 'recordedAt' | 'integrity'>
}

/**
 * An event as it is stored. Sensitive values are sealed: where one stood, `data` holds `{ "sealed": n }`, and `data.sealed`
 * holds the one box of the event, whose clear text is the JSON array of the n values.
 */
export interface StoredEvent {
  position: Position
  stream: string
  revision: number
  id: string
  type: string
  version: number
  data: JsonObject
  metadata: EventMetadata
}

/** AES-256-GCM, base64; additional data binds it to {stream, id, type} of its event. */
export interface SealedBox {
  keyId: string
  algorithm: 'aes-256-gcm'
  iv: string
  ciphertext: string
  tag: string
}

/** An event as readers get it: checked, lifted to the current version, opened. A value whose key was destroyed reads as `ERASED`. */
export type RecordedEvent = StoredEvent

/** What stands where a sealed value stood whose key was destroyed. */
export const ERASED = '〔已销毁〕'
