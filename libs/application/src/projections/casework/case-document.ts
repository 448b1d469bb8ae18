import type { DeadlinePurpose } from '#calendar'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { Cause } from './cause.ts'

/** 办件 as lists show them, and the facts by which they are counted. */
export type CaseDocument = ReadDocument & {
  id: string
  number: string
  kind: string
  origin: string
  status: CaseStatus
  isTriaged: boolean
  hands: 'unrouted' | 'routed' | 'signed'
  /** While nobody has signed: since when. */
  routed: { at: string; cause: Cause } | null
  handingBack: boolean
  /** By a final answer since it was opened or reopened. */
  isAnswered: boolean
  ending: 'completed' | 'not-accepted' | 'transferred' | null
  title: string
  channel: string | null
  type: string | null
  subject: string | null
  receivedAt: string
  /** 主办; before anybody signed, the department it was routed to. */
  lead: string | null
  assisting: string[]
  /** 首问负责: who was asked first and answers the asker until another department has signed. */
  coordinating: string | null
  departments: string[]
  accused: string[]
  /** Departments that see it because they lead the case that this one follows. */
  sharedWith: string[]
  /** Who works on the case that this one follows: on whose list its deadline stands, too. */
  sharedHolder: string | null
  /** Of the first answer: what is counted is about it. */
  final: AnswerDeadline | null
  /** Of the answer that is owed now, or was owed last: after a reopening another one than the first. */
  owed: AnswerDeadline | null
  /** The nearest deadline still open, of whatever purpose. */
  nextDue: string | null
  openDeadlines: OpenDeadline[]
  /** Missed before they were met; the last of each obligation. */
  missedDeadlines: OpenDeadline[]
  /** What was asked of somebody and not yet done. */
  asked: Asked[]
  /** The purposes that its answers have served. */
  served: string[]
  answeredAt: string | null
  /** Who gave the final answer, as an id of ours or, for imported ones, as the source names it. */
  answeredBy: string | null
  /** Answers among its `responses` that say something about the matter (`substance.ts`). */
  substantive: string[]
  /** What the asker thinks of it now. */
  rating: Satisfaction | null
  following: string | null
  /** Cases that follow it, directly or through one that does. */
  followers: { id: string; through: string }[]
  items: string[]
  responses: string[]
  commitments: string[]
  visibleTo: string[]
}

export type CaseStatus =
  | 'new' // 待研判
  | 'triaged' // 待分办
  | 'routed' // 待签收
  | 'signed' // 办理中
  | 'handing-back' // 申请退回
  | 'answered' // 已答复
  | 'completed' // 已办结
  | 'not-accepted' // 不予受理
  | 'transferred' // 已移送

/** 满意 (4 or 5 stars) | 基本满意 (3) | 不满意. */
export type Satisfaction = 'satisfied' | 'basically-satisfied' | 'dissatisfied'

/** A deadline that has not ended, or was missed. */
export type OpenDeadline = {
  id: string
  purpose: DeadlinePurpose
  reference: string | null
  startedAt: string
  due: string
  /** Counted in hours rather than days. */
  inHours: boolean
  /** The calendar of a provisional one; null where no notice can change it. */
  countedBy: string | null
  suspended: boolean
  /** Somebody was warned of the due moment that holds. */
  warned: boolean
  /** The last day on which somebody was told that it is overdue; empty: none. */
  remindedOn: string
  /** The event by which it is due when it is, or was missed. */
  cause: Cause
}

export type Asked = {
  id: string
  kind: 'assist' | 'supervision' | 'instruction' | 'supplement'
  department: string | null
}

/** The deadline of an answer that the public waits for. */
export interface AnswerDeadline {
  id: string
  norm: string | null
  due: string
  state: 'open' | 'suspended' | 'met' | 'missed' | 'lapsed'
  provisional: boolean
  /** History, judged by a norm that did not hold then. */
  retrospective: boolean
  [key: string]: string | boolean | null
}

export const caseCollection: CollectionDefinition = {
  name: 'cases',
  projection: 'casework',
  fields: {
    visibleTo: 'set',
    number: 'text',
    status: 'text',
    kind: 'text',
    channel: 'text',
    departments: 'set',
    receivedAt: 'text',
  },
  lists: [
    { where: [], sort: 'receivedAt' },
    { where: ['status'], sort: 'receivedAt' },
    { where: ['departments'], sort: 'receivedAt' },
    { where: ['departments', 'status'], sort: 'receivedAt' },
    { where: ['channel'], sort: 'receivedAt' },
    { where: ['number'], sort: 'receivedAt' },
    { where: ['channel', 'status'], sort: 'receivedAt' },
  ],
}
