import { createHmac, hash, randomFillSync } from 'node:crypto'
import { canonicalJson } from '#event-store'
import type { Json } from '#event-store'

/** Identities are for ever (DOMAIN §2): how each is made is fixed by the tests beside this file. */

function formatUuid(bytes: Uint8Array, version: 7 | 8): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A UUIDv8 (RFC 9562 §5.8) from SHA-256 over JCS [purpose, ...parts]: what policies and repeats make twice is the same id. */
export function derivedId(purpose: string, ...parts: Json[]): string {
  return formatUuid(new Uint8Array(hash('sha256', canonicalJson([purpose, ...parts]), 'buffer')), 8)
}

// Asking the system for randomness costs more than all the rest of an id, so that it is asked for 256 ids at once.
const ID_BYTES = 16
const randomness = Buffer.alloc(ID_BYTES * 256)
let used = randomness.length

function randomId(): Buffer {
  if (used === randomness.length) {
    randomFillSync(randomness)
    used = 0
  }
  used += ID_BYTES
  return Buffer.from(randomness.subarray(used - ID_BYTES, used))
}

/** A UUIDv7 (RFC 9562 §5.7): the time in milliseconds, then chance. For what people's commands make. */
export function timeOrderedId(epochMilliseconds: number): string {
  const bytes = randomId()
  bytes.writeUIntBE(epochMilliseconds, 0, 6)
  return formatUuid(bytes, 7)
}

/** `item-{id}`: from the store's secret, so that nobody outside can tell from an id which post it stands for. */
export function itemIdOf(storeSecret: Uint8Array, channelId: string, externalId: string): string {
  const mac = createHmac('sha256', storeSecret)
    .update(canonicalJson([channelId, externalId]))
    .digest()
  return formatUuid(mac, 8)
}

/** The case that a message has and keeps. */
export function caseIdOfMessage(itemId: string): string {
  return derivedId('case-of-message', itemId)
}

/** `commitment-{id}`: one for each mark of each response, however often it is delivered. */
export function commitmentIdOf(caseId: string, responseId: string, markId: string): string {
  return derivedId('commitment', caseId, responseId, markId)
}

/** The eight digits with which an asker asks after their own case; nobody can guess them from its number. */
export function queryCodeOf(storeSecret: Uint8Array, caseId: string): string {
  const mac = createHmac('sha256', storeSecret)
    .update(canonicalJson(['query-code', caseId]))
    .digest()
  return String(mac.readUIntBE(0, 6) % 100_000_000).padStart(8, '0')
}
