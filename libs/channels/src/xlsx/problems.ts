import { FileRefused } from '../refusals.ts'

/** Sheets, styles, relationships and the like, of each; Excel itself has 65,490 styles at most. */
export const THINGS_MAX = 100_000

/** What the file is like that cannot be read, in English and for experts: people are told what to do about it. */
export function damaged(reason: string, cause?: unknown): FileRefused {
  return new FileRefused('WORKBOOK_DAMAGED', { reason }, { cause })
}

/** Says in both languages what there is too much of. */
export function tooLarge(zh: string, en: string): FileRefused {
  return new FileRefused('WORKBOOK_TOO_LARGE', { zh, en })
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** Throws `FileRefused` WORKBOOK_TOO_LARGE for a list that has reached `THINGS_MAX`. */
export function boundThings(count: number, part: string): void {
  if (count >= THINGS_MAX)
    throw tooLarge(`${part} 超过 ${THINGS_MAX} 项`, `${part} holds more than ${THINGS_MAX} entries`)
}
