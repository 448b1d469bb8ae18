import { caseEventFormats as events } from '#domain'
import { z } from 'zod'
import { commitmentDocument } from './commitment.ts'
import { itemDocument } from './item.ts'
import { recordedEvent } from './recorded-event.ts'
import { cause, count, instant, visibleTo } from './values.ts'

const answerDeadline = z.strictObject({
  id: z.uuid(),
  norm: z.string().nullable(),
  due: instant,
  state: z.enum(['open', 'suspended', 'met', 'missed', 'lapsed']),
  provisional: z.boolean(),
  retrospective: z.boolean().describe('History, judged by a norm that did not hold then.'),
})

const runningDeadline = z.strictObject({
  id: z.uuid(),
  purpose: events.DeadlineSet.schema.shape.purpose,
  reference: z.string().nullable(),
  startedAt: instant,
  due: instant,
  inHours: z.boolean(),
  countedBy: z.string().nullable().describe('The calendar of a provisional one.'),
  suspended: z.boolean(),
  warned: z.boolean(),
  remindedOn: z.string(),
  cause,
})

/** 办件 as lists show them. */
export const caseDocument = z
  .strictObject({
    id: z.uuid(),
    number: z.string().describe('受理编号'),
    kind: z.enum(['message', 'opinion']),
    origin: z.enum(['live', 'history']),
    status: z.enum([
      'new',
      'triaged',
      'routed',
      'signed',
      'handing-back',
      'answered',
      'completed',
      'not-accepted',
      'transferred',
    ]),
    isTriaged: z.boolean(),
    hands: z.enum(['unrouted', 'routed', 'signed']),
    routed: z.strictObject({ at: instant, cause }).nullable().describe('While nobody has signed: since when.'),
    handingBack: z.boolean(),
    isAnswered: z.boolean(),
    ending: z.enum(['completed', 'not-accepted', 'transferred']).nullable(),
    title: z.string(),
    channel: z.string().nullable(),
    type: z.string().nullable(),
    subject: z.string().nullable(),
    receivedAt: instant,
    lead: z.string().nullable(),
    assisting: z.array(z.string()),
    coordinating: z.string().nullable(),
    departments: z.array(z.string()),
    accused: z.array(z.string()),
    sharedWith: z.array(z.string()),
    sharedHolder: z.string().nullable().describe('Who works on the case that this one follows.'),
    final: answerDeadline.nullable().describe('The deadline of the first answer: counts are about it.'),
    owed: answerDeadline.nullable().describe('That of the answer owed now, or last.'),
    nextDue: instant.nullable(),
    openDeadlines: z.array(runningDeadline),
    missedDeadlines: z.array(runningDeadline),
    asked: z.array(
      z.strictObject({
        id: z.uuid(),
        kind: z.enum(['assist', 'supervision', 'instruction', 'supplement']),
        department: z.string().nullable(),
      }),
    ),
    served: z.array(z.string()).describe('The purposes that its answers have served.'),
    answeredAt: instant.nullable(),
    answeredBy: z.string().nullable(),
    substantive: z.array(z.uuid()).describe('Its answers that say something about the matter.'),
    rating: z.enum(['satisfied', 'basically-satisfied', 'dissatisfied']).nullable(),
    following: z.uuid().nullable().describe('The case that it follows (并案).'),
    followers: z.array(z.strictObject({ id: z.uuid(), through: z.uuid() })),
    items: z.array(z.uuid()),
    responses: z.array(z.uuid()),
    commitments: z.array(z.uuid()),
    visibleTo,
  })
  .meta({ id: 'Case' })

const {
  ResponseDrafted,
  ResponseSubmitted,
  ResponsePublished,
  AnsweredByLead,
  PastResponseRecorded,
  AnsweredOnTheSpot,
} = events
const { content, ...published } = ResponsePublished.schema.shape

/** An answer as the page shows it: what is known of it so far, the latest word on each thing. */
const responseOnPage = z.strictObject({
  ...z
    .strictObject({
      ...AnsweredByLead.schema.shape,
      ...PastResponseRecorded.schema.shape,
      ...AnsweredOnTheSpot.schema.omit({ answeredAt: true }).shape,
      ...published,
      ...ResponseSubmitted.schema.shape,
      ...ResponseDrafted.schema.omit({ content: true }).shape,
      ...content.shape,
      department: z.string().nullable(),
      reason: z.string().nullable(),
      previousDigest: z.string(),
      savedAt: instant,
      submittedAt: instant,
      approvals: z.array(events.ResponseApproved.schema),
      returned: events.ResponseReturned.schema.extend({ at: instant }).nullable(),
      featured: z.boolean(),
    })
    .partial().shape,
  responseId: z.uuid(),
  state: z.enum([
    'draft',
    'submitted',
    'returned',
    'approved',
    'published',
    'corrected',
    'answered-by-lead',
    'past',
    'answered-on-the-spot',
  ]),
})

const deadlineOnPage = z.strictObject({
  ...events.DeadlineSet.schema.shape,
  state: z.enum(['open', 'suspended', 'met', 'missed', 'lapsed']),
  history: z.array(
    z.strictObject({
      change: z.enum(['DeadlineExtended', 'DeadlineRecomputed', 'DeadlineResumed']),
      at: instant,
      previousDue: instant,
      due: instant,
    }),
  ),
  doneAt: instant.nullable().optional(),
  cause: events.DeadlineLapsed.schema.shape.cause.optional(),
})

/** 办件 as its page shows it: what was asked, decided, answered and promised, each in its latest state. */
export const caseDetail = z
  .strictObject({
    id: z.uuid(),
    number: z.string(),
    queryCode: z.string().nullable().describe('With its number, the asker’s key to the public inquiry.'),
    wish: z.enum(['public', 'private']).nullable(),
    openedAt: instant,
    triage: events.CaseTriaged.schema.extend({ at: instant }).nullable(),
    routings: z.array(
      z.union([
        events.CaseRouted.schema,
        events.RoutingWithdrawn.schema.extend({ withdrawn: z.literal(true), at: instant }),
      ]),
    ),
    signedBy: events.CaseSignedFor.schema.nullable(),
    handBacks: z.array(
      events.HandBackRequested.schema.extend({
        state: z.enum(['requested', 'granted', 'refused']),
        answer: z.string().nullable().optional(),
        answeredAt: instant.optional(),
      }),
    ),
    officer: z.string().nullable(),
    assists: z.array(
      z.strictObject({
        ...events.AssistReplied.schema.partial().shape,
        ...events.AssistRequested.schema.shape,
        state: z.enum(['requested', 'replied']),
        at: instant,
      }),
    ),
    supplements: z.array(
      z.union([
        events.SupplementRequested.schema.extend({ state: z.literal('requested'), at: instant }),
        events.SupplementReceived.schema.extend({ state: z.literal('received') }),
      ]),
    ),
    deadlines: z.array(deadlineOnPage),
    responses: z.array(responseOnPage),
    notAccepted: events.CaseNotAccepted.schema.nullable(),
    transferred: events.CaseTransferred.schema.nullable(),
    joined: events.CaseJoined.schema.nullable(),
    completions: z.array(
      z.strictObject({
        ...events.CompletionApproved.schema.partial().shape,
        ...events.CaseReturnedForRework.schema.partial().shape,
        ...events.CompletionSubmitted.schema.shape,
        state: z.enum(['submitted', 'approved', 'returned']),
      }),
    ),
    callBacks: z.array(events.CaseCalledBack.schema),
    ratings: z.array(events.SatisfactionRated.schema),
    reopenings: z.array(events.CaseReopened.schema),
    reminders: count,
    instructions: z.array(
      events.InstructionReceived.schema.extend({
        state: z.enum(['open', 'answered']),
        answer: z.string().optional(),
        answeredAt: instant.optional(),
      }),
    ),
    supervisions: z.array(
      z.strictObject({
        ...events.SupervisionAnswered.schema.partial().shape,
        ...events.SupervisionClosed.schema.partial().shape,
        ...events.SupervisionIssued.schema.shape,
        state: z.enum(['issued', 'answered', 'closed']),
        at: instant,
      }),
    ),
    revision: count.describe('Of the case’s stream, for If-Match.'),
    updatedAt: instant,
    visibleTo,
  })
  .meta({ id: 'CaseDetail' })

/** One case with its items, answers and promises. */
export const caseAnswer = z
  .strictObject({
    case: caseDocument,
    detail: caseDetail,
    items: z.array(itemDocument),
    commitments: z.array(commitmentDocument),
    history: z.array(recordedEvent).nullable().describe('Every event of the case, in order, where it was asked for.'),
  })
  .meta({ id: 'CasePage' })
