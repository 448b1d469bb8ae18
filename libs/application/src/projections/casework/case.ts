import type { CollectionDefinition, ReadDocument } from '#read-store'
import { visibleTo, WHOLE_COUNTY } from '../visibility.ts'
import { idOf } from '../../stream-id.ts'
import type { RecordedCaseEvent } from '../../recorded.ts'

/** 办件 as lists show them, and the facts by which they are counted. */
export type CaseDocument = ReadDocument & {
  id: string
  number: string
  kind: string
  origin: string
  status: CaseStatus
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
    nextDue: 'text',
  },
  lists: [
    { where: [], sort: 'receivedAt' },
    { where: ['status'], sort: 'receivedAt' },
    { where: ['departments'], sort: 'receivedAt' },
    { where: ['departments', 'status'], sort: 'receivedAt' },
    { where: ['channel'], sort: 'receivedAt' },
    { where: ['number'], sort: 'receivedAt' },
    { where: ['departments'], sort: 'nextDue' },
    { where: [], sort: 'nextDue' },
  ],
}

export function foldCase(document: CaseDocument | null, event: RecordedCaseEvent): CaseDocument | null {
  if (event.type === 'CaseOpened') return opened(event)
  if (!document) return null
  const next = changed(document, event)
  return next === document ? document : derived(next)
}

/** The documents of a case that says who may see it are shown to the same people. */
export function shareWith(document: CaseDocument | null, departments: readonly string[]): CaseDocument | null {
  return document && derived({ ...document, sharedWith: [...departments] })
}

function opened(event: Extract<RecordedCaseEvent, { type: 'CaseOpened' }>): CaseDocument {
  const { number, kind, origin, title, channel, type, subject, receivedAt, items } = event.data
  return {
    id: idOf(event.stream),
    number,
    kind,
    origin,
    status: 'new',
    title,
    channel,
    type,
    subject,
    receivedAt,
    lead: null,
    assisting: [],
    coordinating: null,
    departments: [],
    accused: [],
    sharedWith: [],
    final: null,
    nextDue: null,
    openDeadlines: [],
    answeredAt: null,
    answeredBy: null,
    following: null,
    followers: [],
    items,
    responses: [],
    commitments: [],
    visibleTo: [WHOLE_COUNTY],
  }
}

/** What follows from the rest: who may see it, whose it is, what is due next. */
function derived(document: CaseDocument): CaseDocument {
  const { lead, assisting, coordinating } = document
  const departments = [...new Set([lead, coordinating, ...assisting].filter((id) => id !== null))].sort()
  const nextDue = document.openDeadlines.reduce<string | null>(
    (least, { due }) => (least === null || due < least ? due : least),
    null,
  )
  return {
    ...document,
    departments,
    nextDue,
    visibleTo: visibleTo([...departments, ...document.sharedWith], document.accused),
  }
}

function changed(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'CaseTriaged':
      return {
        ...document,
        type: data.type,
        subject: data.subject,
        accused: data.accused.departments,
        status: document.status === 'new' ? 'triaged' : document.status,
      }
    case 'CaseNotAccepted':
      return { ...document, status: 'not-accepted' }
    case 'CaseTransferred':
      return { ...document, status: 'transferred' }
    case 'CaseRouted': {
      const { lead, previousLead, assisting, coordinating } = data
      // Where the lead stays and only the assisting ones change, what it has signed for is still signed for.
      return { ...document, status: lead === previousLead ? document.status : 'routed', lead, assisting, coordinating }
    }
    case 'RoutingWithdrawn': {
      const lost = new Set(data.departments)
      const lead = document.lead !== null && lost.has(document.lead) ? null : document.lead
      return {
        ...document,
        lead,
        assisting: document.assisting.filter((department) => !lost.has(department)),
        coordinating: document.coordinating !== null && lost.has(document.coordinating) ? null : document.coordinating,
        status: lead === null && document.lead !== null ? 'triaged' : document.status,
      }
    }
    case 'CaseSignedFor':
      return { ...document, status: 'signed', coordinating: null }
    case 'HandBackRefused':
      return { ...document, status: 'signed' }
    case 'CaseReturnedForRework':
      return { ...document, status: document.lead === null ? document.status : 'signed' }
    case 'CaseReopened':
      return { ...document, status: document.lead === null ? 'triaged' : 'signed' }
    case 'HandBackRequested':
      return { ...document, status: 'handing-back' }
    case 'HandBackGranted':
      return { ...document, status: 'triaged', lead: null, coordinating: data.coordinating }
    case 'AssistRequested':
      return document.assisting.includes(data.department)
        ? document
        : { ...document, assisting: [...document.assisting, data.department] }
    case 'CompletionApproved':
      return { ...document, status: 'completed' }
    case 'CaseJoined':
      return { ...document, following: data.lead }
    case 'CaseSeparated':
      return { ...document, following: null, sharedWith: [] }
    case 'FollowerJoined':
      return {
        ...document,
        followers: [
          ...document.followers.filter(({ id }) => id !== data.follower),
          { id: data.follower, through: data.through },
        ],
      }
    case 'FollowerLeft':
      return { ...document, followers: without(document.followers, data.follower) }
    case 'ItemsJoined':
      return { ...document, items: [...new Set([...document.items, ...data.items.map(({ item }) => item)])] }
    case 'ItemsLeft': {
      const left = new Set(data.items.map(({ item }) => item))
      return { ...document, items: document.items.filter((item) => !left.has(item)) }
    }
    case 'ResponsePublished':
      return answered(document, data.responseId, data.content.kind, data.publishedAt, data.department)
    case 'AnsweredByLead':
      return answered(document, data.responseId, data.kind, data.publishedAt, data.department)
    case 'PastResponseRecorded':
      return answered(document, data.responseId, data.kind, data.publishedAt, data.department ?? data.departmentNamed)
    default:
      return deadlines(document, event)
  }
}

/** Who leaves takes along those who follow through it. */
function without(followers: CaseDocument['followers'], leaving: string): CaseDocument['followers'] {
  const rest = followers.filter(({ id }) => id !== leaving)
  return rest
    .filter(({ through }) => through === leaving)
    .reduce<CaseDocument['followers']>((left, { id }) => without(left, id), rest)
}

function answered(
  document: CaseDocument,
  responseId: string,
  kind: string,
  publishedAt: string,
  department: string | null,
): CaseDocument {
  const responses = document.responses.includes(responseId) ? document.responses : [...document.responses, responseId]
  if (kind !== 'final') return { ...document, responses }
  return {
    ...document,
    responses,
    status: document.status === 'completed' ? 'completed' : 'answered',
    answeredAt: document.answeredAt ?? publishedAt,
    answeredBy: document.answeredBy ?? department,
  }
}

function deadlines(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'DeadlineSet': {
      const open = { id: data.deadlineId, purpose: data.purpose, due: data.due }
      const next = { ...document, openDeadlines: [...document.openDeadlines, open] }
      // The first answer that was owed is what the counts are about; later rounds have deadlines of their own.
      if (data.purpose !== 'final-answer' || document.final?.state === 'met' || document.final?.state === 'missed') {
        return next
      }
      const norm = data.deadline?.norm.id ?? null
      const provisional = data.deadline?.provisional ?? false
      return { ...next, final: { id: data.deadlineId, norm, due: data.due, state: 'open', provisional } }
    }
    case 'DeadlineExtended':
    case 'DeadlineResumed':
    case 'DeadlineRecomputed': {
      const openDeadlines = document.openDeadlines.map((open) =>
        open.id === data.deadlineId ? { ...open, due: data.due } : open,
      )
      if (document.final?.id !== data.deadlineId) return { ...document, openDeadlines }
      const recomputed =
        type === 'DeadlineRecomputed' ? { norm: data.deadline.norm.id, provisional: data.deadline.provisional } : {}
      return { ...document, openDeadlines, final: { ...document.final, ...recomputed, due: data.due } }
    }
    case 'DeadlineMet':
    case 'DeadlineMissed':
    case 'DeadlineLapsed': {
      const openDeadlines = document.openDeadlines.filter(({ id }) => id !== data.deadlineId)
      if (document.final?.id !== data.deadlineId || type === 'DeadlineLapsed') return { ...document, openDeadlines }
      return {
        ...document,
        openDeadlines,
        final: { ...document.final, state: type === 'DeadlineMet' ? 'met' : 'missed' },
      }
    }
    default:
      return document
  }
}
