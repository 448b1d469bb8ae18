import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export const IV_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM of a key under the master key, bound to its name: iv, ciphertext and tag in a row. */
export function wrap(masterKey: Uint8Array, name: string, clear: Uint8Array, iv = randomBytes(IV_BYTES)): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv)
  cipher.setAAD(Buffer.from(name))
  return Buffer.concat([iv, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

/** The reverse; null where the master key is another or the bytes were changed. */
export function unwrap(masterKey: Uint8Array, name: string, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length <= IV_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(name))
  decipher.setAuthTag(wrapped.subarray(wrapped.length - TAG_BYTES))
  const clear = decipher.update(wrapped.subarray(IV_BYTES, wrapped.length - TAG_BYTES))
  try {
    decipher.final()
  } catch {
    return null
  }
  return clear
}
