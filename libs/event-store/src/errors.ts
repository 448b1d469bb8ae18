export type EventStoreErrorCode =
  // what a caller did
  | 'STREAM_NAME_INVALID'
  | 'VERSION_INVALID'
  | 'APPEND_EMPTY'
  | 'APPEND_TOO_MANY'
  | 'APPEND_TOO_LARGE'
  | 'STREAM_FULL'
  | 'EVENT_ID_USED'
  | 'EVENT_TYPE_UNKNOWN'
  | 'EVENT_INVALID'
  | 'EVENT_METADATA_INVALID'
  | 'VALUE_NOT_CANONICAL'
  | 'POSITION_INVALID'
  | 'KEY_DESTROYED'
  // what a catalog holds
  | 'CATALOG_INVALID'
  // what was found in the store
  | 'EVENT_VERSION_TOO_NEW'
  | 'EVENT_ROW_MALFORMED'
  | 'EVENT_BOX_INVALID'
  // what was found where events are copied to
  | 'TARGET_DIFFERS'
  // the store itself
  | 'STORE_IN_USE'
  | 'STORE_LOCKED'
  | 'STORE_MISSING'
  | 'STORE_FOREIGN'
  | 'STORE_TOO_NEW'
  | 'STORE_CORRUPT'
  | 'STORE_READ_ONLY'
  | 'STORE_DISK_FULL'
  | 'STORE_FAILED'
  | 'STORE_UNAVAILABLE'
  | 'STORE_ACCESS_DENIED'
  | 'STORE_CLOSED'
  | 'STORE_ADDRESS_UNKNOWN'

/** A failure of the event store. Branch on `code`; the message says where, and what to do. Never holds event content. */
export class EventStoreError extends Error {
  readonly code: EventStoreErrorCode

  constructor(code: EventStoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'EventStoreError'
    this.code = code
  }
}
