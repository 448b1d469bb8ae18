import { CheckedMessaging } from './checked.ts'
import { MessagingError } from './errors.ts'
import { InprocMessaging } from './inproc/messaging.ts'
import { KafkaMessaging } from './kafka/messaging.ts'
import type { MessagingOptions } from './options.ts'
import type { Messaging } from './port.ts'

/**
 * Chooses the broker by an address and by nothing else; connects to nothing yet.
 *
 * - `inproc:` or `inproc:NAME`: in this process's memory, for as long as the process lives. Not durable. Whoever opens the
 *   same name in this process has the same broker.
 * - `kafka://host:port,host:port?…`: see `parseKafkaAddress` for what may follow the question mark.
 *
 * Throws `BAD_ADDRESS`.
 */
export function openMessaging(address: string, options: MessagingOptions = {}): Messaging {
  const name = /^inproc:(.*)$/.exec(address)?.[1]
  if (name !== undefined)
    return new CheckedMessaging(new InprocMessaging(name, options), 'inproc', options.observe ?? {})
  if (address.startsWith('kafka:'))
    return new CheckedMessaging(new KafkaMessaging(address, options), 'kafka', options.observe ?? {})
  // Whatever else it is, a password may be in it.
  throw new MessagingError(
    'BAD_ADDRESS',
    'The address of messaging is neither inproc: nor kafka://host:port; use one of them.',
  )
}
