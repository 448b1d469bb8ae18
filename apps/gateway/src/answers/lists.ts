import { errorCode } from '#domain'
import { z } from 'zod'
import { count, instant, visibleTo } from './values.ts'

/** 舆情回应台账: one line for each answer. */
export const responseDocument = z
  .strictObject({
    id: z.string(),
    caseId: z.uuid(),
    responseId: z.uuid(),
    number: z.string(),
    title: z.string(),
    caseKind: z.enum(['message', 'opinion']),
    channel: z.string().nullable(),
    kind: z.enum(['acknowledgement', 'forwarded', 'interim', 'final', 'supplementary']),
    department: z.string().nullable(),
    means: z.string(),
    address: z.string().nullable(),
    receivedAt: instant,
    publishedAt: instant,
    due: instant.nullable().describe('Of final answers: until when it was owed; null where none was.'),
    inTime: z.boolean().nullable(),
    retrospective: z.boolean().nullable().describe('Judged by a norm that did not hold then.'),
    substantive: z.boolean().describe('Whether it says something about the matter.'),
    source: z
      .enum(['ours', 'lead', 'past', 'on-the-spot'])
      .describe('`past`: imported, no approval of ours stands behind it.'),
    leadNumber: z.string().nullable().describe('Of the case that answered, where `source` is `lead`.'),
    correctedAt: instant.nullable(),
    commitments: z.array(
      z.strictObject({
        id: z.uuid(),
        quote: z.string(),
        due: z.iso.date(),
        status: z.string(),
        fulfilment: z.string(),
        publication: z.string(),
      }),
    ),
    visibleTo,
  })
  .meta({ id: 'Response' })

/** A feed, and since when it cannot be read. */
export const feedDocument = z
  .strictObject({
    id: z.string(),
    channel: z.string(),
    address: z.string(),
    everyMinutes: count,
    active: z.boolean(),
    failing: z.strictObject({ since: instant, attempts: count, fault: z.string() }).nullable(),
    visibleTo,
  })
  .meta({ id: 'Feed' })

/** What a department has in hand. */
export const workloadDocument = z
  .strictObject({
    id: z.string(),
    department: z.string(),
    counts: z.record(z.string(), count).describe('Those that are not 0: cases, toSign, inWork, …'),
    visibleTo,
  })
  .meta({ id: 'Workload' })

/** A row that an import refused. */
export const refusedRowDocument = z
  .strictObject({
    id: z.string(),
    run: z.string(),
    channel: z.string(),
    row: count,
    code: errorCode,
    message: z.string(),
    excerpt: z.string().nullable(),
    retryable: z.boolean(),
    state: z.enum(['open', 'taken', 'dismissed']),
    refusedAt: instant,
    order: z.string(),
    visibleTo,
  })
  .meta({ id: 'RefusedRow' })

export const fileProblem = z.strictObject({ code: errorCode, message: z.string() })

/** An import run as lists show it. */
export const importRunDocument = z
  .strictObject({
    id: z.string(),
    channel: z.string(),
    source: z.enum(['file', 'webhook', 'feed']),
    fileName: z.string().nullable(),
    startedAt: instant,
    finishedAt: instant.nullable(),
    counts: z.record(z.string(), count).nullable(),
    problem: fileProblem.nullable(),
    visibleTo,
  })
  .meta({ id: 'ImportRun' })
