import { Resolver } from 'node:dns/promises'

/**
 * The IP addresses of a name in ASCII, at least one, in the order in which to try them. Rejects with an error whose
 * `code` is that of `node:dns`; soon after the signal aborts, at the latest.
 */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>

const TIMEOUT_MS = 2_000
const TRIES = 2

/** No such name, or none with an address; the servers answered and will answer so again. */
const UNKNOWN_NAME = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

export function isUnknownName(code: string): boolean {
  return UNKNOWN_NAME.has(code)
}

/**
 * Asks the name servers of this machine, or those given as `address:port`, for IPv4 and IPv6 at once. Unlike
 * `dns.lookup` it can be aborted, holds no thread while it waits, and sees what the public sees: no hosts file.
 */
export function createResolve(servers?: readonly string[]): Resolve {
  return async (name, signal) => {
    signal.throwIfAborted()
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
    if (servers) resolver.setServers(servers)
    const cancel = () => resolver.cancel()
    signal.addEventListener('abort', cancel, { once: true })
    try {
      const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      if (addresses.length > 0) return addresses
      const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
      throw errors.find((error) => !isUnknownName(error.code)) ?? errors[0]
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }
}
