import { z } from 'zod'
import { errorCode } from '#domain'
import type { ErrorCode } from '#domain'
import { allErrors } from './http-errors.ts'

/** A field that does not fit. Says where and what is wrong with it; never what stood there. */
export const fieldError = z.strictObject({
  place: z.enum(['body', 'query', 'path', 'header']),
  /** In a body a JSON pointer (RFC 6901), else the parameter's name. */
  field: z.string(),
  zh: z.string(),
  en: z.string(),
})
export type FieldError = z.infer<typeof fieldError>

/** RFC 9457, with our codes. */
export const problemDetails = z.strictObject({
  /** Where the code is explained. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** What exactly; null where the code says it all. */
  detail: z.string().nullable(),
  /** This very occurrence, as the log knows it. */
  instance: z.string(),
  code: errorCode,
  messages: z.strictObject({ zh: z.string(), en: z.string() }),
  errors: z.array(fieldError).max(20),
})
export type ProblemDetails = z.infer<typeof problemDetails>

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

interface Extra {
  errors?: readonly FieldError[]
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** What a request is refused with. Throws nowhere else than in `apps/gateway`. */
export class Problem extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | null
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, detail: string | null = null, { errors = [], headers = {}, cause }: Extra = {}) {
    super(detail === null ? code : `${code}: ${detail}`, { cause })
    this.name = 'Problem'
    this.code = code
    this.status = allErrors[code]!.status
    this.detail = detail
    this.errors = errors
    this.headers = headers
  }

  details(requestId: string): ProblemDetails {
    const { code, status, detail } = this
    const { zh, en } = allErrors[code]!
    return {
      type: `/api/errors/${code}`,
      title: en,
      status,
      detail,
      instance: `urn:huiying:request:${requestId}`,
      code,
      messages: { zh, en },
      errors: [...this.errors],
    }
  }
}
