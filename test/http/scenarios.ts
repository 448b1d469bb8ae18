import { caseIdOfMessage } from '../../libs/application/src/identity/ids.ts'
import type { Actor } from '#domain'
import { ADDRESS } from '../support/answering.ts'
import { answer, byHand, complaint, promise, staff } from '../support/county.ts'
import { HttpCounty } from '../support/http.ts'

/** A command in a state in which it is accepted. */
export interface Scenario {
  target: string | null
  payload: unknown
  as: Actor
  /** What makes of the payload another one; nothing, where there is only one. */
  otherwise?: Record<string, unknown>
  /** Part of the answer is for whoever gave the command first, and for nobody after. */
  toldOnce?: string
  /** Nothing remains that a later body could be compared with. */
  destroysKey?: boolean
  /** The county that it is given in, where it is another. */
  on?: HttpCounty
}

const leader = { person: 'leader-1', department: 'government', role: 'leader' } as Actor

const evidence: never[] = []
const reason = '依据核实情况'

/** States that commands need, each built by giving commands over HTTP. */
export class Scenes {
  readonly http: HttpCounty
  #number = 0

  #quiet: Scenes | null = null

  constructor(http: HttpCounty) {
    this.http = http
  }

  /** Likewise in a county where nothing follows by itself. */
  async withoutPolicies(): Promise<Scenes> {
    if (!this.#quiet) {
      this.#quiet = new Scenes(await HttpCounty.open())
      await this.#quiet.http.county.huiying.application.policies.stop()
    }
    return this.#quiet
  }

  async close(): Promise<void> {
    await this.#quiet?.http.close()
  }

  /** A number that nothing else in this county has. */
  next(): number {
    return (this.#number += 1)
  }

  get now(): string {
    return this.http.county.clock.instant
  }

  later(days: number): string {
    return new Date(Date.parse(this.now) + days * 86_400_000).toISOString()
  }

  day(days: number): string {
    return this.later(days).slice(0, 10)
  }

  give(command: string, target: string | null, payload: unknown, as: Actor) {
    return this.http.give(command, target, payload, as)
  }

  /** What a channel delivers. */
  delivery(kind: 'message' | 'opinion', channelId: string, origin: 'live' | 'history' = 'live') {
    return {
      channelId,
      externalId: `scene-${this.next()}`,
      origin,
      content: {
        kind,
        receivedAt: this.now,
        title: '滨河路路面破损',
        content: '滨河路路面多处破损。',
        author: { name: null, contact: null },
        wish: 'public',
        place: null,
        address: null,
        attachments: [],
        workOrder: null,
        sourceDepartment: null,
        sourceType: null,
      },
      reach: null,
      arrival: { kind: 'webhook', delivery: null },
    }
  }

  async message(channelId = 'leaders-mailbox', origin: 'live' | 'history' = 'live'): Promise<string> {
    const { id } = await this.give('ReceiveItem', null, this.delivery('message', channelId, origin), staff.channel)
    await this.http.county.huiying.settled()
    return caseIdOfMessage(id)
  }

  async opinion(): Promise<string> {
    return (await this.give('ReceiveItem', null, this.delivery('opinion', 'monitoring'), staff.channel)).id
  }

  async opinionCase(): Promise<string> {
    return (await this.give('OpenOpinionCase', null, this.opening(), staff.opinionOffice)).id
  }

  opening() {
    return { discoveredAt: this.now, channel: 'monitoring', items: [], title: '滨河路塌陷', subject: null }
  }

  async triaged(): Promise<string> {
    const id = await this.message()
    await this.give('TriageCase', id, complaint, staff.monitor)
    return id
  }

  async routed(): Promise<string> {
    const id = await this.triaged()
    await this.give('RouteCase', id, toTransport, staff.coordinator)
    return id
  }

  async signed(): Promise<string> {
    const id = await this.routed()
    await this.give('SignForCase', id, {}, staff.transportOfficer)
    return id
  }

  async drafted(id?: string, content = answer('已修复。')): Promise<{ id: string } & Drafted> {
    const case_ = id ?? (await this.signed())
    const { events } = await this.give('SaveDraft', case_, { responseId: null, content }, staff.transportOfficer)
    const { responseId, digest } = events[0]!.data as unknown as Drafted
    return { id: case_, responseId, digest }
  }

  async submitted() {
    const { id, ...drafted } = await this.drafted()
    await this.give('SubmitResponse', id, drafted, staff.transportOfficer)
    return { id, drafted }
  }

  async approved(content?: ReturnType<typeof answer>) {
    const { id, ...drafted } = await this.drafted(undefined, content)
    await this.give('SubmitResponse', id, drafted, staff.transportOfficer)
    await this.give('ApproveResponse', id, { ...drafted, level: 1 }, staff.transportReviewer)
    await this.give('ApproveResponse', id, { ...drafted, level: 2 }, staff.coordinator)
    return { id, drafted }
  }

  async published(content?: ReturnType<typeof answer>) {
    const { id, drafted } = await this.approved(content)
    const publication = { ...drafted, address: ADDRESS, publishedAt: null }
    await this.give('PublishResponse', id, publication, staff.transportOfficer)
    return { id, drafted }
  }

  async completionSubmitted() {
    const { id } = await this.published()
    const { events } = await this.give('SubmitCompletion', id, completion, staff.transportOfficer)
    return { id, completionId: (events[0]!.data as unknown as { completionId: string }).completionId }
  }

  async handBackRequested() {
    const id = await this.signed()
    const { events } = await this.give('RequestHandBack', id, handBack, staff.transportOfficer)
    return { id, handBackId: (events[0]!.data as unknown as { handBackId: string }).handBackId }
  }

  async assistRequested() {
    const id = await this.signed()
    const { events } = await this.give('RequestAssist', id, this.assistance(), staff.transportOfficer)
    return { id, assistId: (events[0]!.data as unknown as { assistId: string }).assistId }
  }

  assistance() {
    return { department: 'housing', question: '该路段是否在建？', due: this.later(3) }
  }

  async instructed() {
    const id = await this.signed()
    const { events } = await this.give('ReceiveInstruction', id, this.instruction(), leader)
    return { id, instructionId: (events[0]!.data as unknown as { instructionId: string }).instructionId }
  }

  instruction() {
    return { leader: '县长', text: '请抓紧办理', due: this.later(5) }
  }

  async supervised() {
    const id = await this.signed()
    const { events } = await this.give('IssueSupervision', id, this.supervision(), staff.verifier)
    return { id, supervisionId: (events[0]!.data as unknown as { supervisionId: string }).supervisionId }
  }

  supervision() {
    return { number: `督〔2026〕${this.next()}号`, to: 'transport', demand: '限期答复', due: this.later(5) }
  }

  /** A case with its final deadline, which may be extended. */
  async owed() {
    const id = await this.signed()
    const events = await this.http.county.events(`case-${id}`)
    const { deadlineId } = events.find(({ type }) => type === 'DeadlineSet')!.data as { deadlineId: string }
    return { id, deadlineId }
  }

  /** An older case and a younger one, neither following. */
  async pair() {
    const lead = await this.triaged()
    const id = await this.triaged()
    return { lead, id }
  }

  async joined() {
    const { lead, id } = await this.pair()
    await this.give('JoinCase', id, { lead, relation: 'similar', reason }, staff.monitor)
    return { lead, id }
  }

  /** A promise made elsewhere than in an answer, as the coordinator records it. */
  promised(due: Record<string, unknown> = { kind: 'date', date: this.day(200), precision: 'month', words: null }) {
    const source = { kind: 'livelihood-project', year: 2026, number: String(this.next()), document: '民生实事清单' }
    const milestones = [{ id: 'half', title: '完成一半', due: this.day(100) }]
    return { source, origin: 'live', madeAt: this.now, terms: { ...promise('确保年底前完成'), due, milestones } }
  }

  async commitment(due?: Record<string, unknown>): Promise<string> {
    return (await this.give('MakeCommitment', null, this.promised(due), staff.coordinator)).id
  }

  async fulfilmentReported(): Promise<string> {
    const id = await this.commitment()
    await this.give('ReportFulfilment', id, { statement: '已完工', evidence }, staff.transportOfficer)
    return id
  }

  async fulfilmentVerified(degree: 'complete' | 'partial'): Promise<string> {
    const id = await this.fulfilmentReported()
    await this.give('VerifyFulfilment', id, { ...judgement, degree }, staff.verifier)
    return id
  }

  async publicationReported(): Promise<string> {
    const id = await this.commitment()
    await this.give('ReportPublication', id, page, staff.transportOfficer)
    return id
  }

  /** Both tracks are done; unless it is kept from doing so, a policy settles it. */
  async settled(): Promise<string> {
    const id = await this.fulfilmentVerified('complete')
    await this.give('ReportPublication', id, page, staff.transportOfficer)
    await this.give('VerifyPublication', id, seen, staff.verifier)
    await this.http.county.huiying.settled()
    return id
  }

  async importStarted(): Promise<string> {
    return (await this.give('StartImport', null, started, staff.monitor)).id
  }

  async rowRefused(): Promise<string> {
    const id = await this.importStarted()
    await this.give('RecordRefusedRows', id, { rows: [refusedRow] }, staff.monitor)
    return id
  }
}

interface Drafted {
  responseId: string
  digest: string
}

const toTransport = { lead: 'transport', assisting: [], basis: byHand }
const handBack = { reason: '道路养护归住建局', basis: '三定方案', suggestedLead: 'housing' }
const completion = { finding: 'substantiated', outcome: '路面已修复' }
const judgement = { report: 1, degree: 'complete', method: 'site-visit', statement: '已看过现场', evidence }
const page = { address: 'https://www.county.example/promise/1.html' }
const seen = { report: 1, pageDigest: 'a'.repeat(64), wordsFound: ['已完成修复'] }
const ongoing = (scenes: Scenes) => ({ kind: 'none', words: '尽快', reviewOn: scenes.day(30) })
const started = {
  channelId: 'phone',
  source: 'file',
  origin: 'live',
  fileName: '来电.csv',
  fileDigest: null,
  mapping: [{ field: 'title', column: '标题' }],
}
const refusedRow = { row: 1, code: 'TIME_INVALID', message: '时间有误', excerpt: null, original: null }
const finished = { rows: 1, taken: 0, unchanged: 0, revised: 0, refused: 1, problem: null }
const corrected = answer('已修复，特此更正。')

/** One for each command that people give, by name. */
export const scenarios: Record<string, (scenes: Scenes) => Scenario | Promise<Scenario>> = {
  // ── Items ──
  RegisterItem: () => ({
    target: null,
    payload: {
      channelId: 'phone',
      title: '户口本丢失怎么补办',
      content: '来电人问补办户口本要带什么。',
      author: { name: null, contact: null },
      wish: 'private',
      place: null,
      type: 'consultation',
      caller: null,
      consent: null,
      recording: null,
      answer: null,
    },
    as: staff.monitor,
    otherwise: { title: '身份证丢失怎么补办' },
  }),
  ReceiveItem: (scenes) => {
    const payload = scenes.delivery('message', 'phone')
    return {
      target: null,
      payload,
      as: staff.channel,
      otherwise: { reach: { views: 1, reposts: null, comments: null, likes: null } },
    }
  },
  ObserveReach: async (scenes) => ({
    target: await scenes.opinion(),
    payload: { reach: { views: 100, reposts: 1, comments: 0, likes: null }, observedAt: scenes.now },
    as: staff.channel,
    otherwise: { observedAt: scenes.later(1) },
  }),
  AttachItem: async (scenes) => ({
    target: await scenes.opinion(),
    payload: { caseId: await scenes.opinionCase(), contentRevision: 1, reason },
    as: staff.monitor,
    otherwise: { reason: '另一理由' },
  }),
  DetachItem: async (scenes) => {
    const target = await scenes.opinion()
    const payload = { caseId: await scenes.opinionCase(), contentRevision: 1, reason }
    await scenes.give('AttachItem', target, payload, staff.monitor)
    return { target, payload, as: staff.monitor, otherwise: { reason: '另一理由' } }
  },
  EraseItem: async (scenes) => ({
    target: await scenes.opinion(),
    payload: { ground: 'asked-by-author', basis: '个人信息保护法第四十七条' },
    as: staff.coordinator,
    otherwise: { ground: 'unlawful' },
    destroysKey: true,
  }),
  QuarantineItem: async (scenes) => ({
    target: await scenes.opinion(),
    payload: { receipt: '密收〔2026〕1号' },
    as: staff.monitor,
    otherwise: { receipt: '密收〔2026〕2号' },
    destroysKey: true,
  }),

  // ── Cases: opened, triaged, taken or not ──
  OpenOpinionCase: (scenes) => ({
    target: null,
    payload: scenes.opening(),
    as: staff.opinionOffice,
    otherwise: { title: '另一事件' },
  }),
  TriageCase: async (scenes) => ({
    target: await scenes.message(),
    payload: complaint,
    as: staff.monitor,
    otherwise: { simple: true },
  }),
  DoNotAcceptCase: async (scenes) => ({
    target: await scenes.triaged(),
    payload: {
      ground: 'litigation',
      basis: reason,
      notice: '请通过诉讼解决',
      rightRoute: null,
      proposedBy: 'monitor-1',
    },
    as: staff.coordinator,
    otherwise: { ground: 'arbitration' },
  }),
  TransferCase: async (scenes) => ({
    target: await scenes.triaged(),
    payload: { to: '市公积金中心', basis: reason, receipt: null, notice: '已转市公积金中心' },
    as: staff.coordinator,
    otherwise: { to: '市住建局' },
  }),
  RequestSupplement: async (scenes) => ({
    target: await scenes.triaged(),
    payload: { what: '请补充路段位置', due: scenes.later(5) },
    as: staff.monitor,
    otherwise: { what: '请补充照片' },
  }),
  RecordSupplement: async (scenes) => ({
    target: await scenes.triaged(),
    payload: { request: null, text: '在桥头', attachments: [], receivedAt: null },
    as: staff.monitor,
    otherwise: { text: '在桥尾' },
  }),

  // ── Joined, routed, handed back, assisted ──
  JoinCase: async (scenes) => {
    const { lead, id } = await scenes.pair()
    return {
      target: id,
      payload: { lead, relation: 'similar', reason },
      as: staff.monitor,
      otherwise: { relation: 'duplicate' },
    }
  },
  SeparateCase: async (scenes) => ({
    target: (await scenes.joined()).id,
    payload: { reason },
    as: staff.monitor,
    otherwise: { reason: '另一理由' },
  }),
  RouteCase: async (scenes) => ({
    target: await scenes.triaged(),
    payload: toTransport,
    as: staff.coordinator,
    otherwise: { lead: 'housing' },
  }),
  SignForCase: async (scenes) => ({ target: await scenes.routed(), payload: {}, as: staff.transportOfficer }),
  RequestHandBack: async (scenes) => ({
    target: await scenes.signed(),
    payload: handBack,
    as: staff.transportOfficer,
    otherwise: { suggestedLead: null },
  }),
  GrantHandBack: async (scenes) => {
    const { id, handBackId } = await scenes.handBackRequested()
    return { target: id, payload: { handBackId, reason: null }, as: staff.coordinator, otherwise: { reason } }
  },
  RefuseHandBack: async (scenes) => {
    const { id, handBackId } = await scenes.handBackRequested()
    return {
      target: id,
      payload: { handBackId, reason },
      as: staff.coordinator,
      otherwise: { reason: '另一理由' },
    }
  },
  AssignOfficer: async (scenes) => ({
    target: await scenes.signed(),
    payload: { officer: 'transport-4' },
    as: staff.transportReviewer,
    otherwise: { officer: 'transport-5' },
  }),
  RequestAssist: async (scenes) => ({
    target: await scenes.signed(),
    payload: scenes.assistance(),
    as: staff.transportOfficer,
    otherwise: { question: '另一问题' },
  }),
  ReplyAssist: async (scenes) => {
    const { id, assistId } = await scenes.assistRequested()
    return {
      target: id,
      payload: { assistId, text: '不在建', attachments: [] },
      as: staff.housingOfficer,
      otherwise: { text: '在建' },
    }
  },

  // ── Answered ──
  SaveDraft: async (scenes) => ({
    target: await scenes.signed(),
    payload: { responseId: null, content: answer('已修复。') },
    as: staff.transportOfficer,
    otherwise: { content: corrected },
  }),
  CorrectResponse: async (scenes) => {
    const { id, drafted } = await scenes.published()
    return {
      target: id,
      payload: { responseId: drafted.responseId, content: corrected, reason },
      as: staff.transportOfficer,
      otherwise: { reason: '另一理由' },
    }
  },
  SubmitResponse: async (scenes) => {
    const { id, ...drafted } = await scenes.drafted()
    return { target: id, payload: drafted, as: staff.transportOfficer, otherwise: { digest: 'b'.repeat(64) } }
  },
  AnswerOnTheSpot: async (scenes) => ({
    target: await scenes.message('window'),
    payload: { type: 'consultation', subject: null, content: { ...answer('可以办理。'), means: 'in-person' } },
    as: staff.transportOfficer,
    otherwise: { subject: '办事' },
  }),
  ApproveResponse: async (scenes) => {
    const { id, drafted } = await scenes.submitted()
    const payload = { ...drafted, level: 1 }
    return { target: id, payload, as: staff.transportReviewer, otherwise: { level: 2 } }
  },
  ReturnResponse: async (scenes) => {
    const { id, drafted } = await scenes.submitted()
    const payload = { ...drafted, why: '请写明原因' }
    return { target: id, payload, as: staff.transportReviewer, otherwise: { why: '请写明期限' } }
  },
  PublishResponse: async (scenes) => {
    const { id, drafted } = await scenes.approved()
    const payload = { ...drafted, address: ADDRESS, publishedAt: null }
    return { target: id, payload, as: staff.transportOfficer, otherwise: { address: `${ADDRESS}#2` } }
  },
  FeatureReply: async (scenes) => {
    const { id, drafted } = await scenes.published()
    return { target: id, payload: drafted, as: staff.coordinator, otherwise: { digest: 'b'.repeat(64) } }
  },
  UnfeatureReply: async (scenes) => {
    const { id, drafted } = await scenes.published()
    await scenes.give('FeatureReply', id, drafted, staff.coordinator)
    const payload = { responseId: drafted.responseId, reason }
    return { target: id, payload, as: staff.coordinator, otherwise: { reason: '另一理由' } }
  },
  AnswerByLead: async (scenes) => {
    const { id: lead, drafted } = await scenes.published()
    const id = await scenes.triaged()
    await scenes.give('JoinCase', id, { lead, relation: 'similar', reason }, staff.monitor)
    const payload = {
      lead,
      through: lead,
      ...drafted,
      kind: 'final',
      text: '已修复。',
      publicText: '已修复。',
      means: 'website',
      address: ADDRESS,
      publishedAt: scenes.now,
      attachments: [],
      department: 'transport',
      correction: false,
    }
    return { target: id, payload, as: staff.monitor, otherwise: { text: '已全部修复。' } }
  },
  RecordPastResponse: async (scenes) => ({
    target: await scenes.message('leaders-mailbox', 'history'),
    payload: {
      kind: 'final',
      text: '已修复。',
      publicText: null,
      means: 'website',
      address: null,
      publishedAt: scenes.now,
      department: null,
      departmentNamed: '交通局',
    },
    as: staff.monitor,
    otherwise: { text: '已全部修复。' },
  }),

  // ── Deadlines ──
  ExtendDeadline: async (scenes) => {
    const { id, deadlineId } = await scenes.owed()
    const payload = { deadlineId, requestedBy: 'transport-1', reason }
    return { target: id, payload, as: staff.coordinator, otherwise: { requestedBy: 'transport-2' } }
  },
  SuspendDeadline: async (scenes) => {
    const { id, deadlineId } = await scenes.owed()
    const payload = { deadlineId, ground: '需鉴定', basis: reason }
    return { target: id, payload, as: staff.coordinator, otherwise: { ground: '需检测' } }
  },
  ResumeDeadline: async (scenes) => {
    const { id, deadlineId } = await scenes.owed()
    await scenes.give('SuspendDeadline', id, { deadlineId, ground: '需鉴定', basis: reason }, staff.coordinator)
    return { target: id, payload: { deadlineId }, as: staff.coordinator, otherwise: { deadlineId: id } }
  },

  // ── Closed, and looked after ──
  CompleteOnTheSpot: async (scenes) => ({
    target: await scenes.message('phone'),
    payload: { subject: '户政', text: '请带户口簿到派出所户籍窗口补办。', means: 'phone' },
    as: staff.monitor,
    otherwise: { text: '请先挂失。' },
  }),
  SubmitCompletion: async (scenes) => ({
    target: (await scenes.published()).id,
    payload: completion,
    as: staff.transportOfficer,
    otherwise: { finding: 'unverifiable' },
  }),
  ApproveCompletion: async (scenes) => {
    const { id, completionId } = await scenes.completionSubmitted()
    return { target: id, payload: { completionId }, as: staff.coordinator, otherwise: { completionId: id } }
  },
  ReturnForRework: async (scenes) => {
    const { id, completionId } = await scenes.completionSubmitted()
    const payload = { completionId, why: '请补充现场照片' }
    return { target: id, payload, as: staff.coordinator, otherwise: { why: '请补充说明' } }
  },
  RecordCallBack: async (scenes) => ({
    target: (await scenes.published()).id,
    payload: { reached: true, solved: 'yes', note: null },
    as: staff.monitor,
    otherwise: { solved: 'no' },
  }),
  RateSatisfaction: async (scenes) => ({
    target: (await scenes.published()).id,
    payload: { rating: { scale: 'stars', stars: 5 }, comment: null },
    as: staff.monitor,
    otherwise: { comment: '满意' },
  }),
  ReopenCase: async (scenes) => ({
    target: (await scenes.published()).id,
    payload: { cause: 'new-facts', reason },
    as: staff.coordinator,
    otherwise: { cause: 'mistake' },
  }),
  RemindCase: async (scenes) => ({
    target: await scenes.signed(),
    payload: { cause: 'person', deadlineId: null, note: null },
    as: staff.monitor,
    otherwise: { note: '请抓紧' },
  }),
  ReceiveInstruction: async (scenes) => ({
    target: await scenes.signed(),
    payload: scenes.instruction(),
    as: leader,
    otherwise: { leader: '副县长' },
  }),
  AnswerInstruction: async (scenes) => {
    const { id, instructionId } = await scenes.instructed()
    return {
      target: id,
      payload: { instructionId, text: '已办理' },
      as: staff.transportOfficer,
      otherwise: { text: '正在办理' },
    }
  },
  IssueSupervision: async (scenes) => ({
    target: await scenes.signed(),
    payload: scenes.supervision(),
    as: staff.verifier,
    otherwise: { demand: '限期办结' },
  }),
  AnswerSupervision: async (scenes) => {
    const { id, supervisionId } = await scenes.supervised()
    const payload = { supervisionId, text: '已答复', attachments: [] }
    return { target: id, payload, as: staff.transportOfficer, otherwise: { text: '正在办理' } }
  },
  CloseSupervision: async (scenes) => {
    const { id, supervisionId } = await scenes.supervised()
    const answered = { supervisionId, text: '已答复', attachments: [] }
    await scenes.give('AnswerSupervision', id, answered, staff.transportOfficer)
    return {
      target: id,
      payload: { supervisionId, conclusion: '同意' },
      as: staff.verifier,
      otherwise: { conclusion: '基本同意' },
    }
  },

  // ── Promises ──
  MakeCommitment: (scenes) => ({
    target: null,
    payload: scenes.promised(),
    as: staff.coordinator,
    otherwise: { origin: 'history' },
  }),
  AffirmCommitment: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { source: { kind: 'site-visit', visitedOn: scenes.day(0), place: '滨河路' }, quote: '确保年底前完成' },
    as: staff.coordinator,
    otherwise: { quote: '年底前一定完成' },
  }),
  SupersedeCommitment: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { successor: await scenes.commitment(), reason, requestedBy: null },
    as: staff.coordinator,
    otherwise: { reason: '另一理由' },
  }),
  BreakCommitment: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { reason },
    as: staff.coordinator,
    otherwise: { reason: '另一理由' },
  }),
  WithdrawCommitment: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { reason, requestedBy: null },
    as: staff.coordinator,
    otherwise: { reason: '另一理由' },
  }),
  ReviseDueDate: async (scenes) => ({
    target: await scenes.commitment(),
    payload: {
      due: { kind: 'date', date: scenes.day(300), precision: 'day', words: null },
      reason,
      requestedBy: null,
    },
    as: staff.coordinator,
    otherwise: { reason: '另一理由' },
  }),
  ReviewCommitment: async (scenes) => ({
    target: await scenes.commitment(ongoing(scenes)),
    payload: { finding: '尚在推进', nextReviewOn: scenes.day(60) },
    as: staff.coordinator,
    otherwise: { finding: '进展顺利' },
  }),
  ReportProgress: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { statement: '已勘测', evidence },
    as: staff.transportOfficer,
    otherwise: { statement: '已招标' },
  }),
  ReachMilestone: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { milestoneId: 'half', reachedOn: scenes.day(-1), statement: '已完成一半', evidence },
    as: staff.transportOfficer,
    otherwise: { statement: '完成过半' },
  }),
  ReportFulfilment: async (scenes) => ({
    target: await scenes.commitment(),
    payload: { statement: '已完工', evidence },
    as: staff.transportOfficer,
    otherwise: { statement: '已竣工' },
  }),
  VerifyFulfilment: async (scenes) => ({
    target: await scenes.fulfilmentReported(),
    payload: judgement,
    as: staff.verifier,
    otherwise: { degree: 'partial' },
  }),
  RejectFulfilment: async (scenes) => ({
    target: await scenes.fulfilmentReported(),
    payload: { report: 1, reason: '南段未修' },
    as: staff.verifier,
    otherwise: { reason: '北段未修' },
  }),
  OrderRectification: async (scenes) => ({
    target: await scenes.fulfilmentVerified('partial'),
    payload: { requirement: '补修南段', dueOn: scenes.day(20) },
    as: staff.verifier,
    otherwise: { requirement: '补修北段' },
  }),
  ReportPublication: async (scenes) => ({
    target: await scenes.commitment(),
    payload: page,
    as: staff.transportOfficer,
    otherwise: { address: `${page.address}#2` },
  }),
  VerifyPublication: async (scenes) => ({
    target: await scenes.publicationReported(),
    payload: seen,
    as: staff.verifier,
    otherwise: { wordsFound: ['另一句'] },
  }),
  RejectPublication: async (scenes) => ({
    target: await scenes.publicationReported(),
    payload: { report: 1, fault: 'words-missing', note: null },
    as: staff.verifier,
    otherwise: { fault: 'unreachable' },
  }),
  ExemptPublication: async (scenes) => ({
    target: await scenes.commitment(),
    payload: {
      ground: 'enforcement-file',
      law: '政府信息公开条例',
      clause: '第十六条',
      reason,
      askerTold: { means: 'phone', toldAt: scenes.now, statement: '已电话告知' },
      requestedBy: null,
    },
    as: staff.coordinator,
    otherwise: { clause: '第十五条' },
  }),
  SettleCommitment: async (scenes) => {
    // Where the policy runs that settles by itself, nobody else is quick enough.
    const quiet = await scenes.withoutPolicies()
    const id = await quiet.fulfilmentVerified('complete')
    await quiet.give('ReportPublication', id, page, staff.transportOfficer)
    await quiet.give('VerifyPublication', id, seen, staff.verifier)
    return { target: id, payload: {}, as: staff.coordinator, on: quiet.http }
  },
  ScheduleRecheck: async (scenes) => ({
    target: await scenes.settled(),
    payload: { dueOn: scenes.day(10) },
    as: staff.coordinator,
    otherwise: { dueOn: scenes.day(11) },
  }),
  PassRecheck: async (scenes) => ({
    target: await scenes.settled(),
    payload: { recheck: 1, statement: '路面完好', evidence },
    as: staff.verifier,
    otherwise: { statement: '仍然完好' },
  }),
  FailRecheck: async (scenes) => ({
    target: await scenes.settled(),
    payload: { recheck: 1, tracks: ['fulfilment'], reason: '又坏了', evidence },
    as: staff.verifier,
    otherwise: { reason: '又塌了' },
  }),
  InformAskers: async (scenes) => {
    const id = await scenes.commitment()
    await scenes.give('BreakCommitment', id, { reason }, staff.coordinator)
    return {
      target: id,
      payload: { occasion: 1, means: 'phone', statement: '已告知' },
      as: staff.coordinator,
      otherwise: { means: 'letter' },
    }
  },

  // ── Settings ──
  DefineDepartment: () => ({
    target: null,
    payload: { department: { id: 'water', name: '水务局', active: true }, reason: null },
    as: staff.administrator,
    otherwise: { reason },
  }),
  DefineChannel: () => ({
    target: null,
    payload: { channel: { id: 'letters', name: '来信', kind: 'message', active: true }, reason: null },
    as: staff.administrator,
    otherwise: { reason },
  }),
  AdoptNormPack: () => ({
    target: null,
    payload: {
      pack: {
        id: 'letters',
        version: 1,
        title: '来信',
        norms: [
          {
            id: 'letters-answer',
            version: 1,
            title: '来信5个工作日内答复',
            appliesTo: { kinds: ['message'], channels: ['letters'] },
            purpose: 'final-answer',
            within: { amount: 5, unit: 'working-days' },
            startsAt: 'received',
            endsAt: 'midnight',
            extension: null,
            validFrom: '2026-01-01',
            validTo: null,
            layer: 'county',
            source: { document: '县规定', clause: '', quotation: '' },
          },
        ],
      },
      reason: null,
    },
    as: staff.administrator,
    otherwise: { reason },
  }),
  AnnounceHolidays: () => ({
    target: null,
    payload: {
      notice: {
        year: 2031,
        source: '国办发明电〔2030〕1号',
        days: [{ date: '2031-01-01', name: '元旦', off: true }],
      },
      reason: null,
    },
    as: staff.administrator,
    otherwise: { reason },
  }),
  DefineApprovalPolicy: () => ({
    target: null,
    payload: {
      policy: {
        id: 'thanks',
        version: 1,
        title: '感谢类',
        appliesTo: { caseTypes: ['thanks'] },
        levels: ['department-reviewer'],
      },
      reason: null,
    },
    as: staff.administrator,
    otherwise: { reason },
  }),
  SetLimits: () => ({
    target: null,
    payload: {
      limits: { handBacks: 3, recheckPassesForRoutine: 3, stalledAfterDays: 30, recheckAfterDays: 90 },
      reason: null,
    },
    as: staff.administrator,
    otherwise: { reason },
  }),
  SetReminders: () => ({
    target: null,
    payload: {
      reminders: { warnWorkingDaysBefore: 2, warnHoursBefore: 4, promiseDaysBefore: 10, dailyAt: '08:00' },
      reason: null,
    },
    as: staff.administrator,
    otherwise: { reason },
  }),
  IssueChannelKey: () => ({
    target: null,
    payload: { channelId: 'hotline-12345', validFrom: null, validUntil: null, reason: null },
    as: staff.administrator,
    otherwise: { reason },
    toldOnce: 'disclosed',
  }),
  RevokeChannelKey: async (scenes) => {
    const payload = { channelId: 'new-media', validFrom: null, validUntil: null, reason: null }
    const { events } = await scenes.give('IssueChannelKey', null, payload, staff.administrator)
    const { keyId } = (events[0]!.data as unknown as { key: { keyId: string } }).key
    return {
      target: null,
      payload: { channelId: 'new-media', keyId, reason: null },
      as: staff.administrator,
      otherwise: { reason },
    }
  },
  DefineFeed: () => ({
    target: null,
    payload: {
      feed: {
        id: 'county-forum',
        channelId: 'monitoring',
        address: 'https://forum.example.cn/rss.xml',
        everyMinutes: 30,
        active: true,
      },
      reason: null,
    },
    as: staff.administrator,
    otherwise: { reason },
  }),
  SetOnTheSpotRule: () => ({
    target: null,
    payload: { rule: { version: 2, roles: ['monitor', 'officer'], means: ['in-person', 'phone'] }, reason: null },
    as: staff.administrator,
    otherwise: { reason },
  }),
  SetPublicationHosts: () => ({
    target: null,
    payload: { hosts: ['www.county.example'], reason: null },
    as: staff.administrator,
    otherwise: { reason },
  }),

  // ── Imports ──
  StartImport: () => ({ target: null, payload: started, as: staff.monitor, otherwise: { origin: 'history' } }),
  RecordRefusedRows: async (scenes) => ({
    target: await scenes.importStarted(),
    payload: { rows: [refusedRow] },
    as: staff.monitor,
    otherwise: { rows: [{ ...refusedRow, row: 2 }] },
  }),
  FinishImport: async (scenes) => ({
    target: await scenes.rowRefused(),
    payload: finished,
    as: staff.monitor,
    otherwise: { rows: 2 },
  }),
  RecordRetry: async (scenes) => ({
    target: await scenes.rowRefused(),
    payload: { row: 1, attempt: 1, outcome: 'taken', code: null },
    as: staff.monitor,
    otherwise: { outcome: 'unchanged' },
  }),
  DismissRefusedRow: async (scenes) => ({
    target: await scenes.rowRefused(),
    payload: { row: 1, reason },
    as: staff.monitor,
    otherwise: { reason: '另一理由' },
  }),
}
