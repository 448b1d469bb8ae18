import { timingSafeEqual } from 'node:crypto'
import type { RandomAccess } from '../random-access.ts'
import type { BlobSecrets } from '../secrets.ts'

/** What stands in the clear at the beginning of a sealed file. All of it is additional data of all that follows. */
export interface Header {
  /** The data key, by its name in the key store. */
  keyId: string
  owner: string
  /** Milliseconds since the epoch. */
  storedAt: number
}

// A storage format: `HuyB1`, six bytes of time, key and owner each after a byte of its length, a tag over all of it.
const MAGIC = Buffer.from('HuyB1')
const TIME_BYTES = 6
const TAG_BYTES = 32
const FIXED_BYTES = MAGIC.length + TIME_BYTES + 2 + TAG_BYTES
const HEADER_BYTES_MAX = FIXED_BYTES + 2 * 255

export function encodeHeader({ keyId, owner, storedAt }: Header, secrets: BlobSecrets): Buffer {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeUIntBE(storedAt, 0, TIME_BYTES)
  const texts = [keyId, owner].map((text) => Buffer.from(text))
  const fields = Buffer.concat([MAGIC, time, ...texts.flatMap((text) => [Buffer.of(text.length), text])])
  return Buffer.concat([fields, secrets.headerTag(fields)])
}

/** The header that a file begins with, and its bytes; null where these are none that this store wrote. */
export async function readHeader(
  file: RandomAccess,
  secrets: BlobSecrets,
): Promise<{ header: Header; bytes: Buffer } | null> {
  const bytes = Buffer.from(await file.read(0, HEADER_BYTES_MAX))
  if (bytes.length < FIXED_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
  const storedAt = bytes.readUIntBE(MAGIC.length, TIME_BYTES)
  const keyId = textAt(bytes, MAGIC.length + TIME_BYTES)
  const owner = keyId && textAt(bytes, keyId.end)
  if (!owner || bytes.length < owner.end + TAG_BYTES) return null
  const tag = bytes.subarray(owner.end, owner.end + TAG_BYTES)
  if (!timingSafeEqual(tag, secrets.headerTag(bytes.subarray(0, owner.end)))) return null
  return {
    header: { keyId: keyId.text, owner: owner.text, storedAt },
    bytes: bytes.subarray(0, owner.end + TAG_BYTES),
  }
}

function textAt(bytes: Buffer, offset: number): { text: string; end: number } | null {
  const length = bytes[offset]
  if (length === undefined || offset + 1 + length > bytes.length) return null
  const end = offset + 1 + length
  return { text: bytes.toString('utf8', offset + 1, end), end }
}
