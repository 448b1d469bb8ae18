import type { Readable } from 'node:stream'
import { Problem } from './problem.ts'

/** Deeper than anything that is sent in earnest. */
const DEPTH_MAX = 32
/** Names that would reach an object's own workings where somebody copies carelessly. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** All of a body. Throws `BODY_TOO_LARGE` as soon as there is more. */
export async function wholeOf(body: Readable, sizeBytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > sizeBytesMax) throw tooLarge(sizeBytesMax)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, sizeBytes)
}

export function tooLarge(sizeBytesMax: number): Problem {
  return new Problem('BODY_TOO_LARGE', `at most ${sizeBytesMax} bytes`)
}

/** A body as JSON; none at all is an empty object. Throws `BODY_INVALID`, which never says what stood there. */
export function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {}
  const value = parse(decode(bytes))
  const fault = faultIn(value)
  if (fault !== null) throw new Problem('BODY_INVALID', fault)
  return value
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Problem('BODY_INVALID', 'not UTF-8', { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem('BODY_INVALID', 'not JSON', { cause: error })
  }
}

/** What in a value JSON allows and we do not. Goes down level by level, because a deep value would overflow the stack. */
function faultIn(value: unknown): string | null {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH_MAX) return `nested deeper than ${DEPTH_MAX} levels`
    const below: unknown[] = []
    for (const each of level) {
      if (typeof each === 'string' && !each.isWellFormed()) return 'a text holds half a character'
      if (typeof each !== 'object' || each === null) continue
      for (const key of Object.keys(each)) {
        if (forbiddenKeys.has(key)) return 'a key has a name that is not taken'
        if (!key.isWellFormed()) return 'a key holds half a character'
        below.push((each as Record<string, unknown>)[key])
      }
    }
    level = below
  }
  return null
}
