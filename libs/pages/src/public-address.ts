import { BlockList, isIP } from 'node:net'

/**
 * Addresses that no page of the public internet is served from: IANA's special-purpose registries (RFC 6890 and its
 * updates), multicast, and one that a cloud serves its own machines from.
 */
const notPublic = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by a carrier's customers; also metadata of Chinese clouds
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure's services to the machine itself
  ['169.254.0.0', 16], // link-local; metadata of most clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['2001::', 23], // protocol assignments: Teredo, which embeds an IPv4 address, ORCHID, benchmarks
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which embeds an IPv4 address
  ['3fff::', 20], // documentation
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv6')
}

/**
 * Of IPv6 only what is assigned as global unicast is public. That leaves out loopback, link-local, unique local and
 * multicast addresses, and every form outside it that embeds an IPv4 address (mapped, compatible, NAT64).
 */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address, as written by a resolver, belongs to the public internet. What is no address does not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublic.check(address, 'ipv4')
    case 6: // one with a zone belongs to a link
      return !address.includes('%') && globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
    default:
      return false
  }
}
