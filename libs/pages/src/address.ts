import { isIPv4 } from 'node:net'
import { domainToASCII } from 'node:url'
import { PageFailed } from './faults.ts'

const PORTS = ['', '80', '443']

/** Whose pages may be visited: those of the names listed and of names below them, or whatever is public. */
export type Hosts = readonly string[] | 'any-public'

/**
 * An address, or a redirect's target seen from the address that gave it, as a URL that may be visited; its name is in
 * ASCII, lower-case, without the dot of the root. Whether the name leads to a public address shows only when it is
 * resolved. Throws `PageFailed` address-refused or wrong-site.
 */
export function admitAddress(address: string, hosts: Hosts, from?: URL): URL {
  const url = URL.parse(address, from)
  if (url === null) throw refused(`"${address}" is no web address`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(`${url.protocol} is neither http nor https`)
  if (from?.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(`${from.host} redirects from https to http: ${url.href}`)
  }
  if (url.username !== '' || url.password !== '') throw refused('the address holds a user name or a password')
  if (!PORTS.includes(url.port)) throw refused(`port ${url.port} is neither 80 nor 443`)
  // URL has already turned every other spelling of an IPv4 address (octal, hexadecimal, one number) into this one.
  if (isIPv4(url.hostname) || url.hostname.startsWith('[')) throw refused(`${url.hostname} is no name`)
  url.hostname = url.hostname.replace(/\.$/, '')
  if (hosts !== 'any-public' && !hosts.some((host) => isOnOrBelow(url.hostname, domainToASCII(host)))) {
    throw new PageFailed('wrong-site', `${url.hostname} is not listed`)
  }
  return url
}

function isOnOrBelow(name: string, host: string): boolean {
  return host !== '' && (name === host || name.endsWith(`.${host}`))
}

function refused(detail: string): PageFailed {
  return new PageFailed('address-refused', detail)
}
