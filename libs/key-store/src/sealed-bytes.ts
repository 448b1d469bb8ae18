import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** AES-256-GCM of bytes of any length, for what is no event: base64, but for the ciphertext. */
export interface SealedBytes {
  algorithm: 'aes-256-gcm'
  iv: string
  tag: string
  ciphertext: Uint8Array
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** `place`: what they belong to; they open nowhere else. At most 2^32 under one key. */
export function sealBytes(key: Uint8Array, place: string, clear: Uint8Array): SealedBytes {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(place))
  const ciphertext = Buffer.concat([cipher.update(clear), cipher.final()])
  return {
    algorithm: 'aes-256-gcm',
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext,
  }
}

/** Null where they were changed, or moved from another place, or the key is another. */
export function openBytes(key: Uint8Array, place: string, sealed: SealedBytes): Uint8Array | null {
  const iv = Buffer.from(sealed.iv, 'base64')
  const tag = Buffer.from(sealed.tag, 'base64')
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(tag)
  const clear = decipher.update(sealed.ciphertext)
  try {
    return Buffer.concat([clear, decipher.final()])
  } catch {
    return null
  }
}
