export { BATCH_MESSAGES_MAX, MESSAGE_BYTES_MAX, PUBLISH_MESSAGES_MAX } from './port.ts'
export type {
  ConsumeOptions,
  Consumption,
  IncomingMessage,
  MessageHandler,
  Messaging,
  OutgoingMessage,
  TopicDefinition,
} from './port.ts'
