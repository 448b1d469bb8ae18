import { z } from 'zod'

/** One way to fail: what HTTP will call it, and what it says to a clerk and to a developer. */
export interface ErrorDefinition {
  status: number
  zh: string
  en: string
}

/**
 * The codes. Each aggregate adds its refusals in a file `refusals.ts` of its own; `../errors.ts` joins them to the one
 * table and a test fails where a code stands twice or is used by nobody.
 */
export const errorCode = z.string().regex(/^[A-Z][A-Z0-9_]*$/)
export type ErrorCode = z.infer<typeof errorCode>
export type ErrorTable = Record<ErrorCode, ErrorDefinition>
