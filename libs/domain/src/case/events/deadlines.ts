import { deadline, deadlinePurpose } from '#calendar'
import { z } from 'zod'
import { format } from '../../kernel/events.ts'
import { countNumber, instant, personId, uuid } from '../../kernel/values.ts'
import * as v from '../values.ts'

const base = { deadlineId: uuid, purpose: deadlinePurpose }

/** Every deadline that ever held, with all that explains it: replay looks nothing up. Storage formats. */
export const deadlineEventFormats = {
  DeadlineSet: format(
    z.strictObject({
      ...base,
      /** What it is about where a case may have several of the purpose: the assist, supplement, instruction or supervision. */
      reference: uuid.nullable(),
      startedAt: instant,
      due: instant,
      /** How a norm gave it; null where a person set the day. Its purpose, start and due are those above. */
      deadline: deadline.nullable(),
    }),
  ),
  DeadlineExtended: format(
    z.strictObject({
      ...base,
      previousDue: instant,
      due: instant,
      deadline,
      reason: v.reason,
      requestedBy: personId,
      approver: personId,
    }),
  ),
  DeadlineSuspended: format(
    z.strictObject({ ...base, at: instant, ground: v.reason, basis: v.reason, approver: personId }),
  ),
  /** The due day moved by the time that the clock stood still. */
  DeadlineResumed: format(
    z.strictObject({
      ...base,
      suspendedAt: instant,
      at: instant,
      previousDue: instant,
      due: instant,
      /** Over all suspensions. */
      suspendedForMs: countNumber,
    }),
  ),
  DeadlineRecomputed: format(
    z.strictObject({
      ...base,
      previousDue: instant,
      /** The deadline's, and what its clock stood still. */
      due: instant,
      deadline,
      cause: z.enum(['triage', 'calendar', 'norm']),
    }),
  ),
  DeadlineMet: format(z.strictObject({ ...base, due: instant, at: instant })),
  DeadlineMissed: format(
    z.strictObject({
      ...base,
      due: instant,
      /** What it was for happened then, late; null: it had not happened when this was written. */
      doneAt: instant.nullable(),
    }),
  ),
  /** It ended without being met or missed. */
  DeadlineLapsed: format(
    z.strictObject({
      ...base,
      due: instant,
      cause: z.enum([
        'rerouted', // another department has to sign for it
        'handed-back',
        'window-closed', // nobody handed back while they could
        'joined', // the lead's department works on it
        'not-accepted', // the asker was told why and where to go
        'transferred',
        'triage', // no norm asks for it any more
        'withdrawn', // what it was for was withdrawn
      ]),
    }),
  ),
}
