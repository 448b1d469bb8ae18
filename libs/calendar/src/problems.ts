import type { z } from 'zod'

/** Something in a file of settings that must be put right before it is taken. */
export interface Problem {
  code: string
  /** Where in the file: `norms[3].validTo`. */
  place: string
  message: string
}

/** Problems told of one file; past these it is not the file that was meant. */
export const PROBLEMS_MAX = 100

/** What a schema found wrong, each with its place. */
export function problemsFrom(error: z.ZodError): Problem[] {
  return error.issues.slice(0, PROBLEMS_MAX).map((issue) => ({
    code: issue.code === 'unrecognized_keys' ? 'KEY_UNKNOWN' : 'SHAPE_INVALID',
    place: placeOf(issue.path),
    message: issue.code === 'unrecognized_keys' ? `Remove or correct: ${issue.keys.join(', ')}.` : issue.message,
  }))
}

function placeOf(path: readonly PropertyKey[]): string {
  let place = ''
  for (const key of path) {
    if (typeof key === 'number') place += `[${key}]`
    else place += place === '' ? String(key) : `.${String(key)}`
  }
  return place
}
