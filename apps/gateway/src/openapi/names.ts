import { deadline, explainedDay, normReference, normPack } from '#calendar'
import {
  approvalPolicy,
  caseEventFormats,
  instant,
  itemAttachment,
  itemContent,
  localDate,
  promiseDue,
  promiseMark,
  promiseSource,
  promiseTerms,
  reach,
  storedFile,
  uuid,
} from '#domain'
import { z } from 'zod'

/** Shapes that many routes share, by the names under which the documentation describes them once. */
const named: Record<string, z.ZodType> = {
  Instant: instant,
  Day: localDate,
  Uuid: uuid,
  StoredFile: storedFile,
  Attachment: itemAttachment,
  ItemContent: itemContent,
  Reach: reach,
  Deadline: deadline,
  ExplainedDay: explainedDay,
  NormReference: normReference,
  NormPack: normPack,
  ApprovalPolicy: approvalPolicy,
  PromiseDue: promiseDue,
  PromiseTerms: promiseTerms,
  PromiseMark: promiseMark,
  PromiseSource: promiseSource,
  ResponseContent: caseEventFormats.ResponseDrafted.schema.shape.content,
  DeadlineSet: caseEventFormats.DeadlineSet.schema,
}

/** Gives them their names in zod's own registry, where schemas are described from. */
export function nameSchemas(): void {
  for (const [id, schema] of Object.entries(named)) {
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id })
  }
}
