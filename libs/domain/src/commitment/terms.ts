import { z } from 'zod'
import { departmentId, line, localDate, sensitive, slug, text } from '../kernel/values.ts'

/** What a promise says. Part of the case's promise marks and of the commitment's events: a storage format. */

/** How exact the words were: "by the end of June" gives 2026-06-30, precision `month`. */
export const datePrecision = z.enum(['day', 'ten-days', 'month', 'quarter', 'half-year', 'year'])

export const promiseDue = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('date'),
    /** The last day of the period promised. */
    date: localDate,
    precision: datePrecision,
    /** The words, where the calendar was another one: 春节前, 农历八月. */
    words: sensitive(line(100)).nullable(),
  }),
  z.strictObject({
    kind: z.literal('after-event'),
    /** 收到成品卡, 资金到位. */
    event: sensitive(line(200)),
    within: z.strictObject({
      amount: z.number().int().min(1).max(1000),
      unit: z.enum(['days', 'working-days', 'months']),
    }),
    /** When someone looks whether the event has happened; then the due date is revised to a date. */
    reviewOn: localDate,
  }),
  z.strictObject({ kind: z.literal('condition'), condition: sensitive(line(300)), reviewOn: localDate }),
  z.strictObject({
    kind: z.literal('ongoing'),
    reviewEveryMonths: z.number().int().min(1).max(60),
    firstReviewOn: localDate,
  }),
  /** "尽快": no date was given, so one is set on which someone looks. */
  z.strictObject({ kind: z.literal('none'), words: sensitive(line(100)), reviewOn: localDate }),
])
export type PromiseDue = z.infer<typeof promiseDue>

/** The day on which a promise falls due or must next be looked at. */
export function watchDate(due: PromiseDue): string {
  switch (due.kind) {
    case 'date':
      return due.date
    case 'ongoing':
      return due.firstReviewOn
    case 'after-event':
    case 'condition':
    case 'none':
      return due.reviewOn
  }
}

export const milestone = z.strictObject({ id: slug, title: sensitive(line()), due: localDate })

export const promiseTerms = z.strictObject({
  /** The exact words of the answer. */
  quote: sensitive(text(2_000).min(1)),
  /** What will be done, in a line. */
  action: sensitive(line(300)),
  class: z.enum(['act', 'publish', 'answer-again']),
  /** 确保/承诺 | 计划/预计 | 力争/争取 */
  strength: z.enum(['firm', 'planned', 'striving']),
  /** Who promised: for another body's or an enterprise's promise the responsible department sees that it is kept. */
  promisor: z.strictObject({ kind: z.enum(['department', 'other-body', 'enterprise']), name: sensitive(line(100)) }),
  /** The department that answers for it. */
  responsible: departmentId,
  due: promiseDue,
  milestones: z.array(milestone).max(20),
  target: z
    .strictObject({
      measure: sensitive(line(100)),
      unit: sensitive(line(20)),
      amount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    })
    .nullable(),
  /** Where the result will be made public: an address or a place in words. */
  publishAt: sensitive(line(500)).nullable(),
})
export type PromiseTerms = z.infer<typeof promiseTerms>

/** A promise as it is marked in a response. The mark keeps its id across drafts and corrections. */
export const promiseMark = z.strictObject({ markId: slug, terms: promiseTerms })
export type PromiseMark = z.infer<typeof promiseMark>
