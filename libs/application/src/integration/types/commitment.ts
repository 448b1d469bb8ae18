import { watchDate } from '#domain'
import type { PromiseDue } from '#domain'
import { z } from 'zod'
import { tells } from '../definition.ts'
import type { MappingContext } from '../definition.ts'
import { idOf } from '../../stream-id.ts'
import * as v from '../values.ts'

const ofCommitment = {
  commitmentId: v.id,
  /** Null: it was made elsewhere than in an answer. */
  caseId: v.id.nullable(),
}
const named = ({ event }: MappingContext) => ({
  commitmentId: idOf(event.stream),
  caseId: event.metadata.caseId,
})

const due = z.strictObject({
  kind: z.enum(['date', 'after-event', 'condition', 'ongoing', 'none']),
  /** The last day of the period promised; of any other kind, when somebody looks. */
  day: v.day,
  precision: z.enum(['day', 'ten-days', 'month', 'quarter', 'half-year', 'year']).nullable(),
})

function dueOf(due: PromiseDue) {
  return { kind: due.kind, day: watchDate(due), precision: due.kind === 'date' ? due.precision : null }
}

const report = z.number().int().min(1)

/** Promises, from their making to their end. Published formats: only ever add a field. */
export const commitmentTypes = [
  tells('CommitmentMade', {
    name: 'commitment.recorded.v1',
    zh: '承诺已登记',
    en: 'A promise was made in public and is followed from here on.',
    schema: z.strictObject({
      ...ofCommitment,
      source: z.enum(['response', 'press-conference', 'site-visit', 'livelihood-project']),
      class: z.enum(['act', 'publish', 'answer-again']),
      strength: z.enum(['firm', 'planned', 'striving']),
      promisor: z.enum(['department', 'other-body', 'enterprise']),
      responsible: v.department,
      due,
      madeAt: v.when,
    }),
    map: ({ source, terms, madeAt, origin }, context) =>
      origin === 'history'
        ? null
        : {
            ...named(context),
            source: source.kind,
            class: terms.class,
            strength: terms.strength,
            promisor: terms.promisor.kind,
            responsible: terms.responsible,
            due: dueOf(terms.due),
            madeAt,
          },
  }),
  tells('CommitmentSuperseded', {
    name: 'commitment.superseded.v1',
    zh: '承诺已被取代',
    en: 'A newer promise took its place.',
    schema: z.strictObject({ ...ofCommitment, successor: v.id }),
    map: ({ successor }, context) => ({ ...named(context), successor: successor.commitmentId }),
  }),
  tells('DueDateRevised', {
    name: 'commitment.due-revised.v1',
    zh: '承诺时限已调整',
    en: 'A promise falls due another day.',
    schema: z.strictObject({ ...ofCommitment, previous: due, due }),
    map: (data, context) => ({ ...named(context), previous: dueOf(data.previous), due: dueOf(data.due) }),
  }),
  tells('ProgressReported', {
    name: 'commitment.progress-reported.v1',
    zh: '承诺有进展',
    en: 'The department reported progress.',
    schema: z.strictObject({ ...ofCommitment, reportedAt: v.when }),
    map: ({ reportedAt }, context) => ({ ...named(context), reportedAt }),
  }),
  tells('FulfilmentReported', {
    name: 'commitment.fulfilment-reported.v1',
    zh: '承诺落实已报告',
    en: 'The department reported that it did what was promised.',
    schema: z.strictObject({ ...ofCommitment, report, reportedAt: v.when }),
    map: ({ report, reportedAt }, context) => ({ ...named(context), report, reportedAt }),
  }),
  tells('FulfilmentVerified', {
    name: 'commitment.fulfilment-verified.v1',
    zh: '承诺落实已核查',
    en: 'Somebody of another department looked whether it was done, and how far.',
    schema: z.strictObject({
      ...ofCommitment,
      report,
      degree: z.enum(['complete', 'partial', 'none']),
      method: z.enum(['site-visit', 'documents', 'citizen-confirmation']),
      verifiedAt: v.when,
    }),
    map: ({ report, degree, method, verifiedAt }, context) => ({
      ...named(context),
      report,
      degree,
      method,
      verifiedAt,
    }),
  }),
  tells('FulfilmentRejected', {
    name: 'commitment.fulfilment-rejected.v1',
    zh: '承诺落实未通过核查',
    en: 'A report that it was done was not believed.',
    schema: z.strictObject({ ...ofCommitment, report }),
    map: ({ report }, context) => ({ ...named(context), report }),
  }),
  tells('RectificationOrdered', {
    name: 'commitment.rectification-ordered.v1',
    zh: '承诺须整改',
    en: 'What was done in part or not at all has to be put right.',
    schema: z.strictObject({ ...ofCommitment, report, dueOn: v.day }),
    map: ({ report, dueOn }, context) => ({ ...named(context), report, dueOn }),
  }),
  tells('PublicationReported', {
    name: 'commitment.publication-reported.v1',
    zh: '承诺公开已报告',
    en: 'The department reported where the public can see it.',
    schema: z.strictObject({ ...ofCommitment, report, reportedAt: v.when }),
    map: ({ report, reportedAt }, context) => ({ ...named(context), report, reportedAt }),
  }),
  tells('PublicationVerified', {
    name: 'commitment.publication-verified.v1',
    zh: '承诺公开已核查',
    en: 'The page was looked at, and the public can see it.',
    schema: z.strictObject({ ...ofCommitment, report, method: z.enum(['automatic', 'manual']), verifiedAt: v.when }),
    map: ({ report, method, verifiedAt }, context) => ({ ...named(context), report, method, verifiedAt }),
  }),
  tells('PublicationRejected', {
    name: 'commitment.publication-rejected.v1',
    zh: '承诺公开未通过核查',
    en: 'The page does not show it.',
    schema: z.strictObject({
      ...ofCommitment,
      report,
      fault: z.enum(['unreachable', 'not-public', 'words-missing', 'wrong-site']),
    }),
    map: ({ report, fault }, context) => ({ ...named(context), report, fault }),
  }),
  tells('PublicationExempted', {
    name: 'commitment.publication-exempted.v1',
    zh: '承诺依法不公开',
    en: 'The law keeps it from the public; the asker was told instead.',
    schema: z.strictObject({ ...ofCommitment }),
    map: (_data, context) => named(context),
  }),
  tells('CommitmentSettled', {
    name: 'commitment.settled.v1',
    zh: '承诺已销号',
    en: 'A promise was kept, and the public can see it.',
    schema: z.strictObject({ ...ofCommitment, settledAt: v.when }),
    map: ({ settledAt }, context) => ({ ...named(context), settledAt }),
  }),
  tells('CommitmentBroken', {
    name: 'commitment.broken.v1',
    zh: '承诺未兑现',
    en: 'A promise will not be kept.',
    schema: z.strictObject({ ...ofCommitment }),
    map: (_data, context) => named(context),
  }),
  tells('CommitmentWithdrawn', {
    name: 'commitment.withdrawn.v1',
    zh: '承诺已撤销',
    en: 'A promise was withdrawn.',
    schema: z.strictObject({ ...ofCommitment }),
    map: (_data, context) => named(context),
  }),
  tells('CommitmentMadeRoutine', {
    name: 'commitment.made-routine.v1',
    zh: '承诺转为常态化',
    en: 'A promise that goes on was kept so often that it is routine.',
    schema: z.strictObject({ ...ofCommitment, passes: v.count }),
    map: ({ passes }, context) => ({ ...named(context), passes }),
  }),
  tells('CommitmentOverdue', {
    name: 'commitment.overdue.v1',
    zh: '承诺已逾期',
    en: 'A promise, its review or its rectification is overdue.',
    schema: z.strictObject({
      ...ofCommitment,
      matter: z.enum(['due-date', 'review', 'rectification']),
      due: v.day,
    }),
    map: ({ matter, due }, context) => ({ ...named(context), matter, due }),
  }),
  tells('CommitmentStalled', {
    name: 'commitment.stalled.v1',
    zh: '承诺长期无进展',
    en: 'Nothing was heard of a promise for long.',
    schema: z.strictObject({ ...ofCommitment, lastMovementAt: v.when }),
    map: ({ lastMovementAt }, context) => ({ ...named(context), lastMovementAt }),
  }),
  tells('RecheckPassed', {
    name: 'commitment.recheck-passed.v1',
    zh: '回头看通过',
    en: 'Looked at again, the promise still holds.',
    schema: z.strictObject({ ...ofCommitment, recheck: report, recheckedAt: v.when }),
    map: ({ recheck, recheckedAt }, context) => ({ ...named(context), recheck, recheckedAt }),
  }),
  tells('RecheckFailed', {
    name: 'commitment.reopened.v1',
    zh: '回头看未通过，重新办理',
    en: 'Looked at again, the promise does not hold any more, and is open again on these tracks.',
    schema: z.strictObject({
      ...ofCommitment,
      recheck: report,
      tracks: z.array(z.enum(['fulfilment', 'publication'])).min(1),
      recheckedAt: v.when,
    }),
    map: ({ recheck, tracks, recheckedAt }, context) => ({ ...named(context), recheck, tracks, recheckedAt }),
  }),
]
