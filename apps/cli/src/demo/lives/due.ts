import type { PromiseTerms } from '#domain'

type Precision = Extract<PromiseTerms['due'], { kind: 'date' }>['precision']

/** The day promised, as exact as the words for it. */
export interface PromisedDay {
  due: Extract<PromiseTerms['due'], { kind: 'date' }>
  words: string
}

/** Of the period in which a day lies (`2026-10-17`), the last day, and how an answer says it. */
export function promisedDay(day: string, precision: Precision = 'day'): PromisedDay {
  const { month, daysInMonth, day: ofMonth } = Temporal.PlainDate.from(day)
  const last = (date: number) => day.slice(0, 8) + String(date).padStart(2, '0')
  const dated = (date: string, words: string): PromisedDay => ({
    due: { kind: 'date', date, precision, words: null },
    words,
  })
  switch (precision) {
    case 'day':
      return dated(day, `${month}月${ofMonth}日前`)
    case 'ten-days': {
      const [date, words] =
        ofMonth <= 10 ? [10, '上旬'] : ofMonth <= 20 ? [20, '中旬'] : [daysInMonth, '下旬']
      return dated(last(date as number), `${month}月${words}`)
    }
    case 'month':
      return dated(last(daysInMonth), `${month}月底前`)
    case 'quarter':
      return dated(endOfMonths(day, Math.ceil(month / 3) * 3), `${'一二三四'[Math.ceil(month / 3) - 1]}季度末前`)
    case 'half-year':
      return dated(endOfMonths(day, month <= 6 ? 6 : 12), month <= 6 ? '上半年' : '下半年')
    case 'year':
      return dated(endOfMonths(day, 12), '年底前')
  }
}

function endOfMonths(day: string, month: number): string {
  const first = Temporal.PlainDate.from(day).with({ month, day: 1 })
  return first.with({ day: first.daysInMonth }).toString()
}
