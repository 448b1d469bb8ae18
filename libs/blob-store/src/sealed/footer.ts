import type { RandomAccess } from '../random-access.ts'
import { damaged, sealedLength } from './chunks.ts'
import { TAG_BYTES } from './frames.ts'
import type { Frames } from './frames.ts'

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
const SEALED_BYTES = CLEAR_BYTES + TAG_BYTES

export function sealFooter({ digest, sizeBytes, mediaType }: Footer, frames: Frames): Buffer {
  const bytes = Buffer.alloc(CLEAR_BYTES)
  bytes.write(digest, 0, 'hex')
  bytes.writeUIntBE(sizeBytes, DIGEST_BYTES, SIZE_BYTES)
  bytes.write(mediaType, DIGEST_BYTES + SIZE_BYTES, 'latin1')
  return frames.seal('footer', 0, bytes)
}

/** Throws `FILE_DAMAGED` where it was changed, or the file is not as long as it says. */
export async function readFooter(file: RandomAccess, frames: Frames, headerBytes: number): Promise<Footer> {
  const start = file.sizeBytes - SEALED_BYTES
  const bytes = start < headerBytes ? null : frames.open('footer', 0, await file.read(start, SEALED_BYTES))
  if (bytes === null) throw damaged('its end is not as it was written')
  const sizeBytes = bytes.readUIntBE(DIGEST_BYTES, SIZE_BYTES)
  if (headerBytes + sealedLength(sizeBytes) !== start) throw damaged('it is not as long as it was')
  return {
    digest: bytes.toString('hex', 0, DIGEST_BYTES),
    sizeBytes,
    mediaType: bytes.toString('latin1', DIGEST_BYTES + SIZE_BYTES).replace(/\0+$/, ''),
  }
}
