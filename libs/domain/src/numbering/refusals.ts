import type { ErrorTable } from '../kernel/errors.ts'

/** Why numbers are refused. */
export const numberingRefusals = {
  NUMBERS_EXHAUSTED: {
    status: 409,
    zh: '本年度受理编号已用尽。',
    en: 'No case numbers are left for this year. Reserve in smaller blocks or use the next year.',
  },
} satisfies ErrorTable
