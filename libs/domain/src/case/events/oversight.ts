import { deadlinePurpose } from '#calendar'
import { z } from 'zod'
import { format } from '../../kernel/events.ts'
import { departmentId, instant, line, localDate, personId, sensitive, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

/** Who watches that a case is dealt with. Storage formats. */
export const oversightEventFormats = {
  CaseReminded: format(
    z.strictObject({
      /** At most one a business day for each cause and deadline. */
      day: localDate,
      cause: z.enum(['weekly', 'before-due', 'overdue', 'person']),
      deadlineId: uuid.nullable(),
      purpose: deadlinePurpose.nullable(),
      /** Null where no department has the case. */
      to: departmentId.nullable(),
      note: v.note,
    }),
  ),
  InstructionReceived: format(
    z.strictObject({
      instructionId: uuid,
      leader: sensitive(line(100)),
      text: v.reason,
      due: instant.nullable(),
      receivedAt: instant,
      recordedBy: personId,
    }),
  ),
  InstructionAnswered: format(
    z.strictObject({
      instructionId: uuid,
      text: sensitive(v.answerText),
      department: departmentId,
      answeredBy: personId,
      at: instant,
    }),
  ),
  SupervisionIssued: format(
    z.strictObject({
      supervisionId: uuid,
      /** 督办单号 */
      number: line(50),
      to: departmentId,
      demand: v.reason,
      due: instant,
      issuedBy: personId,
      issuingDepartment: departmentId,
    }),
  ),
  SupervisionAnswered: format(
    z.strictObject({
      supervisionId: uuid,
      text: sensitive(v.answerText),
      attachments: v.attachments,
      department: departmentId,
      answeredBy: personId,
      at: instant,
    }),
  ),
  SupervisionClosed: format(
    z.strictObject({ supervisionId: uuid, conclusion: v.reason, closedBy: personId, at: instant }),
  ),
}
