import type { PromiseTerms } from '#domain'

type Precision = Extract<PromiseTerms['due'], { kind: 'date' }>['precision']

/** The day promised, as exact as the words for it. */
export interface PromisedDay {
  due: Extract<PromiseTerms['due'], { kind: 'date' }>
  words: string
}

/**
 * So many days from today (`2026-10-17`), the last day of the period in which that lies, and how an answer says it. A year is
 * this one.
 */
export function promisedDay(today: string, days: number, precision: Precision = 'day'): PromisedDay {
  const from = Temporal.PlainDate.from(today)
  const day = from.add({ days: precision === 'year' ? 0 : days })
  const { year, month } = day
  const dated = (date: Temporal.PlainDate, words: string): PromisedDay => ({
    due: { kind: 'date', date: date.toString(), precision, words: null },
    words: `${year > from.year ? '明年' : ''}${words}`,
  })
  const endOf = (last: number) => Temporal.PlainDate.from({ year, month: last, day: 31 }, { overflow: 'constrain' })
  switch (precision) {
    case 'day':
      return dated(day, `${month}月${day.day}日前`)
    case 'ten-days':
      if (day.day <= 10) return dated(day.with({ day: 10 }), `${month}月上旬`)
      if (day.day <= 20) return dated(day.with({ day: 20 }), `${month}月中旬`)
      return dated(endOf(month), `${month}月下旬`)
    case 'month':
      return dated(endOf(month), `${month}月底前`)
    case 'quarter': {
      const quarter = Math.ceil(month / 3)
      return dated(endOf(quarter * 3), `${'一二三四'[quarter - 1]}季度末前`)
    }
    case 'half-year':
      return dated(endOf(month <= 6 ? 6 : 12), month <= 6 ? '上半年' : '下半年')
    case 'year':
      return dated(endOf(12), '年底前')
  }
}
