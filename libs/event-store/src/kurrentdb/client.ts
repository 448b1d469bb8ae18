import { KurrentDBClient } from '@kurrent/kurrentdb-client'
import { EventStoreError } from '../errors.ts'

/**
 * A client for an address of KurrentDB. Throws `STORE_ADDRESS_UNKNOWN` where the client cannot read it.
 *
 * Each append is a call of its own. Where the server offers it, the client would rather send all of them on one call that
 * never ends (`BatchAppend`), which we keep it from by what it asks itself before: of what still waits there when the
 * connection breaks it (1.3.1) makes rejections that nobody can handle, and they end the process; and it tells the server
 * deadlines by the clock of this machine, which may go behind the server's.
 */
export function connect(address: string): KurrentDBClient {
  try {
    const client = KurrentDBClient.connectionString(address)
    Object.assign(client, { supports: async () => false })
    return client
  } catch {
    throw new EventStoreError(
      'STORE_ADDRESS_UNKNOWN',
      // Not the address itself: it may hold a password. Nor what the client says, which repeats it.
      'The address of the event store is no connection string of KurrentDB; use kurrentdb://HOST:PORT?tls=false or the like.',
    )
  }
}
