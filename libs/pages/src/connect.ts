import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { PageFailed } from './faults.ts'
import { TimeLimit } from './limits.ts'
import type { PageLimits } from './limits.ts'
import { isPublicAddress } from './public-address.ts'
import { isUnknownName } from './resolve.ts'
import type { Resolve } from './resolve.ts'
import { codeOf, webFailure } from './web-errors.ts'

/** Begins to connect to an IP address that has been checked, and to no other. */
export type Dialer = (to: { address: string; port: number }) => Socket

/** An IP address is connected to as it is: nothing is resolved any more. */
export const dialDirectly: Dialer = ({ address, port }) => connect({ host: address, port })

/**
 * A connection to the site of an admitted address, secured and verified where it is https. The name is resolved once;
 * what is dialled is one of the very addresses that were checked, so that a name server that changes its answer in
 * between gains nothing. TLS and HTTP keep the name. Throws `PageFailed`, or the signal's reason.
 */
export async function openConnection(
  url: URL,
  { resolve, dial, limits }: { resolve: Resolve; dial: Dialer; limits: PageLimits },
  signal: AbortSignal,
): Promise<Socket> {
  const addresses = await publicAddresses(url.hostname, resolve, signal)
  let failure = new PageFailed('unreachable', `${url.hostname} was not dialled`)
  for (const address of addresses.slice(0, limits.addressesMax)) {
    using limit = new TimeLimit(limits.connectTimeoutMs, `connecting to ${url.hostname} at ${address}`, signal)
    try {
      return await connectTo(url, dial({ address, port: portOf(url) }), limit.signal)
    } catch (error) {
      signal.throwIfAborted()
      failure = webFailure(error)
    }
  }
  throw failure
}

/** Throws `PageFailed` where there is none. */
async function publicAddresses(name: string, resolve: Resolve, signal: AbortSignal): Promise<string[]> {
  const found = await resolve(name, signal).catch((error: unknown) => {
    signal.throwIfAborted()
    const code = codeOf(error)
    if (code === null) throw error
    throw new PageFailed('unreachable', `${name} could not be resolved (${code})`, {
      transient: !isUnknownName(code),
      cause: error,
    })
  })
  const open = found.filter(isPublicAddress)
  if (open.length > 0) return open
  throw new PageFailed('address-refused', `${name} leads to ${found.join(', ')}: not the public internet`)
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

async function connectTo(url: URL, plain: Socket, signal: AbortSignal): Promise<Socket> {
  await ready(plain, 'connect', signal)
  if (url.protocol === 'http:') return plain
  const secured = connectTls({
    socket: plain,
    servername: url.hostname,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true, // said here, no variable of the environment overrides it
  })
  try {
    await ready(secured, 'secureConnect', signal)
    return secured
  } catch (error) {
    plain.destroy()
    if (secured.authorizationError === null || secured.authorizationError === undefined) throw error
    const [why] = (error as Error).message.split(';') // then Node says how its options would change that
    const detail = `the certificate of ${url.hostname} is not trusted: ${why} (${codeOf(error)})`
    throw new PageFailed('unreachable', detail, { cause: error })
  }
}

/** Waits for the event; destroys the socket where it does not come. Rejects with the socket's error or the signal's reason. */
async function ready(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal })
  } catch (error) {
    socket.destroy()
    throw signal.aborted ? signal.reason : error
  }
}
