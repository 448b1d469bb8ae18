import { z } from 'zod'
import { dayEnd, deadlinePurpose, duration, normLayer } from './norm.ts'

/** A deadline with everything that explains it. Stored in case events: a storage format; replay looks nothing up. */

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)

/** Why a day counts or not. */
export const dayReason = z.enum([
  'start', // the day of receipt: not counted (民法典 201)
  'working-day', // 工作日
  'make-up-working-day', // 调休补班
  'weekend', // 周末
  'holiday', // 法定节假日及调休放假
  'calendar-day', // 自然日
  'rolled-over', // after calendar days that end on a day off: the period goes on to the next working day (民法典 203)
  'hours', // hours run around the clock
])
export const explainedDay = z.strictObject({
  date: day,
  counted: z.boolean(),
  reason: dayReason,
  /** The holiday's name as its notice gives it. */
  name: z.string().max(100).nullable(),
})
export type ExplainedDay = z.infer<typeof explainedDay>

/** A norm at one of its versions, with what a reader wants to know of it without looking it up. */
export const normReference = z.strictObject({
  id: slug,
  version: z.number().int().min(1),
  layer: normLayer,
  title: z.string().max(200),
})
export type NormReference = z.infer<typeof normReference>

export const deadline = z.strictObject({
  purpose: deadlinePurpose,
  startedAt: instant,
  /** The last moment that is still in time, inclusive: the last day's 23:59:59.999, or close of business. */
  due: instant,
  norm: normReference,
  within: duration,
  endsAt: dayEnd,
  /** The calendar it was counted by. */
  calendarVersion: z.string().max(64),
  /** It rests on a year whose notice is not out. */
  provisional: z.boolean(),
  /** History judged by a norm that did not hold then. */
  retrospective: z.boolean(),
  /** Every day from the start to the due day, in order. At most 2,000. */
  days: z.array(explainedDay).max(2000),
  /** Other norms that apply for the same purpose, with what they would have given: all that counting them anew takes. */
  others: z.array(z.strictObject({ norm: normReference, within: duration, endsAt: dayEnd, due: instant })).max(50),
})
export type Deadline = z.infer<typeof deadline>
