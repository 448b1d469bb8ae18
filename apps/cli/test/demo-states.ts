import type { CaseStatus as ListedStatus } from '#application'
import type { CaseDeadline, CaseResponse, Fulfilment, Item, MadeCommitment, OpenedCase, Publication } from '#domain'
import { expect } from 'vitest'

/** Every state that the domain knows: what is new there has no place here until it is named, and then the demo must show it. */
export const states = {
  cases: every<OpenedCase['status']>({
    open: true,
    triaged: true,
    routed: true,
    signed: true,
    answered: true,
    completed: true,
    'not-accepted': true,
    transferred: true,
  }),
  listedCases: every<ListedStatus>({
    new: true,
    triaged: true,
    routed: true,
    signed: true,
    'handing-back': true,
    answered: true,
    completed: true,
    'not-accepted': true,
    transferred: true,
  }),
  drafts: every<CaseResponse['draft']['status']>({
    drafted: true,
    returned: true,
    submitted: true,
    approved: true,
    published: true,
  }),
  completions: every<OpenedCase['closing']['completion']['status']>({
    none: true,
    submitted: true,
    approved: true,
    returned: true,
  }),
  supervisions: every<OpenedCase['oversight']['supervisions'][number]['status']>({
    issued: true,
    answered: true,
    closed: true,
  }),
  handBacks: every<NonNullable<OpenedCase['hands']['handBack']>['status']>({ open: true, refused: true }),
  deadlines: every<CaseDeadline['status']>({ open: true, suspended: true, met: true, missed: true, lapsed: true }),
  commitments: every<MadeCommitment['status']>({
    open: true,
    settled: true,
    routine: true,
    broken: true,
    withdrawn: true,
    superseded: true,
  }),
  fulfilments: every<Fulfilment['status']>({ open: true, reported: true, verified: true }),
  publications: every<Publication['status']>({ open: true, reported: true, verified: true, exempted: true }),
  items: every<Exclude<Item['status'], 'none'>>({ held: true, erased: true, quarantined: true }),
}

function every<Name extends string>(all: Readonly<Record<Name, true>>): Name[] {
  return Object.keys(all) as Name[]
}

/** That of all there could be each is among what was found. */
export function expectEach(all: readonly string[], found: Iterable<unknown>): void {
  const seen = new Set(found)
  expect(all.filter((name) => !seen.has(name))).toEqual([])
}
