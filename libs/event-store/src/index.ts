export { openEventLog } from './address.ts'
export type { Catalog, EventFormat } from './catalog.ts'
export { compareLogs, copyLog } from './copy-log.ts'
export type { LogComparison, LogPair } from './copy-log.ts'
export { ERASED } from './envelope.ts'
export type {
  EventActor,
  EventMetadata,
  ExpectedVersion,
  From,
  Integrity,
  Json,
  JsonObject,
  NewEvent,
  Position,
  RecordedEvent,
  SealedBox,
  StoredEvent,
  StreamVersion,
} from './envelope.ts'
export { EventStoreError } from './errors.ts'
export type { EventStoreErrorCode } from './errors.ts'
export { canonicalJson } from './jcs.ts'
export type { EventLog, LogAppendResult, LogEvent, LogRow, NewLogEvent, PageLimit, StreamPlace, Tip } from './log.ts'
export { APPEND_BYTES_MAX, APPEND_EVENTS_MAX, STREAM_EVENTS_MAX } from './port.ts'
export type {
  AppendResult,
  EventStore,
  ReadAllOptions,
  StreamSlice,
  SubscribeOptions,
  SubscriptionMessage,
} from './port.ts'
export { openSqliteLog } from './sqlite/log.ts'
export type { SqliteLogOptions } from './sqlite/log.ts'
export { openEventStore } from './store.ts'
export type { EventStoreParts } from './store.ts'
export { verifyLog } from './verify.ts'
export type { Finding, FindingCode, VerifyMessage, VerifyOptions } from './verify.ts'
