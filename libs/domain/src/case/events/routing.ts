import { z } from 'zod'
import { format } from '../../kernel/events.ts'
import { departmentId, instant, personId, sensitive, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

/** Who has the case in hand. Storage formats. */
export const routingEventFormats = {
  CaseRouted: format(
    z.strictObject({
      lead: departmentId,
      assisting: z.array(departmentId).max(20),
      basis: v.routingBasis,
      previousLead: departmentId.nullable(),
      /** The unit first asked: coordinates and answers the asker until the lead has signed for it (首问负责). */
      coordinating: departmentId.nullable(),
      at: instant,
    }),
  ),
  /** Those named lose the case at once: it turned out to accuse them. */
  RoutingWithdrawn: format(
    z.strictObject({
      cause: z.enum(['accused', 'accused-by-follower']),
      departments: z.array(departmentId).min(1).max(22),
    }),
  ),
  CaseSignedFor: format(z.strictObject({ department: departmentId, by: personId, at: instant })),
  HandBackRequested: format(
    z.strictObject({
      handBackId: uuid,
      department: departmentId,
      reason: v.reason,
      /** The clause or list of duties by which it is another's. */
      basis: v.reason,
      suggestedLead: departmentId.nullable(),
      requestedBy: personId,
      at: instant,
    }),
  ),
  HandBackGranted: format(
    z.strictObject({
      handBackId: uuid,
      department: departmentId,
      reason: v.note,
      grantedBy: personId,
      coordinating: departmentId,
    }),
  ),
  HandBackRefused: format(
    z.strictObject({ handBackId: uuid, department: departmentId, reason: v.reason, refusedBy: personId }),
  ),
  CaseAssigned: format(
    z.strictObject({
      department: departmentId,
      officer: personId,
      previousOfficer: personId.nullable(),
      assignedBy: personId,
    }),
  ),
  AssistRequested: format(
    z.strictObject({
      assistId: uuid,
      department: departmentId,
      askedBy: departmentId,
      question: v.reason,
      due: instant,
      requestedBy: personId,
    }),
  ),
  AssistReplied: format(
    z.strictObject({
      assistId: uuid,
      department: departmentId,
      text: sensitive(v.answerText),
      attachments: v.attachments,
      repliedBy: personId,
      at: instant,
    }),
  ),
}
