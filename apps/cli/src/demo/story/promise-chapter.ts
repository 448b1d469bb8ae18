import { hash } from 'node:crypto'
import { GetCase, ListCommitments } from '#application'
import type { CaseAnswer, CommitmentDocument } from '#application'
import type { PromiseMark, ResponseContent } from '#domain'
import { local } from '../../times.ts'
import { fulfilmentWords, publicationWords } from '../../words.ts'
import { HOST } from '../county/pages.ts'
import { people } from './county.ts'
import { CHANNEL } from './intake-chapter.ts'
import type { Narrator } from '../narrator.ts'
import { DemoFault } from '../fault.ts'
import { dataOf } from '../play/step.ts'
import type { Accepted } from '../play/stage.ts'
import type { StoryStage } from './story-stage.ts'

/** What the later chapter looks back at. */
export interface PromiseStory {
  caseId: string
  number: string
  /** The last moment before the day of publication, as people type it. */
  dayBefore: string
}

const ANSWER_ADDRESS = `https://${HOST}/qingshi-answer`
const RESULT_ADDRESS = `https://${HOST}/qingshi-road`
const PROMISE = '确保9月底前完成修复'

const { monitor, coordinator, officer, reviewer, ownVerifier, verifier, channel } = people

/** One promise, from the message that led to it to the day when somebody looks whether it still holds. */
export async function tellPromise(stage: StoryStage, narrator: Narrator): Promise<PromiseStory> {
  narrator.chapter('二、承诺：一条坏路，从留言到兑现')
  const asked = await receive(stage, narrator)
  const { caseId } = asked
  await handOut(stage, caseId)
  const { joinedId, joinedNumber } = await joinSecond(stage, asked)
  const published = await answer(stage, narrator, caseId)

  const second = await look(stage, joinedId)
  if (second.case.final?.state !== 'met') throw new DemoFault(`${joinedNumber} 没有随主件按时答复`)
  narrator.consequence(`并入的 ${joinedNumber} 同时得到答复，也按时`)
  const promise = await onlyPromise(stage)
  const { fulfilment, publication } = promise
  narrator.consequence(`承诺入账：“${promise.quote}”，${promise.due.slice(5)} 到期`)
  narrator.detail(
    '',
    `落实：${fulfilmentWords[fulfilment] ?? fulfilment}；公开：${publicationWords[publication] ?? publication}`,
  )

  await close(stage, caseId)
  await keep(stage, narrator, promise.id)
  return { caseId, number: published.case.number, dayBefore: '2025-07-08' }
}

async function receive(stage: StoryStage, narrator: Narrator): Promise<{ caseId: string; number: string }> {
  const received = await stage.act(
    message({
      by: channel,
      at: '2025-07-02 08:40',
      externalId: 'YX-2025-0702-01',
      title: '青石路坑太多，车没法走',
      content: '青石路桥头到学校一段全是坑，上周有孩子骑车摔伤，请问什么时候修？',
      author: '柳女士',
      arrival: { kind: 'webhook', delivery: null },
      told: '柳女士：“青石路到学校一段全是坑，什么时候修？”',
    }),
  )
  const { case: of } = await caseOf(stage, received)
  narrator.consequence(`立件 ${of.number}，7 个工作日内答复，${dueDay(of.final)} 到期`)
  return { caseId: of.id, number: of.number }
}

async function handOut(stage: StoryStage, caseId: string): Promise<void> {
  await stage.act({
    by: monitor,
    at: '2025-07-02 09:10',
    command: 'TriageCase',
    target: caseId,
    payload: triage(['修复青石路桥头至学校路段', '告知工期']),
    told: '研判：求助，道路养护；两点诉求：修路，告知工期',
  })
  await stage.act({
    by: monitor,
    at: '2025-07-02 09:20',
    command: 'RouteCase',
    target: caseId,
    payload: { lead: 'transport', assisting: [], basis: { kind: 'person', reason: '县道养护归口交通运输局' } },
    told: '分办：交通运输局主办，1 个工作日内签收',
  })
  await stage.act({
    by: officer,
    at: '2025-07-02 14:30',
    command: 'SignForCase',
    target: caseId,
    payload: {},
    told: '签收',
  })
}

async function joinSecond(
  stage: StoryStage,
  lead: { caseId: string; number: string },
): Promise<{ joinedId: string; joinedNumber: string }> {
  const received = await stage.act(
    message({
      by: monitor,
      at: '2025-07-03 10:15',
      channelId: 'phone',
      externalId: 'DH-2025-0703-04',
      title: '学校门口的路要修',
      content: '接孩子天天走青石路，坑越来越大，希望早点修好。',
      author: '唐先生',
      arrival: { kind: 'registered', caller: '唐先生', consent: true, recording: null },
      told: '接听来电并登记：唐先生问的也是青石路',
    }),
  )
  const { case: of } = await caseOf(stage, received)
  await stage.act({
    by: monitor,
    at: '2025-07-03 10:30',
    command: 'JoinCase',
    target: of.id,
    payload: { lead: lead.caseId, relation: 'similar', reason: '同一路段，同一诉求' },
    told: `并案：${of.number} 并入 ${lead.number}，一处办理`,
  })
  return { joinedId: of.id, joinedNumber: of.number }
}

/** Drafted, returned, drafted again, approved twice, published. */
async function answer(stage: StoryStage, narrator: Narrator, caseId: string): Promise<CaseAnswer> {
  const vague = '柳女士：青石路桥头至学校段路面破损属实，我局将尽快修复。'
  const firm = `柳女士：青石路桥头至学校段路面破损属实，我局已安排养护资金，${PROMISE}，完工情况在县政府网站公开。`
  const draft = async (at: string, responseId: string | null, content: ResponseContent, told: string) =>
    drafted(
      await stage.act({
        by: officer,
        at,
        command: 'SaveDraft',
        target: caseId,
        payload: { responseId, content },
        told,
      }),
    )
  const first = await draft('2025-07-04 16:00', null, contentOf(vague, []), '拟稿第 1 稿：“……我局将尽快修复。”')
  const { responseId } = first
  const submit = async (at: string, digest: string, told: string) => {
    await stage.act({
      by: officer,
      at,
      command: 'SubmitResponse',
      target: caseId,
      payload: { responseId, digest },
      told,
    })
  }
  await submit('2025-07-04 16:10', first.digest, '送审')
  await stage.act({
    by: reviewer,
    at: '2025-07-07 09:00',
    command: 'ReturnResponse',
    target: caseId,
    payload: { responseId, digest: first.digest, why: '“尽快”不是时间，请写明哪天前修好' },
    told: '退回：“尽快”不是时间，请写明哪天前修好',
  })
  const second = await draft(
    '2025-07-07 15:00',
    responseId,
    contentOf(firm, [promise()]),
    `拟稿第 2 稿：“……${PROMISE}……”`,
  )
  await submit('2025-07-07 15:05', second.digest, '再送审')
  const approve = async (by: typeof reviewer, at: string, level: number, told: string) => {
    const payload = { responseId, level, digest: second.digest }
    await stage.act({ by, at, command: 'ApproveResponse', target: caseId, payload, told })
  }
  const publication = { responseId, digest: second.digest, address: ANSWER_ADDRESS, publishedAt: null }
  const publish = { command: 'PublishResponse', target: caseId, payload: publication }
  await approve(reviewer, '2025-07-08 10:00', 1, '第 1 级审核同意')
  await stage.refused('NOT_APPROVED', {
    ...publish,
    by: officer,
    at: '2025-07-08 10:20',
    told: '政务公开办还没有签发，就想公开',
  })
  await approve(coordinator, '2025-07-08 16:30', 2, '第 2 级签发：签的就是审过的这一稿，一字不差')
  await stage.act({ ...publish, by: officer, at: '2025-07-09 10:00', told: '在县政府网站公开答复' })
  const published = await look(stage, caseId)
  if (published.case.final?.state !== 'met') throw new DemoFault('答复没有按时')
  narrator.consequence(`正式答复时限（${dueDay(published.case.final)}）：按时`)
  return published
}

async function close(stage: StoryStage, caseId: string): Promise<void> {
  const submitted = await stage.act({
    by: officer,
    at: '2025-07-10 11:00',
    command: 'SubmitCompletion',
    target: caseId,
    payload: { finding: 'substantiated', outcome: '已答复，修复列入养护计划' },
    told: '申请办结：反映属实',
  })
  const { completionId } = dataOf<{ completionId: string }>(submitted, 'CompletionSubmitted')
  await stage.act({
    by: coordinator,
    at: '2025-07-11 09:00',
    command: 'ApproveCompletion',
    target: caseId,
    payload: { completionId },
    told: '同意办结；路还没修，承诺挂账',
  })
}

/** 落实 and 公开, each judged by somebody who owes nothing. */
async function keep(stage: StoryStage, narrator: Narrator, target: string): Promise<void> {
  const report = (at: string, statement: string, told: string) =>
    stage.act({ by: officer, at, command: 'ReportFulfilment', target, payload: { statement, evidence: [] }, told })
  const verification = {
    degree: 'complete',
    method: 'site-visit',
    statement: '现场逐段查看，路面平整，标线完好。',
    evidence: [],
  }
  await stage.act({
    by: officer,
    at: '2025-08-15 17:00',
    command: 'ReportProgress',
    target,
    payload: { statement: '路基处理完成，9 月上旬摊铺。', evidence: [] },
    told: '报告进展：路基处理完成，9 月上旬摊铺',
  })
  await report('2025-09-17 16:00', '青石路全段修复完工。', '报告落实：全段完工')
  await stage.refused('VERIFIER_NOT_INDEPENDENT', {
    by: ownVerifier,
    at: '2025-09-18 09:00',
    command: 'VerifyFulfilment',
    target,
    payload: { report: 1, ...verification },
    told: '交通运输局自己来核查自己的工程',
  })
  await stage.act({
    by: verifier,
    at: '2025-09-19 10:30',
    command: 'RejectFulfilment',
    target,
    payload: { report: 1, reason: '学校门口 60 米没有修，照片拍的是另一段' },
    told: '督查室到场，不予认可：学校门口 60 米没有修',
  })
  await report('2025-09-26 15:00', '学校门口 60 米已补修，全段完工。', '再报落实：学校门口 60 米已补修')
  await stage.act({
    by: verifier,
    at: '2025-09-28 09:30',
    command: 'VerifyFulfilment',
    target,
    payload: { report: 2, ...verification },
    told: '督查室再到现场：已落实',
  })
  await stage.refused('PUBLICATION_NOT_VERIFIED', {
    by: coordinator,
    at: '2025-09-28 10:00',
    command: 'SettleCommitment',
    target,
    payload: {},
    told: '路修好了，想就此销号',
  })
  const page = `青石路桥头至学校段已于9月26日完成修复。承诺原文：${PROMISE}。`
  await stage.act({
    by: officer,
    at: '2025-09-29 11:00',
    command: 'ReportPublication',
    target,
    payload: { address: RESULT_ADDRESS },
    told: `报告公开：${RESULT_ADDRESS}`,
  })
  await stage.act({
    by: verifier,
    at: '2025-09-30 09:30',
    command: 'VerifyPublication',
    target,
    payload: { report: 1, pageDigest: hash('sha256', page), wordsFound: ['完成修复', PROMISE] },
    told: '打开网页，读到完工情况和承诺原文：已公开',
  })
  const settled = await onlyPromise(stage)
  if (settled.status !== 'settled') throw new DemoFault(`承诺没有销号：${settled.status}`)
  narrator.consequence(`落实、公开都经核查，销号；${settled.recheckDue?.slice(5) ?? ''} 回头看`)
  await stage.act({
    by: coordinator,
    at: '2025-09-30 15:00',
    command: 'InformAskers',
    target,
    payload: { occasion: 1, means: 'phone', statement: '青石路已修好，欢迎去看看。' },
    told: '致电柳女士和唐先生：路修好了',
  })
  await stage.act({
    by: verifier,
    at: '2025-12-29 10:00',
    command: 'PassRecheck',
    target,
    payload: { recheck: 1, statement: '入冬后路面完好，网页仍可打开。', evidence: [] },
    told: '回头看：入冬后路面完好，网页还在',
  })
}

function message(of: {
  by: typeof monitor
  at: string
  channelId?: string
  externalId: string
  title: string
  content: string
  author: string
  arrival: object
  told: string
}) {
  const { by, at, channelId = CHANNEL, externalId, title, content, author, arrival, told } = of
  const receivedAt = Temporal.PlainDateTime.from(at.replace(' ', 'T')).toZonedDateTime('Asia/Shanghai').toInstant()
  return {
    by,
    at,
    command: 'ReceiveItem',
    payload: {
      channelId,
      externalId,
      origin: 'live',
      content: {
        kind: 'message',
        receivedAt: receivedAt.toString({ fractionalSecondDigits: 3 }),
        title,
        content,
        author: { name: author, contact: null },
        wish: 'public',
        place: '青石路',
        address: null,
        attachments: [],
        workOrder: null,
        sourceDepartment: null,
        sourceType: null,
      },
      reach: null,
      arrival,
    },
    told,
  }
}

function triage(demands: readonly string[]) {
  return {
    type: 'help',
    subject: '道路养护',
    demands,
    sensitivities: [],
    accused: { departments: [], persons: [] },
    opinionGrade: null,
    incident: null,
    simple: false,
    suggestion: null,
    note: null,
  }
}

function contentOf(text: string, marks: PromiseMark[]): ResponseContent {
  return { kind: 'final', text, publicText: text.replace('柳女士', '网友'), attachments: [], means: 'website', marks }
}

function promise(): PromiseMark {
  return {
    markId: 'qingshi-road',
    terms: {
      quote: PROMISE,
      action: '修复青石路桥头至学校段',
      class: 'act',
      strength: 'firm',
      promisor: { kind: 'department', name: '交通运输局' },
      responsible: 'transport',
      due: { kind: 'date', date: '2025-09-30', precision: 'month', words: null },
      milestones: [],
      target: null,
      publishAt: RESULT_ADDRESS,
    },
  }
}

function dueDay(deadline: { due: string } | null): string {
  return local(deadline?.due ?? null).slice(5, 10)
}

function drafted(outcome: Accepted): { responseId: string; digest: string } {
  return dataOf(outcome, 'ResponseDrafted')
}

async function caseOf(stage: StoryStage, received: Accepted): Promise<CaseAnswer> {
  const caseId = received.events[0]?.metadata.caseId
  if (caseId == null) throw new DemoFault('留言没有立件')
  return look(stage, caseId)
}

function look(stage: StoryStage, caseId: string): Promise<CaseAnswer> {
  return stage.huiying.query(new GetCase({ number: caseId, asker: coordinator.actor }))
}

async function onlyPromise(stage: StoryStage): Promise<CommitmentDocument> {
  const { documents } = await stage.huiying.query(new ListCommitments({ asker: coordinator.actor }))
  const [promise] = documents
  if (!promise || documents.length > 1) throw new DemoFault(`承诺应有 1 项，实有 ${documents.length} 项`)
  return promise
}
