export { MessagingError } from './errors.ts'
export type { MessagingErrorCode } from './errors.ts'
export { parseKafkaAddress } from './kafka/address.ts'
export type { KafkaAddress, PasswordPlace, SaslMechanism } from './kafka/address.ts'
export { openMessaging } from './open.ts'
export type { MessagingObserver, MessagingOptions, Pauses } from './options.ts'
export { partitionOf } from './partition.ts'
export { BATCH_MESSAGES_MAX, DEFAULT_BATCH_MESSAGES, MESSAGE_BYTES_MAX, PUBLISH_MESSAGES_MAX } from './port.ts'
export type {
  ConsumeOptions,
  Consumption,
  IncomingMessage,
  MessageHandler,
  Messaging,
  OutgoingMessage,
  TopicDefinition,
} from './port.ts'
