import type { CollectionDefinition, ReadDocument } from '#read-store'

/** 办件 as lists show them, and the facts by which they are counted. */
export type CaseDocument = ReadDocument & {
  id: string
  number: string
  kind: string
  origin: string
  status: CaseStatus
  isTriaged: boolean
  hands: 'unrouted' | 'routed' | 'signed'
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
  final: FinalDeadline | null
  /** The nearest deadline still open, of whatever purpose. */
  nextDue: string | null
  openDeadlines: { id: string; purpose: string; due: string }[]
  answeredAt: string | null
  /** Who gave the final answer, as an id of ours or, for imported ones, as the source names it. */
  answeredBy: string | null
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

/** The deadline of the answer that the public waits for. */
export interface FinalDeadline {
  id: string
  norm: string | null
  due: string
  state: 'open' | 'met' | 'missed'
  provisional: boolean
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
