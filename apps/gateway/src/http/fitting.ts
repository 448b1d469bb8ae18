import { z } from 'zod'
import type { FieldError } from './problem.ts'

const ERRORS_MAX = 20
const FIELD_CHARACTERS_MAX = 64
const chinese = z.locales.zhCN().localeError
const english = z.locales.en().localeError

export type Fitting<Value> = { fits: true; value: Value } | { fits: false; errors: FieldError[] }

/** Holds what was sent against its schema. Errors name fields and say what is expected, in both languages. */
export function fit<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: FieldError['place'],
): Fitting<z.output<Schema>> {
  const result = schema.safeParse(value, { error: english })
  if (result.success) return { fits: true, value: result.data }
  // Once more for the other language: what does not fit is rare.
  const inChinese = schema.safeParse(value, { error: chinese }).error?.issues ?? []
  const errors = result.error.issues.flatMap((issue, at) => errorsOf(issue, inChinese[at]?.message ?? '', place))
  return { fits: false, errors: errors.slice(0, ERRORS_MAX) }
}

function errorsOf(issue: z.core.$ZodIssue, zh: string, place: FieldError['place']): FieldError[] {
  const { path, message: en } = issue
  const at = (field: readonly PropertyKey[]) => nameOf(field, place)
  if (issue.code !== 'unrecognized_keys') return [{ place, field: at(path), zh, en }]
  // Its message would repeat what was sent, whatever that is.
  return issue.keys.map((key) => ({
    place,
    field: at([...path, key]),
    zh: '没有这个字段',
    en: 'There is no such field',
  }))
}

function nameOf(path: readonly PropertyKey[], place: FieldError['place']): string {
  const names = path.map((part) => (isName(part) ? String(part) : '?'))
  return place === 'body' ? names.map((name) => `/${name}`).join('') : names.join('.')
}

/** A key that somebody sent may be anything, also what must not be repeated. */
function isName(part: PropertyKey): boolean {
  if (typeof part === 'number') return true
  return typeof part === 'string' && part.length <= FIELD_CHARACTERS_MAX && /^[a-z][a-z0-9-]*$/i.test(part)
}
