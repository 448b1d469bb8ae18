import { z } from 'zod'
import { format } from '../../kernel/events.ts'
import { departmentId, instant, personId, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

/** How a case ends, and what its asker says of it. Storage formats. */
export const closingEventFormats = {
  CompletionSubmitted: format(
    z.strictObject({
      completionId: uuid,
      finding: v.finding,
      outcome: v.reason,
      department: departmentId,
      submittedBy: personId,
      at: instant,
    }),
  ),
  CompletionApproved: format(z.strictObject({ completionId: uuid, approver: personId, at: instant })),
  CaseReturnedForRework: format(
    z.strictObject({ completionId: uuid, why: v.reason, returnedBy: personId, at: instant }),
  ),
  CaseCalledBack: format(
    z.strictObject({
      callBackId: uuid,
      reached: z.boolean(),
      /** Null where the asker was not reached or would not say. */
      solved: z.enum(['yes', 'partly', 'no']).nullable(),
      note: v.note,
      calledBy: personId,
      at: instant,
    }),
  ),
  SatisfactionRated: format(z.strictObject({ rating: v.rating, comment: v.note, ratedAt: instant })),
  CaseReopened: format(
    z.strictObject({
      reopeningId: uuid,
      cause: z.enum(['dissatisfied', 'call-back', 'new-facts', 'supervision', 'mistake']),
      reason: v.reason,
      reopenedBy: personId,
      at: instant,
    }),
  ),
}
