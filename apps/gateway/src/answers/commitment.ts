import { commitmentEventFormats as events } from '#domain'
import { z } from 'zod'
import { cause, count, instant, visibleTo } from './values.ts'

const day = z.iso.date()

/** A promise with the state of its two tracks. */
export const commitmentDocument = z
  .strictObject({
    id: z.uuid(),
    origin: z.enum(['live', 'history']),
    caseId: z.uuid().nullable(),
    responseId: z.uuid().nullable(),
    number: z.string().nullable().describe('Of the case whose answer made it.'),
    channel: z.string().nullable(),
    source: z.enum(['response', 'press-conference', 'site-visit', 'livelihood-project']),
    sourceWords: z.string().nullable(),
    sourceDate: z.string().nullable(),
    quote: z.string(),
    action: z.string(),
    class: z.enum(['act', 'publish', 'answer-again']),
    strength: z.enum(['firm', 'planned', 'striving']),
    promisor: z.string(),
    responsible: z.string(),
    status: z.enum(['open', 'settled', 'broken', 'withdrawn', 'superseded', 'routine']),
    fulfilment: z.enum(['open', 'reported', 'complete', 'partial', 'none']),
    publication: z.enum(['open', 'reported', 'verified', 'exempted']),
    publishedAt: z.string().nullable().describe('The address where its result was reported to be public.'),
    verified: z.strictObject({ department: z.string(), method: z.string(), at: instant }).nullable(),
    seen: z
      .strictObject({ department: z.string().nullable(), at: instant })
      .nullable()
      .describe('`department`: null where a machine looked at the page.'),
    exempted: z.strictObject({ ground: z.string(), law: z.string(), clause: z.string(), at: instant }).nullable(),
    due: day,
    dueKind: z.enum(['date', 'after-event', 'condition', 'ongoing', 'none']),
    dueWords: z.string().nullable(),
    earlierDues: z.array(day),
    dues: z.array(events.DueDateRevised.schema.shape.due).describe('Everything that was ever due, oldest first.'),
    overdue: z.boolean(),
    overdueFor: z.record(z.string(), day).describe('The day for which each matter was marked.'),
    stalled: z.boolean(),
    movedAt: instant,
    rectificationDue: day.nullable(),
    look: z
      .strictObject({
        about: z.enum(['report', 'recheck']),
        number: count,
        attempts: count,
        at: instant.nullable(),
        result: z.string().nullable(),
      })
      .nullable()
      .describe('What a machine does about the page that was reported or is rechecked.'),
    causes: z.strictObject({ due: cause, movement: cause, rectification: cause, report: cause, recheck: cause }),
    madeAt: instant,
    lastProgressAt: instant.nullable(),
    lastProgress: z.string().nullable().describe('How the latest statement of progress begins.'),
    settledAt: instant.nullable(),
    recheckDue: day.nullable(),
    rechecks: count,
    recheckResults: z.array(z.strictObject({ passed: z.boolean(), tracks: z.array(z.string()), at: instant })),
    reason: z.string().nullable(),
    updatedAt: instant,
    visibleTo,
  })
  .meta({ id: 'Commitment' })
