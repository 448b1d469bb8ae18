import { z } from 'zod'
import { format } from '../../kernel/events.ts'
import { channelId, instant, line, personId, sensitive, text, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

/** From the first day to what is done with the case: opened, triaged, accepted or not, supplemented. Storage formats. */
export const openingEventFormats = {
  CaseOpened: format(
    z.strictObject({
      caseId: uuid,
      kind: v.caseKind,
      origin: v.caseOrigin,
      /** 受理编号 */
      number: line(32),
      /** With the number, the asker's key to the public inquiry; null where nobody asked. */
      queryCode: sensitive(line(32)).nullable(),
      /** By this, then by id, the older of two cases is known. */
      openedAt: instant,
      /** What the clocks start at: receipt of a message, discovery of an opinion. */
      receivedAt: instant,
      channel: channelId.nullable(),
      /** What it was opened from: one item for a message. What an opinion gathers later is in `ItemsJoined`. */
      items: z.array(uuid).max(500),
      title: sensitive(text(500)),
      wish: v.askerWish.nullable(),
      /** The type and subject its source gave it, until triage decides. */
      type: v.caseType.nullable(),
      subject: line(100).nullable(),
    }),
  ),
  CaseTriaged: format(
    z.strictObject({
      type: v.caseType,
      subject: line(100).nullable(),
      demands: z.array(v.demand).max(20),
      sensitivities: z.array(v.sensitivity).max(10),
      accused: v.accused,
      opinionGrade: v.grade.nullable(),
      incident: v.incident.nullable(),
      /** A simple, common question. */
      simple: z.boolean(),
      /** The rule or suggestion that was followed; null: a person's own judgement. */
      suggestion: line(200).nullable(),
      note: v.note,
    }),
  ),
  CaseNotAccepted: format(
    z.strictObject({
      ground: v.notAcceptedGround,
      /** The clause that it rests on, in words. */
      basis: v.reason,
      /** What the asker is told, and the right way to go. */
      notice: sensitive(v.answerText),
      rightRoute: v.note,
      proposedBy: personId,
      approver: personId,
      at: instant,
    }),
  ),
  CaseTransferred: format(
    z.strictObject({
      /** A body outside the county's departments. */
      to: line(200),
      basis: v.reason,
      /** Its receipt; null while there is none. */
      receipt: sensitive(line(200)).nullable(),
      notice: sensitive(v.answerText),
      at: instant,
    }),
  ),
  SupplementRequested: format(
    z.strictObject({ supplementId: uuid, what: v.reason, due: instant.nullable(), requestedBy: personId }),
  ),
  SupplementReceived: format(
    z.strictObject({
      supplementId: uuid,
      /** The request that it answers; null where the asker sent it unasked. */
      request: uuid.nullable(),
      text: sensitive(text(20_000)),
      attachments: v.attachments,
      receivedAt: instant,
    }),
  ),
}
