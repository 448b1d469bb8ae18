import type { z } from 'zod'
import { same } from '../kernel/same.ts'
import type { Staff } from '../kernel/staff.ts'
import type {
  CommitmentEvent,
  fulfilmentDegree,
  NewsReason,
  OverdueMatter,
  PageLookAt,
  PromiseSource,
  TrackName,
} from './events.ts'
import { watchDate } from './terms.ts'
import type { PromiseDue, PromiseTerms } from './terms.ts'

/** 落实: whether it was done. */
export type Fulfilment =
  | { status: 'open'; rejected: number | null }
  | { status: 'reported'; report: number; contentDigest: string; by: Staff }
  | {
      status: 'verified'
      report: number
      degree: z.infer<typeof fulfilmentDegree>
      contentDigest: string
      rectification: { dueOn: string; contentDigest: string } | null
    }

/** 公开: whether the public can see that it was done. */
export type Publication =
  | { status: 'open'; rejected: number | null }
  | { status: 'reported'; report: number; address: string; by: Staff }
  | { status: 'verified'; report: number; address: string; pageDigest: string; wordsFound: readonly string[] }
  | { status: 'exempted' }

/** Something the askers must hear of; its occasion is its place in the list, counted from 1. */
export interface News {
  reason: NewsReason
  told: boolean
}

/** What a machine has come to that looks at the page of a report or recheck: how often it tried, and whether it is done. */
export interface PageLook {
  at: PageLookAt
  attempts: number
  over: boolean
}

/** A promise that was made, whatever became of it. */
export interface MadeCommitment {
  status: 'open' | 'settled' | 'routine' | 'broken' | 'withdrawn' | 'superseded'
  source: PromiseSource
  origin: 'live' | 'history'
  madeAt: string
  /** As it was made; `due` is what holds now. */
  terms: PromiseTerms
  due: PromiseDue
  /** Every earlier due, oldest first: kept and shown. */
  earlierDues: readonly PromiseDue[]
  /** The next day on which it falls due or someone must look. */
  watchOn: string
  fulfilment: Fulfilment
  publication: Publication
  /** Reports so far on each track; the next has the next number. */
  fulfilmentReports: number
  publicationReports: number
  affirmedIn: readonly PromiseSource[]
  reachedMilestones: readonly string[]
  progressDigest: string | null
  /** When either track last moved: progress, a report or a verification. */
  lastMovementAt: string
  /** The last movement that was marked as stalled. */
  stalledSince: string | null
  /** The day for which each matter was marked overdue; one mark a day and matter. */
  overdue: Readonly<Partial<Record<OverdueMatter, string>>>
  recheck: { dueOn: string } | null
  rechecksDone: number
  lastRecheck: { passed: boolean; failed: readonly TrackName[] } | null
  /** Passed rechecks since it was last settled. */
  passes: number
  news: readonly News[]
  /** The page that waits to be looked at, or was; null where there is none. */
  look: PageLook | null
  successor: string | null
  /** Events in the stream. */
  events: number
}

export type Commitment = { status: 'none' } | MadeCommitment

export const initialCommitment: Commitment = { status: 'none' }

const openTrack = { status: 'open', rejected: null } as const

/** The state after an event. Events of a promise that was never made change nothing. */
export function evolveCommitment(state: Commitment, event: CommitmentEvent): Commitment {
  if (event.type === 'CommitmentMade') return state.status === 'none' ? made(event.data) : state
  if (state.status === 'none') return state
  return { ...state, ...changeBy(state, event), events: state.events + 1 }
}

function made(data: Extract<CommitmentEvent, { type: 'CommitmentMade' }>['data']): MadeCommitment {
  return {
    status: 'open',
    source: data.source,
    origin: data.origin,
    madeAt: data.madeAt,
    terms: data.terms,
    due: data.terms.due,
    earlierDues: [],
    watchOn: watchDate(data.terms.due),
    fulfilment: openTrack,
    publication: openTrack,
    fulfilmentReports: 0,
    publicationReports: 0,
    affirmedIn: [],
    reachedMilestones: [],
    progressDigest: null,
    lastMovementAt: data.madeAt,
    stalledSince: null,
    overdue: {},
    recheck: null,
    rechecksDone: 0,
    lastRecheck: null,
    passes: 0,
    news: [],
    look: null,
    successor: null,
    events: 1,
  }
}

function changeBy(
  state: MadeCommitment,
  event: Exclude<CommitmentEvent, { type: 'CommitmentMade' }>,
): Partial<MadeCommitment> {
  const { type, data } = event
  switch (type) {
    case 'CommitmentAffirmed':
      return { affirmedIn: [...state.affirmedIn, data.source] }
    case 'CommitmentSuperseded':
      return { status: 'superseded', successor: data.successor.commitmentId, recheck: null, look: null }
    case 'DueDateRevised':
      return {
        due: data.due,
        earlierDues: [...state.earlierDues, data.previous],
        watchOn: watchDate(data.due),
        news: [...state.news, { reason: 'slipped', told: false }],
      }
    case 'CommitmentReviewed':
      return { watchOn: data.nextReviewOn }
    case 'ProgressReported':
      return { progressDigest: data.contentDigest, lastMovementAt: data.reportedAt }
    case 'MilestoneReached':
      return { reachedMilestones: [...state.reachedMilestones, data.milestoneId], lastMovementAt: data.reportedAt }
    case 'FulfilmentReported':
      return {
        fulfilment: { status: 'reported', report: data.report, contentDigest: data.contentDigest, by: data.by },
        fulfilmentReports: data.report,
        lastMovementAt: data.reportedAt,
      }
    case 'FulfilmentVerified':
      return {
        fulfilment: {
          status: 'verified',
          report: data.report,
          degree: data.degree,
          contentDigest: state.fulfilment.status === 'reported' ? state.fulfilment.contentDigest : '',
          rectification: null,
        },
        lastMovementAt: data.verifiedAt,
      }
    case 'FulfilmentRejected':
      return { fulfilment: { status: 'open', rejected: data.report } }
    case 'RectificationOrdered':
      return state.fulfilment.status === 'verified'
        ? {
            fulfilment: {
              ...state.fulfilment,
              rectification: { dueOn: data.dueOn, contentDigest: data.contentDigest },
            },
          }
        : {}
    case 'PublicationReported':
      return {
        publication: { status: 'reported', report: data.report, address: data.address, by: data.by },
        publicationReports: data.report,
        look: looking({ about: 'report', report: data.report }),
        lastMovementAt: data.reportedAt,
      }
    case 'PublicationVerified':
      return {
        publication: {
          status: 'verified',
          report: data.report,
          address: state.publication.status === 'reported' ? state.publication.address : '',
          pageDigest: data.pageDigest,
          wordsFound: data.wordsFound,
        },
        look: null,
        lastMovementAt: data.verifiedAt,
      }
    case 'PublicationRejected':
      return { publication: { status: 'open', rejected: data.report }, look: null }
    case 'PageCheckDeferred':
      return state.look === null ? {} : { look: { ...state.look, attempts: data.attempt } }
    case 'PageCheckLeft':
    case 'PageSeenAgain':
      return state.look === null ? {} : { look: { ...state.look, over: true } }
    case 'PublicationExempted':
      return { publication: { status: 'exempted' }, look: null }
    case 'CommitmentSettled':
      return { status: 'settled', passes: 0, news: [...state.news, { reason: 'settled', told: false }] }
    case 'CommitmentBroken':
      return { status: 'broken', recheck: null, look: null, news: [...state.news, { reason: 'broken', told: false }] }
    case 'CommitmentWithdrawn':
      return {
        status: 'withdrawn',
        recheck: null,
        look: null,
        news: [...state.news, { reason: 'withdrawn', told: false }],
      }
    case 'CommitmentMadeRoutine':
      return { status: 'routine', recheck: null, look: null }
    case 'CommitmentOverdue':
      return {
        overdue: { ...state.overdue, [data.matter]: data.due },
        ...(data.occasion === null ? {} : { news: [...state.news, { reason: 'slipped' as const, told: false }] }),
      }
    case 'CommitmentStalled':
      return { stalledSince: data.lastMovementAt }
    case 'RecheckScheduled':
      return {
        recheck: { dueOn: data.dueOn },
        look: state.publication.status === 'verified' ? looking({ about: 'recheck', recheck: data.recheck }) : null,
      }
    case 'RecheckPassed':
      return {
        recheck: null,
        look: null,
        rechecksDone: data.recheck,
        lastRecheck: { passed: true, failed: [] },
        passes: data.passes,
      }
    case 'RecheckFailed':
      return {
        status: 'open',
        recheck: null,
        look: null,
        rechecksDone: data.recheck,
        lastRecheck: { passed: false, failed: data.tracks },
        passes: 0,
        lastMovementAt: data.recheckedAt,
        ...(data.tracks.includes('fulfilment') ? { fulfilment: openTrack } : {}),
        ...(data.tracks.includes('publication') ? { publication: openTrack } : {}),
      }
    case 'AskersInformed':
      return { news: state.news.map((news, at) => (at + 1 === data.occasion ? { ...news, told: true } : news)) }
  }
}

function looking(at: PageLookAt): PageLook {
  return { at, attempts: 0, over: false }
}

/** Whether two sources are one, whatever corrections the answer went through since. */
export function isSameSource(left: PromiseSource, right: PromiseSource): boolean {
  if (left.kind !== 'response' || right.kind !== 'response') return same(left, right)
  return same({ ...left, responseDigest: null }, { ...right, responseDigest: null })
}

/** Both sides are done: fulfilled completely, and visible to the public or lawfully exempted. */
export function isReadyToSettle(state: MadeCommitment): boolean {
  return isFulfilled(state) && isPublic(state)
}

export function isFulfilled(state: MadeCommitment): boolean {
  return state.fulfilment.status === 'verified' && state.fulfilment.degree === 'complete'
}

export function isPublic(state: MadeCommitment): boolean {
  return state.publication.status === 'verified' || state.publication.status === 'exempted'
}
