import { buildCalendar } from '#calendar'
import type { Norm } from '#calendar'
import { caseCommands, caseEventFormats, contentOf, evolveCase, initialCase } from '#domain'
import type { ApprovalPolicy, CaseEvent, CommandContext, OpenedCase, PromiseTerms, ResponseContent } from '#domain'
import type { z } from 'zod'
import { county, digestOf, NOW, person, policy, uuidOf } from '../support/context.ts'
import { specification } from '../support/spec.ts'

export { digestOf, NOW, person, policy, uuidOf }

export const { given, decide, stateAfter } = specification({
  initial: initialCase,
  evolve: evolveCase,
  formats: caseEventFormats,
  commands: caseCommands,
})

// ── A county ──

const source = { document: '测试规则', clause: '', quotation: '' }
function norm(id: string, purpose: Norm['purpose'], amount: number, rest: Partial<Norm> = {}): Norm {
  return {
    id,
    version: 1,
    title: id,
    appliesTo: { kinds: ['message'] },
    purpose,
    within: { amount, unit: 'working-days' },
    startsAt: 'received',
    endsAt: 'midnight',
    extension: null,
    validFrom: '2000-01-01',
    validTo: null,
    layer: 'county',
    source,
    ...rest,
  }
}

export const finalNorm = norm('message-7', 'final-answer', 7, {
  extension: { until: { amount: 15, unit: 'working-days' }, times: 1, approver: 'signer' },
  layer: 'state-council',
})
export const norms: Norm[] = [
  finalNorm,
  norm('simple-1', 'final-answer', 1, { appliesTo: { kinds: ['message'], simple: true } }),
  norm('acknowledge-2', 'acknowledge', 2),
  norm('sign-for-1', 'sign-for', 1, { startsAt: 'routed', appliesTo: {} }),
  norm('hand-back-1', 'hand-back', 1, { startsAt: 'signed-for', appliesTo: {} }),
  norm('opinion-48', 'final-answer', 48, {
    within: { amount: 48, unit: 'hours' },
    startsAt: 'discovered',
    appliesTo: { kinds: ['opinion'] },
  }),
  norm('incident-5', 'authoritative-information', 5, {
    within: { amount: 5, unit: 'hours' },
    startsAt: 'discovered',
    appliesTo: { incidentGrades: ['major', 'especially-major'] },
  }),
  norm('incident-24', 'press-conference', 24, {
    within: { amount: 24, unit: 'hours' },
    startsAt: 'discovered',
    appliesTo: { incidentGrades: ['major', 'especially-major'] },
  }),
]

const policies: ApprovalPolicy[] = [
  { id: 'standard', version: 3, title: '一般答复', appliesTo: {}, levels: ['department-reviewer', 'signer'] },
  {
    id: 'notices',
    version: 1,
    title: '告知',
    appliesTo: { responseKinds: ['acknowledgement', 'forwarded'] },
    levels: ['coordinator'],
  },
  {
    id: 'sensitive',
    version: 1,
    title: '敏感',
    appliesTo: { sensitive: true },
    levels: ['department-reviewer', 'legal-reviewer', 'signer'],
  },
]

const notice2026 = {
  year: 2026,
  source: '测试通知',
  days: [
    { date: '2026-01-01', name: '元旦', off: true },
    { date: '2026-04-06', name: '清明节', off: true },
  ],
}
export const notice2027 = {
  year: 2027,
  source: '测试通知',
  days: [
    { date: '2026-12-31', name: '元旦', off: true },
    { date: '2027-01-01', name: '元旦', off: true },
  ],
}

export const settings = {
  ...county('duty-office', 'gov-affairs', 'publicity', 'supervision', 'housing', 'traffic', 'water', 'county-office'),
  norms,
  calendar: buildCalendar([notice2026]),
  approvalPolicies: policies,
  limits: { handBacks: 2, recheckPassesForRoutine: 3, stalledAfterDays: 90, recheckAfterDays: 180 },
}
settings.departments = new Map(settings.departments).set('closed-down', {
  id: 'closed-down',
  name: '已撤',
  active: false,
})

export const monitor = person('monitor', 'duty-office')
export const coordinator = person('coordinator', 'gov-affairs')
export const otherCoordinator = person('coordinator', 'gov-affairs', 'second-coordinator')
export const opinionOffice = person('opinion-office', 'publicity')
export const officer = person('officer', 'housing')
export const reviewer = person('department-reviewer', 'housing')
export const signer = person('signer', 'county-office')
export const leader = person('leader', 'county-office')
export const verifier = person('verifier', 'supervision')
export const trafficOfficer = person('officer', 'traffic')
export const waterOfficer = person('officer', 'water')

// ── What is told of a case ──

export const CASE = '00000000-0000-8000-8000-000000000005'
export const OLDER = '00000000-0000-8000-8000-000000000001'
export const ITEM = '00000000-0000-8000-8000-0000000000aa'

type Commands = typeof caseCommands
export type Name = keyof Commands
export type BodyOf<N extends Name> = z.input<Commands[N]['schema']>
export interface Step {
  name: Name
  body: unknown
  context: Partial<CommandContext>
}

export function step<N extends Name>(
  name: N,
  body: BodyOf<N>,
  actor: CommandContext['actor'] = policy,
  context: Partial<CommandContext> = {},
): Step {
  return { name, body, context: { actor, settings, ...context } }
}

/** The events that these commands come to, one after the other; fails where one is refused. */
export function after(...steps: Step[]): CaseEvent[] {
  const events: CaseEvent[] = []
  for (const [at, { name, body, context }] of steps.entries()) {
    const commandId = context.commandId ?? `step-${at}-${name}`
    const decision = decide(name, body as never, stateAfter(events), { ...context, commandId })
    if (decision.outcome !== 'accepted') throw new Error(`${name} gave ${JSON.stringify(decision)}`)
    events.push(...decision.events)
  }
  return events
}

export function opened(events: CaseEvent[]): OpenedCase {
  const state = stateAfter(events)
  if (state.status === 'none') throw new Error('The case was not opened')
  return state
}

/** The id of the deadline for a purpose, the last one set. */
export function deadlineIn(events: CaseEvent[], purpose: string) {
  const found = opened(events).deadlines.findLast((deadline) => deadline.purpose === purpose)
  if (found === undefined) throw new Error(`No deadline ${purpose}`)
  return found
}

export const openCase: BodyOf<'OpenCase'> = {
  caseId: CASE,
  origin: 'live',
  number: '2026-000001',
  queryCode: 'Q7K2M9',
  receivedAt: NOW,
  channel: 'interaction-platform',
  items: [ITEM],
  title: '路灯不亮',
  wish: 'public',
  type: null,
  subject: null,
}
export const openOpinion: BodyOf<'OpenOpinionCase'> = {
  caseId: CASE,
  number: '2026-000002',
  discoveredAt: NOW,
  channel: 'monitoring',
  items: [],
  title: '某小区停水',
  subject: null,
}
export const triage: BodyOf<'TriageCase'> = {
  type: 'complaint',
  subject: '城乡建设',
  demands: ['修好路灯'],
  sensitivities: [],
  accused: { departments: [], persons: [] },
  opinionGrade: null,
  incident: null,
  simple: false,
  suggestion: null,
  note: null,
}
export const report: BodyOf<'TriageCase'> = {
  ...triage,
  type: 'report',
  accused: { departments: ['traffic'], persons: ['wang'] },
}
export const route: BodyOf<'RouteCase'> = {
  lead: 'housing',
  assisting: [],
  basis: { kind: 'person', reason: null },
}

export const content: ResponseContent = {
  kind: 'final',
  text: '李先生，路灯将于6月底前修好。',
  publicText: '路灯将于6月底前修好。',
  attachments: [],
  means: 'website',
  marks: [],
}
export const promise: PromiseTerms = {
  quote: '6月底前修好',
  action: '修好路灯',
  class: 'act',
  strength: 'firm',
  promisor: { kind: 'department', name: '住建局' },
  responsible: 'housing',
  due: { kind: 'date', date: '2026-06-30', precision: 'month', words: null },
  milestones: [],
  target: null,
  publishAt: null,
}
export const withPromise: ResponseContent = { ...content, marks: [{ markId: 'm1', terms: promise }] }
export const digestOfContent = (each: ResponseContent) => digestOf(contentOf(each))

/** `now` so many hours after the start. */
export function hoursLater(hours: number): { now: string } {
  return {
    now: Temporal.Instant.from(NOW)
      .add({ minutes: Math.round(hours * 60) })
      .toString({ smallestUnit: 'millisecond' }),
  }
}

// ── The usual way of a case, step by step ──

export const received = [step('OpenCase', openCase)]
export const triaged = [...received, step('TriageCase', triage, monitor)]
export const routed = [...triaged, step('RouteCase', route, monitor)]
export const signed = [...routed, step('SignForCase', {}, officer)]

export const RESPONSE = uuidOf('response', 'draft')
export function draftSteps(text: ResponseContent = content): Step[] {
  return [step('SaveDraft', { responseId: null, content: text }, officer, { commandId: 'draft' })]
}
export function submitSteps(text: ResponseContent = content): Step[] {
  return [step('SubmitResponse', { responseId: RESPONSE, digest: digestOfContent(text) }, officer)]
}
export function approveSteps(text: ResponseContent = content): Step[] {
  const digest = digestOfContent(text)
  return [
    step('ApproveResponse', { responseId: RESPONSE, level: 1, digest }, reviewer),
    step('ApproveResponse', { responseId: RESPONSE, level: 2, digest }, signer),
  ]
}
export function publishBody(text: ResponseContent = content): BodyOf<'PublishResponse'> {
  const address = text.means === 'website' ? 'https://www.example.gov.cn/1.html' : null
  return { responseId: RESPONSE, digest: digestOfContent(text), address, publishedAt: null }
}
export const drafted = [...signed, ...draftSteps()]
export const submitted = [...drafted, ...submitSteps()]
export const approved = [...submitted, ...approveSteps()]
export const published = [...approved, step('PublishResponse', publishBody(), officer)]
export const COMPLETION = uuidOf('completion', 'complete')
export const completing = [
  ...published,
  step('SubmitCompletion', { finding: 'substantiated', outcome: '已修好' }, officer, { commandId: 'complete' }),
]
export const completed = [...completing, step('ApproveCompletion', { completionId: COMPLETION }, coordinator)]

/** Given / when / then on a case that these commands led to. */
export function having(steps: Step[]) {
  const history = given(...after(...steps))
  return {
    when: <N extends Name>(
      name: N,
      body: BodyOf<N>,
      actor: CommandContext['actor'] = policy,
      context: Partial<CommandContext> = {},
    ) => history.when(name, body, { actor, settings, ...context }),
  }
}
