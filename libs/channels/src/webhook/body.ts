/** An item in a list in an object, and what an item holds. */
const DEPTH_MAX = 8

export type BodyFault = 'not-utf-8' | 'not-json' | 'too-deep'

/** The JSON value of bytes that somebody sent. */
export function parseBody(body: Uint8Array): { value: unknown } | { fault: BodyFault } {
  const text = decoded(body)
  if (text === null) return { fault: 'not-utf-8' }
  if (isTooDeep(text)) return { fault: 'too-deep' }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'not-json' }
    throw error
  }
}

function decoded(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Looked at before it is parsed, so that no depth of brackets meets anything that goes into them. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth > DEPTH_MAX) return true
  }
  return false
}

/** The closing quote; the end of the text where there is none, which is no JSON then. */
function endOfString(text: string, opening: number): number {
  for (let at = opening + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  return text.length
}
