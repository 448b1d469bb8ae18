import type { RefusalText } from '#channels'
import { errors } from '#domain'
import type { ErrorCode } from '#domain'

/** What the one error table says, for a row that the domain refused. */
export function refusalText(code: ErrorCode, detail: string | null): RefusalText {
  const known = errors[code]
  return {
    zh: `${known?.zh ?? code}${detail ? `（${detail}）` : ''}`,
    en: `${known?.en ?? code}${detail ? ` (${detail})` : ''}`,
  }
}
