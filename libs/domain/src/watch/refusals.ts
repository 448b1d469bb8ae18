import type { ErrorTable } from '../kernel/errors.ts'

/** Why a list is refused. */
export const watchRefusals = {
  WATCH_LIST_NOT_DUE: {
    status: 409,
    zh: '清单只在工作日到点后生成，且只生成当天的清单。',
    en: 'A list is drawn on a working day, from the hour set on, and for that day alone.',
  },
} satisfies ErrorTable
