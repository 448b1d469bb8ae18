import { z } from 'zod'

/** A norm says which deadline holds for what, and why (DOMAIN §8). Stored in settings events: a storage format. */

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
const day = z.iso.date()

/** From the strongest to the weakest. */
export const normLayer = z.enum(['statute', 'state-council', 'province', 'county', 'system-default'])
export type NormLayer = z.infer<typeof normLayer>

/** What a deadline is for. */
export const deadlinePurpose = z.enum([
  'sign-for', // 签收
  'hand-back', // 退回
  'acknowledge', // 受理告知
  'final-answer', // 正式答复
  'answer-again', // 再次答复
  'authoritative-information', // 权威信息发布
  'press-conference', // 新闻发布会
  'supplement', // 补充材料
  'assist-reply', // 协办反馈
  'instruction', // 领导批示办结
  'supervision', // 督办反馈
])
export type DeadlinePurpose = z.infer<typeof deadlinePurpose>

/** What starts a clock. */
export const clockStart = z.enum(['received', 'discovered', 'routed', 'signed-for', 'reopened', 'published'])
export type ClockStart = z.infer<typeof clockStart>

export const duration = z.strictObject({
  amount: z.number().int().min(1).max(1000),
  unit: z.enum(['hours', 'working-days', 'calendar-days']),
})
export type Duration = z.infer<typeof duration>

/** Where the last day of a period in days ends. */
export const dayEnd = z.enum(['midnight', 'close-of-business'])
export type DayEnd = z.infer<typeof dayEnd>

export const norm = z.strictObject({
  id: slug,
  version: z.number().int().min(1),
  title: z.string().min(1).max(200),
  /** Every key that is given must match; an absent key matches everything. */
  appliesTo: z.strictObject({
    kinds: z.array(z.enum(['message', 'opinion'])).optional(),
    channels: z.array(slug).optional(),
    types: z.array(slug).optional(),
    subjects: z.array(z.string().min(1).max(100)).optional(),
    opinionGrades: z.array(slug).optional(),
    incidentGrades: z.array(slug).optional(),
    origins: z.array(z.enum(['live', 'history'])).optional(),
    /** A simple, common question, as triage marks it. */
    simple: z.boolean().optional(),
  }),
  purpose: deadlinePurpose,
  within: duration,
  startsAt: clockStart,
  /** Without meaning for hours. */
  endsAt: dayEnd,
  /** `until`: the whole period from the same start, in place of `within` ("7 working days, extendable to 15"). */
  extension: z.strictObject({ until: duration, times: z.number().int().min(1).max(10), approver: slug }).nullable(),
  /** The days on which a clock must start for the norm to govern it; both inclusive, null: without end. */
  validFrom: day,
  validTo: day.nullable(),
  layer: normLayer,
  source: z.strictObject({
    document: z.string().min(1).max(200),
    clause: z.string().max(100),
    quotation: z.string().max(1000),
  }),
})
export type Norm = z.infer<typeof norm>

/** A pack of norms, as a YAML file gives it and a settings event keeps it. */
export const normPack = z.strictObject({
  id: slug,
  version: z.number().int().min(1),
  title: z.string().min(1).max(200),
  norms: z.array(norm).min(1).max(200),
})
export type NormPack = z.infer<typeof normPack>
