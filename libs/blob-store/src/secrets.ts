import { createHmac, hkdfSync } from 'node:crypto'
import type { Hmac } from 'node:crypto'

/**
 * What the store's secret is used for here. Each use has a key of its own: people choose what is digested, and with one key
 * for everything a file that holds the words of which another secret is made would have that secret as its digest.
 */
export class BlobSecrets {
  readonly #digests: Uint8Array
  readonly #ids: Uint8Array
  readonly #headers: Uint8Array

  /** `storeSecret`: 32 random bytes. */
  constructor(storeSecret: Uint8Array) {
    const keyFor = (use: string) => new Uint8Array(hkdfSync('sha256', storeSecret, '', `huiying ${use}`, 32))
    this.#digests = keyFor('blob-digest')
    this.#ids = keyFor('blob-id')
    this.#headers = keyFor('blob-header')
  }

  /** To be given the bytes of a file. */
  digest(): Hmac {
    return createHmac('sha256', this.#digests)
  }

  /** A UUIDv8 (RFC 9562 §5.8). */
  blobId(owner: string, digest: string): string {
    const bytes = createHmac('sha256', this.#ids).update(`${owner}/${digest}`).digest()
    bytes[6] = (bytes[6]! & 0x0f) | 0x80
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  /** 32 bytes by which a header of ours is known, before its key is looked for or destroyed. */
  headerTag(fields: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#headers).update(fields).digest()
  }
}
