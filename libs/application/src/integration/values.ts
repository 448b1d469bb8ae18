import { z } from 'zod'
import { departmentId, instant, localDate, uuid } from '#domain'

/** What published data is made of: ids, days, departments and words of a fixed list. There is no schema for a text in it. */

export const id = uuid
export const when = instant
export const day = localDate
export const department = departmentId
/** 受理编号, which the system gives. */
export const caseNumber = z.string().regex(/^[0-9A-Za-z-]{1,32}$/)
export const count = z.number().int().min(0)

export const responseKind = z.enum(['acknowledgement', 'forwarded', 'interim', 'final', 'supplementary'])
export const responseMeans = z.enum([
  'website',
  'in-person',
  'phone',
  'press-conference',
  'new-media',
  'private-message',
])
export const grade = z.enum(['general', 'larger', 'major', 'especially-major'])

/** In the data of whatever belongs to a case. */
export const ofCase = { caseId: id, number: caseNumber }
