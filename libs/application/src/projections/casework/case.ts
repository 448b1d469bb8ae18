import type { Rating } from '#domain'
import type { CaseDocument, CaseStatus, Satisfaction } from './case-document.ts'
import { foldDeadlines } from './case-deadlines.ts'
import { causeOf } from './cause.ts'
import { foldDuties, holderOf } from './case-duties.ts'
import { isSubstantive } from './substance.ts'
import type { Said } from './substance.ts'
import { visibleTo, WHOLE_COUNTY } from '../visibility.ts'
import { idOf } from '../../stream-id.ts'
import type { RecordedCaseEvent } from '../../recorded.ts'

export function foldCase(document: CaseDocument | null, event: RecordedCaseEvent): CaseDocument | null {
  if (event.type === 'CaseOpened') return opened(event)
  if (!document) return null
  const next = foldDuties(changed(document, event), event)
  return next === document ? document : derived(next)
}

/** The documents of a case that says who may see it are shown to the same people. */
export function shareWith(document: CaseDocument | null, lead: CaseDocument): CaseDocument | null {
  const sharedHolder = lead.sharedHolder ?? holderOf(lead)
  if (!document || (document.sharedWith.join() === lead.departments.join() && document.sharedHolder === sharedHolder)) {
    return document
  }
  return derived({ ...document, sharedWith: lead.departments, sharedHolder })
}

function opened(event: Extract<RecordedCaseEvent, { type: 'CaseOpened' }>): CaseDocument {
  const { number, kind, origin, title, channel, type, subject, receivedAt, items } = event.data
  return {
    id: idOf(event.stream),
    number,
    kind,
    origin,
    status: 'new',
    isTriaged: false,
    hands: 'unrouted',
    routed: null,
    handingBack: false,
    isAnswered: false,
    ending: null,
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
    sharedHolder: null,
    final: null,
    owed: null,
    nextDue: null,
    openDeadlines: [],
    missedDeadlines: [],
    asked: [],
    served: [],
    answeredAt: null,
    answeredBy: null,
    substantive: [],
    rating: null,
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
    status: statusOf(document),
    departments,
    nextDue,
    visibleTo: visibleTo([...departments, ...document.sharedWith], document.accused),
  }
}

function statusOf({ ending, isAnswered, hands, handingBack, isTriaged }: CaseDocument): CaseStatus {
  if (ending !== null) return ending
  if (isAnswered) return 'answered'
  if (handingBack) return 'handing-back'
  if (hands !== 'unrouted') return hands
  return isTriaged ? 'triaged' : 'new'
}

function changed(document: CaseDocument, event: RecordedCaseEvent): CaseDocument {
  const { type, data } = event
  switch (type) {
    case 'CaseTriaged':
      return {
        ...document,
        isTriaged: true,
        type: data.type,
        subject: data.subject,
        accused: data.accused.departments,
      }
    case 'CaseNotAccepted':
      return { ...document, ending: 'not-accepted' }
    case 'CaseTransferred':
      return { ...document, ending: 'transferred' }
    case 'CompletionApproved':
      return { ...document, ending: 'completed' }
    case 'CaseReopened':
      return { ...document, ending: null, isAnswered: false }
    case 'CaseRouted': {
      const { lead, assisting, coordinating } = data
      // Where the lead stays and only the assisting ones change, what it has signed for is still signed for.
      const stays = document.hands !== 'unrouted' && lead === document.lead
      if (stays) return { ...document, lead, assisting, coordinating }
      const routed = { at: data.at, cause: causeOf(event) }
      return { ...document, hands: 'routed', routed, handingBack: false, lead, assisting, coordinating }
    }
    case 'RoutingWithdrawn': {
      const lost = new Set(data.departments)
      const left = {
        ...document,
        assisting: document.assisting.filter((department) => !lost.has(department)),
        coordinating: document.coordinating !== null && lost.has(document.coordinating) ? null : document.coordinating,
      }
      if (document.lead === null || !lost.has(document.lead)) return left
      return { ...left, lead: null, hands: 'unrouted', routed: null, handingBack: false }
    }
    case 'CaseSignedFor':
      return { ...document, hands: 'signed', routed: null, coordinating: null }
    case 'HandBackRequested':
      return { ...document, handingBack: true }
    case 'HandBackRefused':
      return { ...document, handingBack: false }
    case 'HandBackGranted':
      return {
        ...document,
        hands: 'unrouted',
        routed: null,
        handingBack: false,
        lead: null,
        coordinating: data.coordinating,
      }
    case 'AssistRequested':
      return document.assisting.includes(data.department)
        ? document
        : { ...document, assisting: [...document.assisting, data.department] }
    case 'CaseJoined':
      return { ...document, following: data.lead }
    case 'CaseSeparated':
      return { ...document, following: null, sharedWith: [], sharedHolder: null }
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
      return answered(document, data.responseId, data.content, data.publishedAt, data.department)
    case 'ResponseCorrected':
      return said(document, data.responseId, data.content)
    case 'AnsweredByLead':
      return answered(document, data.responseId, data, data.answeredAt, data.department)
    case 'PastResponseRecorded':
      return answered(document, data.responseId, data, data.publishedAt, data.department ?? data.departmentNamed)
    case 'AnsweredOnTheSpot': {
      const { responseId, text, answeredAt, department } = data
      return { ...answered(document, responseId, { kind: 'final', text }, answeredAt, department), ending: 'completed' }
    }
    case 'SatisfactionRated':
      return { ...document, rating: satisfactionOf(data.rating) }
    default:
      return foldDeadlines(document, event)
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
  content: Said,
  at: string,
  department: string | null,
): CaseDocument {
  const responses = document.responses.includes(responseId) ? document.responses : [...document.responses, responseId]
  const next = said({ ...document, responses }, responseId, content)
  if (content.kind !== 'final') return next
  return {
    ...next,
    isAnswered: true,
    answeredAt: document.answeredAt ?? at,
    answeredBy: document.answeredBy ?? department,
  }
}

/** What an answer says now, which a correction may change. */
function said(document: CaseDocument, responseId: string, content: Said): CaseDocument {
  const others = document.substantive.filter((id) => id !== responseId)
  return { ...document, substantive: isSubstantive(content) ? [...others, responseId] : others }
}

/** In the five grades of 政务服务“好差评”, five stars are 非常满意 and one is 非常不满意. */
function satisfactionOf(rating: Rating): Satisfaction {
  if (rating.scale === 'words') return rating.words
  if (rating.stars === 3) return 'basically-satisfied'
  return rating.stars > 3 ? 'satisfied' : 'dissatisfied'
}
