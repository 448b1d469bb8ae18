import { createCipheriv, createDecipheriv } from 'node:crypto'

/** Clear bytes of a chunk; only the last one of a file may have fewer. */
export const CHUNK_BYTES = 64 * 1024
export const TAG_BYTES = 16
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES

/** What a frame is; part of its nonce, so that none opens as another. */
const KINDS = { chunk: 0, last: 1, footer: 2 } as const
export type FrameKind = keyof typeof KINDS

/**
 * Seals what a file is made of, piece by piece, with AES-256-GCM. The nonce says what a frame is and which one it is: a
 * chunk in another's place, a file without its end or with more behind it does not open (the STREAM construction). No nonce
 * comes twice, because a key seals one file only.
 */
export class Frames {
  readonly #key: Uint8Array
  readonly #header: Uint8Array

  /** `header`: the first bytes of the file, to which every frame is bound. */
  constructor(key: Uint8Array, header: Uint8Array) {
    this.#key = key
    this.#header = header
  }

  seal(kind: FrameKind, index: number, clear: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(kind, index))
    cipher.setAAD(this.#header)
    return Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()])
  }

  /** Null where it is not this frame of this file. */
  open(kind: FrameKind, index: number, sealed: Uint8Array): Buffer | null {
    if (sealed.length <= TAG_BYTES) return null
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(kind, index), { authTagLength: TAG_BYTES })
    decipher.setAAD(this.#header)
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const clear = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
    try {
      decipher.final()
    } catch {
      return null // The only thing that it says: it does not authenticate.
    }
    return clear
  }
}

function nonceOf(kind: FrameKind, index: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt8(KINDS[kind], 0)
  nonce.writeUInt32BE(index, 8)
  return nonce
}
