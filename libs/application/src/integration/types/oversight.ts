import { z } from 'zod'
import { tells } from '../definition.ts'
import type { MappingContext } from '../definition.ts'
import * as v from '../values.ts'

const named = ({ event, facts }: MappingContext) => ({ caseId: event.metadata.caseId!, number: facts!.number })

const purpose = z.enum([
  'sign-for',
  'hand-back',
  'acknowledge',
  'final-answer',
  'answer-again',
  'authoritative-information',
  'press-conference',
  'supplement',
  'assist-reply',
  'instruction',
  'supervision',
])
const deadline = { ...v.ofCase, deadlineId: v.id, purpose }

/** Deadlines, and who watches that they are kept. Published formats: only ever add a field. */
export const oversightTypes = [
  tells('DeadlineSet', {
    name: 'deadline.set.v1',
    zh: '时限已设定',
    en: 'A deadline holds from here on.',
    schema: z.strictObject({ ...deadline, startedAt: v.when, due: v.when }),
    map: ({ deadlineId, purpose, startedAt, due }, context) => ({
      ...named(context),
      deadlineId,
      purpose,
      startedAt,
      due,
    }),
  }),
  tells('DeadlineExtended', {
    name: 'deadline.extended.v1',
    zh: '时限已延长',
    en: 'A deadline was extended.',
    schema: z.strictObject({ ...deadline, previousDue: v.when, due: v.when }),
    map: ({ deadlineId, purpose, previousDue, due }, context) => ({
      ...named(context),
      deadlineId,
      purpose,
      previousDue,
      due,
    }),
  }),
  tells('DeadlineRecomputed', {
    name: 'deadline.recomputed.v1',
    zh: '时限已重算',
    en: 'A deadline moved because the case, the calendar or the norm is another now.',
    schema: z.strictObject({
      ...deadline,
      previousDue: v.when,
      due: v.when,
      cause: z.enum(['triage', 'calendar', 'norm']),
    }),
    map: ({ deadlineId, purpose, previousDue, due, cause }, context) => ({
      ...named(context),
      deadlineId,
      purpose,
      previousDue,
      due,
      cause,
    }),
  }),
  tells('DeadlineSuspended', {
    name: 'deadline.suspended.v1',
    zh: '时限已暂停',
    en: 'The clock of a deadline stands still.',
    schema: z.strictObject({ ...deadline, at: v.when }),
    map: ({ deadlineId, purpose, at }, context) => ({ ...named(context), deadlineId, purpose, at }),
  }),
  tells('DeadlineResumed', {
    name: 'deadline.resumed.v1',
    zh: '时限已恢复',
    en: 'The clock of a deadline runs again.',
    schema: z.strictObject({ ...deadline, at: v.when, previousDue: v.when, due: v.when }),
    map: ({ deadlineId, purpose, at, previousDue, due }, context) => ({
      ...named(context),
      deadlineId,
      purpose,
      at,
      previousDue,
      due,
    }),
  }),
  tells('DeadlineMet', {
    name: 'deadline.met.v1',
    zh: '按时完成',
    en: 'What a deadline was for happened in time.',
    schema: z.strictObject({ ...deadline, due: v.when, at: v.when }),
    map: ({ deadlineId, purpose, due, at }, context) => ({ ...named(context), deadlineId, purpose, due, at }),
  }),
  tells('DeadlineMissed', {
    name: 'deadline.missed.v1',
    zh: '已逾期',
    en: 'A deadline passed; `doneAt` is null where it had not happened when this was written.',
    schema: z.strictObject({ ...deadline, due: v.when, doneAt: v.when.nullable() }),
    map: ({ deadlineId, purpose, due, doneAt }, context) => ({ ...named(context), deadlineId, purpose, due, doneAt }),
  }),
  tells('DeadlineLapsed', {
    name: 'deadline.lapsed.v1',
    zh: '时限已失效',
    en: 'A deadline ended without being met or missed.',
    schema: z.strictObject({ ...deadline, due: v.when }),
    map: ({ deadlineId, purpose, due }, context) => ({ ...named(context), deadlineId, purpose, due }),
  }),
  tells('CaseReminded', {
    name: 'case.reminded.v1',
    zh: '已催办',
    en: 'A department was reminded of a case.',
    schema: z.strictObject({
      ...v.ofCase,
      day: v.day,
      cause: z.enum(['weekly', 'before-due', 'overdue', 'person']),
      deadlineId: v.id.nullable(),
      purpose: purpose.nullable(),
      to: v.department.nullable(),
    }),
    map: ({ day, cause, deadlineId, purpose, to }, context) => ({
      ...named(context),
      day,
      cause,
      deadlineId,
      purpose,
      to,
    }),
  }),
  tells('SupervisionIssued', {
    name: 'supervision.issued.v1',
    zh: '已督办',
    en: 'A department was put under supervision for a case.',
    schema: z.strictObject({
      ...v.ofCase,
      supervisionId: v.id,
      to: v.department,
      issuingDepartment: v.department,
      due: v.when,
    }),
    map: ({ supervisionId, to, issuingDepartment, due }, context) => ({
      ...named(context),
      supervisionId,
      to,
      issuingDepartment,
      due,
    }),
  }),
  tells('SupervisionAnswered', {
    name: 'supervision.answered.v1',
    zh: '督办已反馈',
    en: 'The department answered a supervision.',
    schema: z.strictObject({ ...v.ofCase, supervisionId: v.id, department: v.department, at: v.when }),
    map: ({ supervisionId, department, at }, context) => ({ ...named(context), supervisionId, department, at }),
  }),
  tells('SupervisionClosed', {
    name: 'supervision.closed.v1',
    zh: '督办已结束',
    en: 'A supervision was closed.',
    schema: z.strictObject({ ...v.ofCase, supervisionId: v.id, at: v.when }),
    map: ({ supervisionId, at }, context) => ({ ...named(context), supervisionId, at }),
  }),
]
