import { TAG_BYTES } from './frames.ts'

/** What is known of the content once all of it is there; sealed, at the end of the file. */
export interface Footer {
  /** HMAC-SHA-256, hex. */
  digest: string
  sizeBytes: number
  mediaType: string
}

// A storage format: digest, size, media type padded with zeros. As long as any other, so that it is found from the end.
const DIGEST_BYTES = 32
const SIZE_BYTES = 6
const MEDIA_TYPE_BYTES = 100
const CLEAR_BYTES = DIGEST_BYTES + SIZE_BYTES + MEDIA_TYPE_BYTES
export const SEALED_FOOTER_BYTES = CLEAR_BYTES + TAG_BYTES

export function encodeFooter({ digest, sizeBytes, mediaType }: Footer): Buffer {
  const bytes = Buffer.alloc(CLEAR_BYTES)
  bytes.write(digest, 0, 'hex')
  bytes.writeUIntBE(sizeBytes, DIGEST_BYTES, SIZE_BYTES)
  bytes.write(mediaType, DIGEST_BYTES + SIZE_BYTES, 'latin1')
  return bytes
}

export function decodeFooter(bytes: Buffer): Footer {
  return {
    digest: bytes.toString('hex', 0, DIGEST_BYTES),
    sizeBytes: bytes.readUIntBE(DIGEST_BYTES, SIZE_BYTES),
    mediaType: bytes.toString('latin1', DIGEST_BYTES + SIZE_BYTES).replace(/\0+$/, ''),
  }
}
