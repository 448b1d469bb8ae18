import { z } from 'zod'
import { channelId } from '#domain'
import { isRestrictive } from '../case-facts.ts'
import { tells } from '../definition.ts'
import type { MappingContext } from '../definition.ts'
import * as v from '../values.ts'

const named = ({ event, facts }: MappingContext) => ({ caseId: event.metadata.caseId!, number: facts!.number })

/** Published formats. Never change one but by adding a field; anything else is a new version beside it. */
export const caseTypes = [
  tells('CaseOpened', {
    name: 'case.opened.v1',
    zh: '办件已登记',
    en: 'A case was opened. Told once somebody has judged it, with what happened before.',
    schema: z.strictObject({
      ...v.ofCase,
      kind: z.enum(['message', 'opinion']),
      channel: channelId.nullable(),
      items: z.array(v.id).max(500),
      openedAt: v.when,
      receivedAt: v.when,
    }),
    map: ({ kind, channel, items, openedAt, receivedAt }, context) => ({
      ...named(context),
      kind,
      channel,
      items,
      openedAt,
      receivedAt,
    }),
  }),
  tells('ItemsJoined', {
    name: 'case.items-joined.v1',
    zh: '来件并入舆情事件',
    en: 'Items were joined to an opinion case.',
    schema: z.strictObject({ ...v.ofCase, items: z.array(v.id).min(1).max(500) }),
    map: ({ items }, context) => ({ ...named(context), items: items.map(({ item }) => item) }),
  }),
  tells('ItemsLeft', {
    name: 'case.items-left.v1',
    zh: '来件移出舆情事件',
    en: 'Items were taken out of an opinion case.',
    schema: z.strictObject({ ...v.ofCase, items: z.array(v.id).min(1).max(500) }),
    map: ({ items }, context) => ({ ...named(context), items: items.map(({ item }) => item) }),
  }),
  tells('CaseTriaged', {
    name: 'case.triaged.v1',
    zh: '办件已研判',
    en: 'A case was judged: its type, and the grade of an opinion or incident.',
    schema: z.strictObject({
      ...v.ofCase,
      type: z.enum(['consultation', 'help', 'complaint', 'suggestion', 'correction', 'thanks', 'opinion']),
      opinionGrade: v.grade.nullable(),
      incidentGrade: v.grade.nullable(),
      simple: z.boolean(),
    }),
    map: (data, context) => {
      const { type, opinionGrade, incident, simple } = data
      if (type === 'report' || isRestrictive(data)) return null
      return { ...named(context), type, opinionGrade, incidentGrade: incident?.grade ?? null, simple }
    },
  }),
  tells('CaseNotAccepted', {
    name: 'case.not-accepted.v1',
    zh: '不予受理',
    en: 'A case was not accepted, and on what ground.',
    schema: z.strictObject({
      ...v.ofCase,
      ground: z.enum([
        'litigation',
        'arbitration',
        'discipline',
        'reconsideration',
        'petition-under-way',
        'not-ours',
        'secret-or-private',
        'already-answered',
      ]),
      at: v.when,
    }),
    map: ({ ground, at }, context) => ({ ...named(context), ground, at }),
  }),
  tells('CaseTransferred', {
    name: 'case.transferred.v1',
    zh: '已移送',
    en: 'A case was handed to a body outside the county’s departments.',
    schema: z.strictObject({ ...v.ofCase, at: v.when }),
    map: ({ at }, context) => ({ ...named(context), at }),
  }),
  tells('CaseRouted', {
    name: 'case.routed.v1',
    zh: '已分办',
    en: 'A case was given to a department, with those that assist it.',
    schema: z.strictObject({
      ...v.ofCase,
      lead: v.department,
      assisting: z.array(v.department).max(20),
      previousLead: v.department.nullable(),
      coordinating: v.department.nullable(),
      basis: z.enum(['rule', 'person', 'jurisdiction']),
      at: v.when,
    }),
    map: ({ lead, assisting, previousLead, coordinating, basis, at }, context) => ({
      ...named(context),
      lead,
      assisting,
      previousLead,
      coordinating,
      basis: basis.kind,
      at,
    }),
  }),
  tells('CaseSignedFor', {
    name: 'case.signed-for.v1',
    zh: '已签收',
    en: 'The department signed for a case.',
    schema: z.strictObject({ ...v.ofCase, department: v.department, at: v.when }),
    map: ({ department, at }, context) => ({ ...named(context), department, at }),
  }),
  tells('HandBackGranted', {
    name: 'case.handed-back.v1',
    zh: '已退回',
    en: 'A department handed a case back.',
    schema: z.strictObject({ ...v.ofCase, department: v.department, coordinating: v.department }),
    map: ({ department, coordinating }, context) => ({ ...named(context), department, coordinating }),
  }),
  tells('ResponsePublished', {
    name: 'case.answered.v1',
    zh: '已答复',
    en: 'A response of the department was published; only a final one answers the case.',
    schema: z.strictObject({
      ...v.ofCase,
      responseId: v.id,
      kind: v.responseKind,
      means: v.responseMeans,
      department: v.department,
      publishedAt: v.when,
    }),
    map: ({ responseId, content, department, publishedAt }, context) => ({
      ...named(context),
      responseId,
      kind: content.kind,
      means: content.means,
      department,
      publishedAt,
    }),
  }),
  tells('ResponseCorrected', {
    name: 'case.answer-corrected.v1',
    zh: '答复已更正',
    en: 'A published response was corrected.',
    schema: z.strictObject({
      ...v.ofCase,
      responseId: v.id,
      kind: v.responseKind,
      means: v.responseMeans,
      department: v.department,
      publishedAt: v.when,
    }),
    map: ({ responseId, content, department, publishedAt }, context) => ({
      ...named(context),
      responseId,
      kind: content.kind,
      means: content.means,
      department,
      publishedAt,
    }),
  }),
  tells('AnsweredByLead', {
    name: 'case.answered-jointly.v1',
    zh: '并案答复',
    en: 'What was published for the case that this one follows answers it too. Which one that is, is not told.',
    schema: z.strictObject({
      ...v.ofCase,
      kind: v.responseKind,
      means: v.responseMeans,
      department: v.department,
      answeredAt: v.when,
    }),
    map: ({ kind, means, department, answeredAt }, context) => ({
      ...named(context),
      kind,
      means,
      department,
      answeredAt,
    }),
  }),
  tells('AnsweredOnTheSpot', {
    name: 'case.answered-on-the-spot.v1',
    zh: '即时办结',
    en: 'A simple question was answered by word of mouth and is completed thereby.',
    schema: z.strictObject({
      ...v.ofCase,
      means: z.enum(['in-person', 'phone']),
      department: v.department,
      answeredAt: v.when,
    }),
    map: ({ means, department, answeredAt }, context) => ({ ...named(context), means, department, answeredAt }),
  }),
  tells('CompletionApproved', {
    name: 'case.closed.v1',
    zh: '已办结',
    en: 'A case was completed; what came of it is null where it is not known any more.',
    schema: z.strictObject({
      ...v.ofCase,
      finding: z
        .enum(['substantiated', 'partly-substantiated', 'unsubstantiated', 'unverifiable', 'not-applicable'])
        .nullable(),
      at: v.when,
    }),
    map: ({ completionId, at }, context) => {
      const { completion } = context.facts!
      return { ...named(context), finding: completion?.id === completionId ? completion.finding : null, at }
    },
  }),
  tells('CaseReopened', {
    name: 'case.reopened.v1',
    zh: '已重新办理',
    en: 'A completed case was opened again.',
    schema: z.strictObject({
      ...v.ofCase,
      cause: z.enum(['dissatisfied', 'call-back', 'new-facts', 'supervision', 'mistake']),
      at: v.when,
    }),
    map: ({ cause, at }, context) => ({ ...named(context), cause, at }),
  }),
  tells('CaseCalledBack', {
    name: 'case.called-back.v1',
    zh: '已回访',
    en: 'The asker was called back; whether they were reached and what they said.',
    schema: z.strictObject({
      ...v.ofCase,
      reached: z.boolean(),
      solved: z.enum(['yes', 'partly', 'no']).nullable(),
      at: v.when,
    }),
    map: ({ reached, solved, at }, context) => ({ ...named(context), reached, solved, at }),
  }),
  tells('SatisfactionRated', {
    name: 'case.rated.v1',
    zh: '已评价',
    en: 'The asker rated how the case was dealt with, in stars or in words.',
    schema: z.strictObject({
      ...v.ofCase,
      stars: z.number().int().min(1).max(5).nullable(),
      words: z.enum(['satisfied', 'basically-satisfied', 'dissatisfied']).nullable(),
      ratedAt: v.when,
    }),
    map: ({ rating, ratedAt }, context) => ({
      ...named(context),
      stars: rating.scale === 'stars' ? rating.stars : null,
      words: rating.scale === 'words' ? rating.words : null,
      ratedAt,
    }),
  }),
]
