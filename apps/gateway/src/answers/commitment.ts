import { z } from 'zod'
import { count, instant, visibleTo } from './values.ts'

const day = z.iso.date()

/** A promise with the state of its two tracks. */
export const commitmentDocument = z
  .strictObject({
    id: z.uuid(),
    origin: z.enum(['live', 'history']),
    caseId: z.uuid().nullable(),
    responseId: z.uuid().nullable(),
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
    due: day,
    dueKind: z.enum(['date', 'after-event', 'condition', 'ongoing', 'none']),
    dueWords: z.string().nullable(),
    earlierDues: z.array(day),
    overdue: z.boolean(),
    stalled: z.boolean(),
    madeAt: instant,
    lastProgressAt: instant.nullable(),
    settledAt: instant.nullable(),
    recheckDue: day.nullable(),
    rechecks: count,
    reason: z.string().nullable(),
    updatedAt: instant,
    visibleTo,
  })
  .meta({ id: 'Commitment' })
