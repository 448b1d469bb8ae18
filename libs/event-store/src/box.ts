import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import type { Json, JsonObject, SealedBox } from './envelope.ts'
import { canonicalJson, canonicalString } from './jcs.ts'
import { SEALED } from './sealing-plan.ts'

/** What a box belongs to, and can't be moved away from. */
export interface BoxPlace {
  stream: string
  id: string
  type: string
}

const IV_BYTES = 12
const TAG_BYTES = 16

// Asking the system for randomness costs more than the cipher does, so that it is asked for 256 boxes at once.
const ivs = Buffer.alloc(IV_BYTES * 256)
let ivOffset = ivs.length

function nextIv(): Buffer {
  if (ivOffset === ivs.length) {
    randomFillSync(ivs)
    ivOffset = 0
  }
  ivOffset += IV_BYTES
  return ivs.subarray(ivOffset - IV_BYTES, ivOffset)
}

/** One box for all sensitive values of an event: the JCS of a `SealedBox`. */
export function sealBox(keyId: string, key: Uint8Array, place: BoxPlace, values: Json[]): string {
  const iv = nextIv()
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(additionalData(place))
  const ciphertext = cipher.update(canonicalJson(values), 'utf8').toString('base64')
  // Counter mode: all of the text is out already, and what is left to do is the tag.
  cipher.final()
  const tag = cipher.getAuthTag().toString('base64')
  // Base64 stands in JSON as it is, and the properties are in their order.
  const name = canonicalString(keyId)
  return `{"algorithm":"aes-256-gcm","ciphertext":"${ciphertext}","iv":"${iv.toString('base64')}","keyId":${name},"tag":"${tag}"}`
}

/** The values of a box; null where it was changed, or moved from another event. */
export function openBox(box: SealedBox, key: Uint8Array, place: BoxPlace): Json[] | null {
  const tag = Buffer.from(box.tag, 'base64')
  const iv = Buffer.from(box.iv, 'base64')
  if (tag.length !== TAG_BYTES || iv.length !== IV_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAAD(additionalData(place))
  decipher.setAuthTag(tag)
  const clear = decipher.update(box.ciphertext, 'base64', 'utf8')
  try {
    return JSON.parse(clear + decipher.final('utf8')) as Json[]
  } catch {
    return null
  }
}

/**
 * Puts values where their placeholders stand, in place; the placeholders alone say where, so that events of older
 * schemas open too. Gives false where a placeholder names no value.
 */
export function fillPlaceholders(data: JsonObject, valueAt: (index: number) => Json | undefined): boolean {
  for (const key of Object.keys(data)) {
    const value = data[key]
    if (typeof value !== 'object' || value === null) continue
    const index = Array.isArray(value) ? undefined : value[SEALED]
    if (typeof index === 'number') {
      const found = valueAt(index)
      if (found === undefined) return false
      data[key] = found
    } else if (!fillPlaceholders(value as JsonObject, valueAt)) return false
  }
  return true
}

/** JCS of {stream, id, type}. */
function additionalData({ stream, id, type }: BoxPlace): Buffer {
  return Buffer.from(
    `{"id":${canonicalString(id)},"stream":${canonicalString(stream)},"type":${canonicalString(type)}}`,
  )
}
