import { MessagingError } from '../errors.ts'

/** What is to be done about a failure of the client library. */
export type Verdict =
  /** The broker is away, or not ready: the same again, by the same client. */
  | 'again'
  /** The client's state is of no use any more: the same again, by a new one. */
  | 'anew'
  /** The topic is not there; it may not be there yet. */
  | 'topic unknown'
  /** What was sent together is too large for this topic. */
  | 'too large'
  | 'not authorised'
  | 'refused'

/** Errors of the library as they are met: it states `name`, `type`, `code`, `cause`. */
interface LibraryError extends Error {
  type?: string
  code?: string | number
  retriable?: boolean
}

/** The error at the bottom: the library wraps what failed into what gave up, and calls that not retriable. */
export function rootOf(error: unknown): LibraryError {
  let root = error
  for (
    let depth = 0;
    depth < 10 && root instanceof Error && root.cause instanceof Error && root.cause !== root;
    depth += 1
  ) {
    root = root.cause
  }
  return root instanceof Error ? root : new Error(String(root))
}

/** The group gave our place to somebody else, or is about to share out anew: what is in hand is not ours to commit. */
export function isPlaceLost(error: unknown): boolean {
  const { type } = rootOf(error)
  return type !== undefined && PLACE_LOST.has(type)
}

const PLACE_LOST = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID'])
const SEQUENCE_LOST = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
])
const NOT_AUTHORISED = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'SECURITY_DISABLED',
])
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

export function judge(error: unknown): Verdict {
  const root = rootOf(error)
  if (root.name === 'KafkaJSSASLAuthenticationError') return 'not authorised'
  if (root.name === 'KafkaJSNotImplemented') return 'refused'
  if (root.type !== undefined) {
    if (SEQUENCE_LOST.has(root.type)) return 'anew'
    if (NOT_AUTHORISED.has(root.type)) return 'not authorised'
    if (TOO_LARGE.has(root.type)) return 'too large'
    if (root.type === 'UNKNOWN_TOPIC_OR_PARTITION') return 'topic unknown'
    return root.retriable === false ? 'refused' : 'again'
  }
  if (root.name.startsWith('KafkaJS') || root.code !== undefined) return 'again'
  // Not a failure that the library knows: one of its own faults, most likely after a broken connection.
  return 'anew'
}

/** The error that a caller gets: what was being done, and what the broker said. */
export function translate(error: unknown, doing: string): MessagingError {
  if (error instanceof MessagingError) return error
  const said = rootOf(error).message
  switch (judge(error)) {
    case 'topic unknown':
      return new MessagingError('TOPIC_UNKNOWN', `${doing}: the topic is not there. Make it first. (${said})`, error)
    case 'too large':
      return new MessagingError(
        'MESSAGE_TOO_LARGE',
        `${doing}: the topic takes no message of this size. Raise its max.message.bytes. (${said})`,
        error,
      )
    case 'not authorised':
      return new MessagingError(
        'NOT_AUTHORISED',
        `${doing}: the broker does not let this user. Check user, password and access rules. (${said})`,
        error,
      )
    case 'refused':
      return new MessagingError('BROKER_REFUSED', `${doing}: the broker refused. (${said})`, error)
    case 'again':
    case 'anew':
      return new MessagingError(
        'BROKER_AWAY',
        `${doing}: the broker cannot be reached or is not ready. (${said})`,
        error,
      )
  }
}
