import { ERASED } from '#event-store'
import { evolveCommitment, initialCommitment } from '#domain'
import type {
  CaseEvent,
  Commitment,
  CommitmentEvent,
  LeftBecause,
  MadeCommitment,
  PageFault,
  PageLookAt,
} from '#domain'
import type { RecordedEvent } from '#event-store'
import type { Recorded } from '../recorded.ts'
import { evidenceOf, weigh, wordsOf } from './page-evidence.ts'
import type { PageOutcome } from './page-checker.ts'

/** What is to be done about a page that waits to be looked at: decided from the stream, before anything is fetched and after. */

export interface Given {
  command: string
  payload: object
}

export type Look =
  /** Nothing waits any more. */
  | { kind: 'none' }
  /** Without fetching anything. */
  | { kind: 'give'; given: Given }
  | { kind: 'fetch'; address: string; words: string[]; judge: (outcome: PageOutcome) => Given }

/** Faults that say of a page for certain that the public cannot read it there, and what the domain calls them. */
const CERTAIN: Partial<Record<PageFault, 'unreachable' | 'not-public' | 'wrong-site'>> = {
  'wrong-site': 'wrong-site',
  'address-refused': 'not-public',
  unreachable: 'unreachable',
  'not-public': 'not-public',
}
const FRONT_PAGE = /^\/(?:(?:index|default)\.\w+)?$/i

/** `events`: the promise's; `answered`: those of the case whose answer made it, if one did. */
export function planLook(events: readonly RecordedEvent[], answered: readonly RecordedEvent[]): Look {
  const state = stateOf(events)
  if (state === null || state.look === null || state.look.over) return { kind: 'none' }
  return state.look.at.about === 'report'
    ? planReport(state, state.look.at, events, answered)
    : planRecheck(state, state.look.at)
}

function planReport(
  state: MadeCommitment,
  look: Extract<PageLookAt, { about: 'report' }>,
  events: readonly RecordedEvent[],
  answered: readonly RecordedEvent[],
): Look {
  const { publication, terms } = state
  if (publication.status !== 'reported') return { kind: 'none' }
  const { address } = publication
  const answers = new Set(addressesOf(answered).map(pageOf))
  const misleads = (where: string): LeftBecause | null => {
    if (answers.has(pageOf(where))) return 'page-of-the-answer'
    return isFrontPage(where) ? 'front-page' : null
  }
  const beforehand = misleads(address) ?? (wasRejected(address, events) ? 'rejected-before' : null)
  if (beforehand !== null) return { kind: 'give', given: leave(look, beforehand, null) }

  const evidence = evidenceOf(terms)
  return {
    kind: 'fetch',
    address,
    words: wordsOf(evidence),
    judge: (outcome) => {
      if (outcome.outcome === 'failed')
        return failed(state, look, outcome, (fault) => reject(look.report, fault, outcome.detail))
      const { proof, words } = weigh(evidence, outcome.wordsFound)
      const misled = misleads(outcome.checkedAddress)
      if (misled !== null) return leave(look, misled, outcome, words)
      if (proof === 'whole') {
        const { pageDigest } = outcome
        return { command: 'VerifyPublication', payload: { report: look.report, pageDigest, wordsFound: words } }
      }
      if (!evidence.isProof) return leave(look, 'nothing-to-look-for', outcome, words)
      return proof === 'none'
        ? reject(look.report, 'words-missing', null)
        : leave(look, 'words-partly-found', outcome, words)
    },
  }
}

/** A recheck looks for what was found when the page was verified. */
function planRecheck(state: MadeCommitment, look: Extract<PageLookAt, { about: 'recheck' }>): Look {
  const { publication } = state
  if (publication.status !== 'verified') return { kind: 'none' }
  const words = publication.wordsFound.filter((word) => word !== ERASED)
  if (words.length === 0) return { kind: 'give', given: leave(look, 'nothing-to-look-for', null) }
  const { recheck } = look
  const fail = (reason: string): Given => ({
    command: 'FailRecheck',
    payload: { recheck, tracks: ['publication'], reason, evidence: [] },
  })
  return {
    kind: 'fetch',
    address: publication.address,
    words,
    judge: (outcome) => {
      if (outcome.outcome === 'failed') {
        return failed(state, look, outcome, (fault) =>
          // A county that moved to other hosts has not taken its pages back.
          fault === 'wrong-site'
            ? leave(look, 'not-readable', null, [], outcome.detail)
            : fail(`链接失效：${outcome.detail}`),
        )
      }
      const found = words.filter((word) => outcome.wordsFound.includes(word))
      if (found.length === words.length) {
        return { command: 'SeePageAgain', payload: { recheck, pageDigest: outcome.pageDigest, wordsFound: found } }
      }
      if (found.length === 0) return fail(`原来核查到的文字已不在网页上：${words.join('、')}`.slice(0, 1_000))
      return leave(look, 'words-partly-found', outcome, found)
    },
  }
}

/** A site that may answer later is asked again; what is certain is said; the rest a person has to look at. */
function failed(
  { look: current }: MadeCommitment,
  look: PageLookAt,
  { fault, detail, transient }: Extract<PageOutcome, { outcome: 'failed' }>,
  certain: (fault: 'unreachable' | 'not-public' | 'wrong-site') => Given,
): Given {
  if (transient) {
    const attempt = (current?.attempts ?? 0) + 1
    return { command: 'DeferPageCheck', payload: { look, attempt, fault, detail: lineOf(detail) } }
  }
  const known = CERTAIN[fault]
  return known === undefined ? leave(look, 'not-readable', null, [], detail) : certain(known)
}

function reject(report: number, fault: string, note: string | null): Given {
  return { command: 'RejectPublication', payload: { report, fault, note } }
}

function leave(
  look: PageLookAt,
  because: LeftBecause,
  seen: { pageDigest: string } | null,
  wordsFound: readonly string[] = [],
  detail: string | null = null,
): Given {
  const pageDigest = seen?.pageDigest ?? null
  const payload = { look, because, pageDigest, wordsFound, detail: detail === null ? null : lineOf(detail) }
  return { command: 'LeavePageCheck', payload }
}

function lineOf(detail: string): string {
  return detail.slice(0, 300).toWellFormed() || '-'
}

function stateOf(events: readonly RecordedEvent[]): MadeCommitment | null {
  const state = (events as unknown as CommitmentEvent[]).reduce<Commitment>(evolveCommitment, initialCommitment)
  return state.status === 'none' ? null : state
}

function addressesOf(events: readonly RecordedEvent[]): string[] {
  return (events as unknown as Recorded<CaseEvent>[]).flatMap(({ type, data }) =>
    (type === 'ResponsePublished' || type === 'ResponseCorrected') && data.address !== null ? [data.address] : [],
  )
}

/** A machine had not found the words there; whoever reports the page again asks for a person. */
function wasRejected(address: string, events: readonly RecordedEvent[]): boolean {
  const history = events as unknown as CommitmentEvent[]
  const rejected = new Set(
    history.flatMap(({ type, data }) =>
      type === 'PublicationRejected' && data.by === null && data.fault === 'words-missing' ? [data.report] : [],
    ),
  )
  return history.some(
    ({ type, data }) =>
      type === 'PublicationReported' && rejected.has(data.report) && pageOf(data.address) === pageOf(address),
  )
}

/** What two addresses of one page have in common. */
function pageOf(address: string): string {
  const url = URL.parse(address)
  return url === null ? address : `${url.host}${url.pathname.replace(/\/$/, '')}${url.search}`
}

function isFrontPage(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.search === '' && FRONT_PAGE.test(url.pathname)
}
