import type { CommitmentEvent, PageFault } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  ADDRESS,
  byPolicy,
  given,
  made,
  madeInHistory,
  officerStaff,
  pageDigest,
  publicationReported,
  publicationVerified,
  recheckFailed,
  recheckPassed,
  recheckScheduled,
  settled,
  stateAfter,
} from './support.ts'

const report = { about: 'report', report: 1 } as const
const recheck = { about: 'recheck', recheck: 1 } as const
const reported = [made(), publicationReported()]
const MINUTE_MS = 60_000

const attempt = (number: number, look: typeof report | typeof recheck = report) => ({
  look,
  attempt: number,
  fault: 'unreachable' as PageFault,
  detail: 'HTTP 503',
})
const deferred = (number: number, nextAttemptAt: string): CommitmentEvent => ({
  type: 'PageCheckDeferred',
  data: { ...attempt(number), nextAttemptAt },
})
const left = { look: report, because: 'words-partly-found', pageDigest, wordsFound: ['完工'], detail: null } as const
const leftEvent: CommitmentEvent = { type: 'PageCheckLeft', data: { ...left, wordsFound: ['完工'] } }
const START = '2026-03-02T06:00:00.000Z'
const after = (minutes: number) => new Date(Date.parse(START) + minutes * MINUTE_MS).toISOString()

describe('a page that does not answer', () => {
  test('is tried again, later and later, for some two days; then a person looks', () => {
    const waits = [10, 60, 240, 720, 1440]
    const events: CommitmentEvent[] = [...reported]
    let minute = 0
    for (const [at, wait] of waits.entries()) {
      const next = deferred(at + 1, after(minute + wait))
      given(...events)
        .when('DeferPageCheck', attempt(at + 1), byPolicy(after(minute)))
        .thenEvents(next)
      events.push(next)
      minute += wait
    }
    const last = given(...events).when('DeferPageCheck', attempt(6), byPolicy(after(minute)))
    const data = { look: report, because: 'no-answer', pageDigest: null, wordsFound: [], detail: 'HTTP 503' } as const
    last.thenEvents({ type: 'PageCheckLeft', data })
    given(...events, { type: 'PageCheckLeft', data: { ...data, wordsFound: [] } })
      .when('DeferPageCheck', attempt(7), byPolicy(after(minute)))
      .thenNothing()
  })

  test('an attempt told twice, or by two at once, is written once', () => {
    given(...reported, deferred(1, after(10)))
      .when('DeferPageCheck', attempt(1), byPolicy())
      .thenNothing()
    given(...reported)
      .when('DeferPageCheck', attempt(2), byPolicy())
      .thenRefused('NO_PAGE_TO_CHECK')
  })
})

describe('a page that a machine is not sure of', () => {
  test('is left to a person, once', () => {
    given(...reported)
      .when('LeavePageCheck', { ...left, wordsFound: ['完工'] }, byPolicy())
      .thenEvents(leftEvent)
    given(...reported, leftEvent)
      .when('LeavePageCheck', { ...left, wordsFound: [] }, byPolicy())
      .thenNothing()
  })

  test('may still be verified or rejected, by a person or otherwise', () => {
    given(...reported, leftEvent)
      .when('RejectPublication', { report: 1, fault: 'words-missing', note: null }, byPolicy())
      .thenEvents({ type: 'PublicationRejected', data: { report: 1, fault: 'words-missing', note: null, by: null } })
  })
})

describe('a look that is no longer wanted is refused', () => {
  test('after another report, a judgement or the end of the promise', () => {
    const others: CommitmentEvent[][] = [
      [made()],
      [...reported, publicationReported(2)],
      [...reported, publicationVerified],
      [...reported, { type: 'PublicationRejected', data: { report: 1, fault: 'unreachable', note: null, by: null } }],
      [...reported, { type: 'CommitmentBroken', data: { reason: '取消', by: officerStaff, occasion: 1 } }],
      [...settled],
    ]
    for (const events of others) {
      given(...events)
        .when('DeferPageCheck', attempt(1), byPolicy())
        .thenRefused('NO_PAGE_TO_CHECK')
      given(...events)
        .when('LeavePageCheck', { ...left, wordsFound: [] }, byPolicy())
        .thenRefused('NO_PAGE_TO_CHECK')
    }
  })

  test('and never is one of imported history', () => {
    const events = [madeInHistory, publicationReported()]
    given(...events)
      .when('DeferPageCheck', attempt(1), byPolicy())
      .thenRefused('NOT_FOR_HISTORY')
    given(...events)
      .when('LeavePageCheck', { ...left, wordsFound: [] }, byPolicy())
      .thenRefused('NOT_FOR_HISTORY')
  })
})

describe('a recheck of the page', () => {
  const onTheDay = byPolicy('2026-05-31T01:00:00.000Z')
  const seen = { recheck: 1, pageDigest, wordsFound: ['完工'] }
  const seenEvent: CommitmentEvent = {
    type: 'PageSeenAgain',
    data: { ...seen, seenAt: '2026-05-31T01:00:00.000Z' },
  }

  test('tells that the page is as it was, once, from the day on', () => {
    given(...settled)
      .when('SeePageAgain', seen, onTheDay)
      .thenEvents(seenEvent)
    given(...settled, seenEvent)
      .when('SeePageAgain', seen, onTheDay)
      .thenNothing()
    given(...settled)
      .when('SeePageAgain', seen, byPolicy('2026-05-30T01:00:00.000Z'))
      .thenRefused('NO_PAGE_TO_CHECK')
  })

  test('does not pass it: whether the promise holds, a person says', () => {
    expect(stateAfter([...settled, seenEvent])).toMatchObject({ rechecksDone: 0, recheck: { dueOn: '2026-05-31' } })
  })

  test('is tried again, too', () => {
    given(...settled)
      .when('DeferPageCheck', attempt(1, recheck), onTheDay)
      .thenEvents({
        type: 'PageCheckDeferred',
        data: { ...attempt(1, recheck), nextAttemptAt: '2026-05-31T01:10:00.000Z' },
      })
  })

  test('on another day is looked at on that day', () => {
    const later = [...settled, seenEvent, recheckScheduled(1, '2026-08-31')]
    given(...later)
      .when('SeePageAgain', seen, onTheDay)
      .thenRefused('NO_PAGE_TO_CHECK')
    given(...later)
      .when('SeePageAgain', seen, byPolicy('2026-08-31T01:00:00.000Z'))
      .thenEvents({ type: 'PageSeenAgain', data: { ...seen, seenAt: '2026-08-31T01:00:00.000Z' } })
  })

  test('is over with the recheck', () => {
    given(...settled, recheckPassed())
      .when('SeePageAgain', seen, onTheDay)
      .thenRefused('NO_PAGE_TO_CHECK')
    given(...settled, recheckFailed)
      .when('SeePageAgain', seen, onTheDay)
      .thenRefused('NO_PAGE_TO_CHECK')
  })

  test('asks after nothing where the law keeps the result from the public', () => {
    const exempted: CommitmentEvent = {
      type: 'PublicationExempted',
      data: {
        ground: 'trade-secret',
        law: '政府信息公开条例',
        clause: '第十五条',
        reason: '商业秘密',
        askerTold: { means: 'phone', toldAt: START, statement: '已告知' },
        requestedBy: null,
        approver: officerStaff,
      },
    }
    expect(stateAfter([made(), exempted, recheckScheduled()])).toMatchObject({ look: null })
  })
})

test('what was found on a page is kept for the next look', () => {
  expect(stateAfter([...reported, publicationVerified])).toMatchObject({
    publication: { status: 'verified', address: ADDRESS, wordsFound: ['完工'] },
  })
})
