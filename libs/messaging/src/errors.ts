export type MessagingErrorCode =
  // what a caller did
  | 'BAD_ADDRESS'
  | 'BAD_TOPIC'
  | 'BAD_MESSAGE'
  | 'BAD_CONSUMER'
  | 'MESSAGE_TOO_LARGE'
  | 'TOO_MANY_MESSAGES'
  | 'TOPIC_UNKNOWN'
  | 'PUBLISH_ABORTED'
  | 'CLOSED'
  // the broker
  | 'BROKER_AWAY'
  | 'BROKER_REFUSED'
  | 'NOT_AUTHORISED'
  | 'PUBLISH_QUEUE_FULL'
  | 'CONSUMER_SILENT'

/** A failure of messaging. Branch on `code`; the message says what to do. Never holds a message's content, nor a password. */
export class MessagingError extends Error {
  readonly code: MessagingErrorCode

  constructor(code: MessagingErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'MessagingError'
    this.code = code
  }
}
