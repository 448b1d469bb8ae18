import { contentOf, holderOf } from '#domain'
import type { Actor, OpenedCase, ResponseContent, Role } from '#domain'
import {
  content,
  digestOf,
  hoursLater,
  openCase,
  person,
  policy,
  promise,
  report,
  route,
  triage,
  uuidOf,
} from './support.ts'
import { factsFor, IDS } from './world.ts'
import type { Given, World } from './world.ts'

/** What may be asked next of a case, likely things more often than unlikely ones, some of them wrong. */

/** Picks from small numbers; the same numbers give the same run. */
export interface Dice {
  below: (bound: number) => number
  of: <Value>(values: readonly Value[]) => Value
}

const DEPARTMENTS = ['housing', 'traffic', 'water'] as const
const WRONG = uuidOf('wrong')

export function choose(world: World, stream: number, dice: Dice): Given {
  const state = world.cases[stream]!
  if (state.status === 'none') return openingOf(world, stream, dice)
  const rare = dice.below(100)
  if (rare < 12) return oddity(world, stream, state, dice)
  if (rare < 19 && stream > 0) return joining(world, stream, state, dice)
  return progress(state, dice)
}

function openingOf(_world: World, stream: number, dice: Dice): Given {
  const origin = dice.below(8) === 0 ? 'history' : 'live'
  const wish = dice.of(['public', 'private', null])
  return { name: 'OpenCase', body: { ...openCase, caseId: IDS[stream], origin, wish }, actor: policy }
}

const by = (role: Role, department: string, other = false): Actor =>
  person(role, department, other ? `other-${role}@${department}` : undefined)

/** The next step of a case that goes its usual way. */
function progress(state: OpenedCase, dice: Dice): Given {
  const holder = holderOf(state) ?? dice.of(DEPARTMENTS)
  const { routing, handBack } = state.hands
  if (state.closing.ending !== null) return afterwards(state, holder, dice)
  if (state.triage === null) return dice.below(12) === 0 ? spoken(by('officer', holder), dice) : triageAs(dice)
  if (state.joining.following !== null && dice.below(3) > 0)
    return { name: 'SeparateCase', body: { reason: '不同' }, actor: by('monitor', 'duty-office') }
  if (routing.status === 'unrouted' && state.status === 'triaged') return routing_(dice)
  if (routing.status === 'routed') return { name: 'SignForCase', body: {}, actor: by('officer', routing.lead) }
  if (handBack?.status === 'open') {
    const name = dice.of(['GrantHandBack', 'RefuseHandBack'] as const)
    return { name, body: { handBackId: handBack.id, reason: '理由' }, actor: by('coordinator', 'gov-affairs') }
  }
  const response = state.responses.own.findLast(({ draft }) => draft.status !== 'published')
  if (response !== undefined) return onwards(response, state, dice)
  if (state.status === 'answered' && dice.below(3) > 0) return afterwards(state, holder, dice)
  if (dice.below(8) === 0) {
    return {
      name: 'RequestHandBack',
      body: { reason: '不属', basis: '三定', suggestedLead: null },
      actor: by('officer', holder),
    }
  }
  return { name: 'SaveDraft', body: { responseId: null, content: wording(dice) }, actor: by('officer', holder) }
}

function spoken(actor: Actor, dice: Dice): Given {
  const body = { subject: null, text: '请到户籍窗口补办。', means: dice.of(['in-person', 'phone']) }
  return { name: 'CompleteOnTheSpot', body, actor }
}

function triageAs(dice: Dice): Given {
  const kind = dice.below(3)
  const accused = { departments: [dice.of(DEPARTMENTS)], persons: [] }
  const body =
    kind === 0 ? { ...report, accused } : { ...triage, simple: kind === 1, subject: dice.of(['交通', '水务', null]) }
  return { name: 'TriageCase', body, actor: by('monitor', 'duty-office') }
}

function routing_(dice: Dice): Given {
  const assisting = dice.below(3) === 0 ? [dice.of(DEPARTMENTS)] : []
  const basis =
    dice.below(4) === 0
      ? ({ kind: 'jurisdiction', decidedBy: '县政府办', document: null, reason: '裁定' } as const)
      : route.basis
  return {
    name: 'RouteCase',
    body: { lead: dice.of(DEPARTMENTS), assisting, basis },
    actor: by('monitor', 'duty-office'),
  }
}

function wording(dice: Dice): ResponseContent {
  const kind = dice.of(['final', 'final', 'final', 'interim', 'acknowledgement', 'supplementary'] as const)
  const text = dice.of(['路灯将于6月底前修好。', '已于6月底前修好。', '现将有关情况回复如下：6月底前修好。'])
  const marks = dice.below(2) === 0 ? [{ markId: dice.of(['m1', 'm2']), terms: promise }] : []
  return { ...content, kind, text, publicText: text, marks, means: dice.of(['website', 'phone']) }
}

/** Submission, approval, return, edit, publication. */
function onwards(
  { id: responseId, draft }: OpenedCase['responses']['own'][number],
  state: OpenedCase,
  dice: Dice,
): Given {
  const { department } = draft
  const read = dice.below(12) === 0 ? wording(dice) : draft.content
  const body = { responseId, digest: digestOf(contentOf(read)) }
  if (dice.below(10) === 0) {
    return {
      name: 'SaveDraft',
      body: { responseId, content: wording(dice) },
      actor: by(dice.of(['officer', 'department-reviewer']), department),
    }
  }
  if (draft.status === 'submitted') {
    const { approvals, levels } = draft.round
    const role = levels[approvals.length] ?? 'signer'
    const place = role === 'department-reviewer' ? department : role === 'coordinator' ? 'gov-affairs' : 'county-office'
    const actor = dice.below(10) === 0 ? by('officer', department) : by(role, place, dice.below(3) === 0)
    if (dice.below(8) === 0) return { name: 'ReturnResponse', body: { ...body, why: '请改' }, actor }
    return { name: 'ApproveResponse', body: { ...body, level: approvals.length + 1 }, actor }
  }
  if (draft.status === 'approved') return publication(body, draft.content, department, dice)
  if (dice.below(12) === 0) return publication(body, draft.content, department, dice)
  return { name: 'SubmitResponse', body, actor: by('officer', holderOf(state) ?? department) }
}

function publication(body: object, { means }: ResponseContent, department: string, dice: Dice): Given {
  const address = means === 'website' ? 'https://www.example.gov.cn/1' : null
  return {
    name: 'PublishResponse',
    body: { ...body, address, publishedAt: null },
    actor: dice.below(6) === 0 ? by('coordinator', 'gov-affairs') : by('officer', department),
  }
}

function afterwards(state: OpenedCase, holder: string, dice: Dice): Given {
  const { completion } = state.closing
  const published = state.responses.own.find((response) => response.published !== null)
  const choice = dice.below(7)
  if (choice === 0)
    return {
      name: 'ReopenCase',
      body: { cause: 'dissatisfied', reason: '又坏了' },
      actor: by('monitor', 'duty-office'),
    }
  if (choice === 1 && published !== undefined) {
    const corrected = { ...wording(dice), kind: published.draft.content.kind }
    return {
      name: 'CorrectResponse',
      body: { responseId: published.id, content: corrected, reason: '更正' },
      actor: by('officer', published.draft.department),
    }
  }
  if (choice === 2 && published !== undefined) {
    return {
      name: 'FeatureReply',
      body: { responseId: published.id, digest: published.published!.digest },
      actor: by('coordinator', 'gov-affairs'),
    }
  }
  if (completion.status === 'submitted') {
    const name = choice === 3 ? 'ReturnForRework' : 'ApproveCompletion'
    const body = { completionId: completion.id, ...(choice === 3 ? { why: '请补' } : {}) }
    return { name, body, actor: by('coordinator', 'gov-affairs') }
  }
  if (choice === 4)
    return {
      name: 'RateSatisfaction',
      body: { rating: { scale: 'stars', stars: 1 + dice.below(5) }, comment: null },
      actor: policy,
    }
  return {
    name: 'SubmitCompletion',
    body: { finding: 'substantiated', outcome: '已修好' },
    actor: by('officer', holder),
  }
}

function joining(world: World, stream: number, state: OpenedCase, dice: Dice): Given {
  const lead = dice.below(stream + 1)
  if (world.cases[lead]!.status === 'none' || state.joining.following !== null) {
    return { name: 'SeparateCase', body: { reason: '不同' }, actor: by('monitor', 'duty-office') }
  }
  const body = { lead: factsFor(world, lead), relation: dice.of(['duplicate', 'similar']), reason: '同一路段' }
  return { name: 'JoinCase', body, actor: by('monitor', 'duty-office') }
}

/** Things that happen beside the way, and things that should not be tried. */
function oddity(world: World, stream: number, state: OpenedCase, dice: Dice): Given {
  const department = dice.of(DEPARTMENTS)
  const deadline = state.deadlines[dice.below(state.deadlines.length + 1)]
  const deadlineId = deadline?.id ?? WRONG
  const due = hoursLater(world.hour + dice.below(60) - 6).now
  const any = state.responses.own[dice.below(state.responses.own.length + 1)]
  const assist = state.hands.assists[dice.below(state.hands.assists.length + 1)]
  const supervision = state.oversight.supervisions[0]
  const leader = by('leader', 'county-office')
  const officer = by('officer', department)
  const coordinator = by('coordinator', 'gov-affairs')
  const attachments: never[] = []
  const choices: Given[] = [
    triageAs(dice),
    triageAs(dice),
    routing_(dice),
    { name: 'SignForCase', body: {}, actor: officer },
    { name: 'SaveDraft', body: { responseId: any?.id ?? null, content: wording(dice) }, actor: officer },
    publication(
      { responseId: any?.id ?? WRONG, digest: any?.draft.digest ?? digestOf('wrong') },
      content,
      department,
      dice,
    ),
    {
      name: 'ApproveResponse',
      body: { responseId: any?.id ?? WRONG, level: 1, digest: any?.draft.digest ?? digestOf('wrong') },
      actor: by('department-reviewer', department),
    },
    {
      name: 'AnswerOnTheSpot',
      body: { type: 'consultation', subject: null, content: { ...wording(dice), kind: 'final' } },
      actor: officer,
    },
    spoken(officer, dice),
    {
      name: 'RequestAssist',
      body: { department, question: '是否', due },
      actor: by('officer', holderOf(state) ?? department),
    },
    {
      name: 'ReplyAssist',
      body: { assistId: assist?.id ?? WRONG, text: '是', attachments },
      actor: by('officer', assist?.department ?? department),
    },
    { name: 'AssignOfficer', body: { officer: dice.of(['sun', 'wang']) }, actor: officer },
    {
      name: 'DoNotAcceptCase',
      body: { ground: 'not-ours', basis: '职责', notice: '不属', rightRoute: null, proposedBy: 'zhao' },
      actor: leader,
    },
    { name: 'TransferCase', body: { to: '市局', basis: '职责', receipt: null, notice: '已移送' }, actor: coordinator },
    { name: 'ReopenCase', body: { cause: 'mistake', reason: '有误' }, actor: leader },
    { name: 'MarkDeadlineMissed', body: { deadlineId }, actor: policy },
    { name: 'MarkDeadlineMissed', body: { deadlineId }, actor: policy },
    {
      name: 'ExtendDeadline',
      body: { deadlineId, requestedBy: 'zhao', reason: '需勘查' },
      actor: by('signer', 'county-office'),
    },
    { name: 'SuspendDeadline', body: { deadlineId, ground: '鉴定', basis: '法' }, actor: leader },
    { name: 'ResumeDeadline', body: { deadlineId }, actor: leader },
    { name: 'RecomputeDeadlines', body: {}, actor: policy },
    {
      name: 'RemindCase',
      body: { cause: dice.of(['weekly', 'before-due', 'overdue']), deadlineId: deadline?.id ?? null, note: null },
      actor: policy,
    },
    { name: 'ReceiveInstruction', body: { leader: '张县长', text: '办结', due }, actor: leader },
    {
      name: 'AnswerInstruction',
      body: { instructionId: state.oversight.instructions[0]?.id ?? WRONG, text: '已办' },
      actor: by('officer', holderOf(state) ?? department),
    },
    {
      name: 'IssueSupervision',
      body: { number: `督${dice.below(3)}`, to: department, demand: '办结', due },
      actor: leader,
    },
    {
      name: 'AnswerSupervision',
      body: { supervisionId: supervision?.id ?? WRONG, text: '已办', attachments },
      actor: by('officer', supervision?.to ?? department),
    },
    { name: 'CloseSupervision', body: { supervisionId: supervision?.id ?? WRONG, conclusion: '同意' }, actor: leader },
    { name: 'RequestSupplement', body: { what: '地址', due: dice.below(2) === 0 ? null : due }, actor: coordinator },
    {
      name: 'RecordSupplement',
      body: { request: state.oversight.supplements[0]?.id ?? null, text: '12号', attachments, receivedAt: null },
      actor: policy,
    },
    {
      name: 'RecordCallBack',
      body: { reached: dice.below(2) === 0, solved: 'no', note: null },
      actor: by('monitor', 'duty-office'),
    },
    {
      name: 'RecordPastResponse',
      body: {
        kind: 'final',
        text: '已办',
        publicText: null,
        means: 'website',
        address: null,
        publishedAt: due,
        department: null,
        departmentNamed: null,
      },
      actor: policy,
    },
    { name: 'UnfeatureReply', body: { responseId: any?.id ?? WRONG, reason: '过时' }, actor: coordinator },
    { name: 'RecordItemsJoined', body: { items: [{ item: WRONG, revision: dice.below(5) }] }, actor: policy },
    { name: 'RecordItemsLeft', body: { items: [{ item: WRONG, revision: dice.below(5) }] }, actor: policy },
    { name: 'OpenCase', body: { ...openCase, caseId: IDS[stream] }, actor: policy },
  ]
  return dice.of(choices)
}
