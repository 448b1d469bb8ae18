import { reach } from '#domain'
import { z } from 'zod'
import { count, instant, visibleTo } from './values.ts'

/** 来件: what came in. */
export const itemDocument = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(['message', 'opinion']),
    origin: z.enum(['live', 'history']),
    channel: z.string(),
    place: z.enum(['waiting', 'in-case', 'erased', 'quarantined']),
    title: z.string(),
    content: z.string(),
    author: z.string().nullable(),
    address: z.string().nullable(),
    location: z.string().nullable(),
    receivedAt: instant,
    sourceDepartment: z.string().nullable(),
    contentRevision: count,
    reach: reach.nullable(),
    caseId: z.uuid().nullable(),
    visibleTo,
  })
  .meta({ id: 'Item' })
