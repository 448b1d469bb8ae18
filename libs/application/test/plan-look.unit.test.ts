import { commitmentCommands } from '#domain'
import type { CommitmentEvent } from '#domain'
import { ERASED } from '#event-store'
import type { RecordedEvent } from '#event-store'
import { describe, expect, test } from 'vitest'
import {
  fulfilled,
  made,
  pageDigest,
  publicationReported,
  recheckScheduled,
  settledOnly,
  terms,
} from '../../domain/test/commitment/support.ts'
import { planLook } from '../src/sentinel/plan-look.ts'
import type { Given } from '../src/sentinel/plan-look.ts'
import type { PageOutcome } from '../src/sentinel/page-checker.ts'

/** `terms`: 城东路完工通车, promised as 预计今年8月底将完工通车. */
const ADDRESS = 'https://www.example.gov.cn/2026/road.html'
const reportedAt = (address: string, report = 1): CommitmentEvent => {
  const event = publicationReported(report)
  if (event.type !== 'PublicationReported') throw new Error('another event')
  return { ...event, data: { ...event.data, address } }
}
const waiting = [made(), reportedAt(ADDRESS)]
const answer = (address: string) => [{ type: 'ResponsePublished', data: { address } } as unknown as RecordedEvent]
const plan = (events: CommitmentEvent[], answered: RecordedEvent[] = []) =>
  planLook(events as unknown as RecordedEvent[], answered)

function judged(events: CommitmentEvent[], outcome: PageOutcome, answered: RecordedEvent[] = []): Given {
  const look = plan(events, answered)
  if (look.kind !== 'fetch') throw new Error(`${look.kind}, not fetched`)
  const given = look.judge(outcome)
  // What is given fits its command.
  const { schema } = commitmentCommands[given.command as keyof typeof commitmentCommands]
  expect(schema.parse(given.payload)).toEqual(given.payload)
  return given
}
const seen = (wordsFound: string[], checkedAddress = ADDRESS): PageOutcome => ({
  outcome: 'seen',
  pageDigest,
  wordsFound,
  wordsMissing: [],
  checkedAddress,
})
const failed = (fault: Extract<PageOutcome, { outcome: 'failed' }>['fault'], transient = false): PageOutcome => ({
  outcome: 'failed',
  fault,
  detail: 'HTTP 404',
  transient,
})
const WORDS = ['城东路完工通车', '已通车']
const left = (because: string, wordsFound: string[] = []) => ({
  command: 'LeavePageCheck',
  payload: expect.objectContaining({ because, wordsFound }),
})

describe('a reported page', () => {
  test('that proves the promise kept is verified, with the words found', () => {
    expect(judged(waiting, seen(WORDS))).toEqual({
      command: 'VerifyPublication',
      payload: { report: 1, pageDigest, wordsFound: WORDS },
    })
  })

  test('that says nothing of it is rejected; one that says part of it is left to a person', () => {
    expect(judged(waiting, seen([]))).toEqual({
      command: 'RejectPublication',
      payload: { report: 1, fault: 'words-missing', note: null },
    })
    expect(judged(waiting, seen(['已通车']))).toMatchObject({ command: 'RejectPublication' })
    expect(judged(waiting, seen(['城东路完工通车']))).toEqual(left('words-partly-found', ['城东路完工通车']))
  })

  test('that the public certainly cannot read there is rejected with the fault the domain has for it', () => {
    const fault = (name: Parameters<typeof failed>[0]) => judged(waiting, failed(name)).payload
    expect(fault('unreachable')).toMatchObject({ fault: 'unreachable', note: 'HTTP 404' })
    expect(fault('not-public')).toMatchObject({ fault: 'not-public' })
    expect(fault('address-refused')).toMatchObject({ fault: 'not-public' })
    expect(fault('wrong-site')).toMatchObject({ fault: 'wrong-site' })
  })

  test('that a machine cannot read is left to a person', () => {
    for (const fault of ['not-a-page', 'too-large', 'too-many-redirects', 'too-slow'] as const) {
      expect(judged(waiting, failed(fault))).toEqual(left('not-readable'))
    }
  })

  test('whose site does not answer now is tried again, whatever the fault', () => {
    for (const fault of ['unreachable', 'not-public', 'too-slow'] as const) {
      expect(judged(waiting, failed(fault, true))).toEqual({
        command: 'DeferPageCheck',
        payload: { look: { about: 'report', report: 1 }, attempt: 1, fault, detail: 'HTTP 404' },
      })
    }
  })

  test('that is the page of the answer itself is left to a person, and not fetched', () => {
    for (const address of [ADDRESS, `${ADDRESS}#reply`, 'http://www.example.gov.cn/2026/road.html']) {
      expect(plan(waiting, answer(address))).toEqual({ kind: 'give', given: left('page-of-the-answer') })
    }
    expect(plan(waiting, answer('https://www.example.gov.cn/other.html')).kind).toBe('fetch')
  })

  test('that leads on to the page of the answer or to a front page is left to a person', () => {
    const other = 'https://www.example.gov.cn/reply.html'
    expect(judged(waiting, seen(WORDS, other), answer(other))).toEqual(left('page-of-the-answer', WORDS))
    expect(judged(waiting, seen(WORDS, 'https://www.example.gov.cn/'))).toEqual(left('front-page', WORDS))
  })

  test('that is a front page is left to a person: what stands there is another thing tomorrow', () => {
    for (const path of ['', '/', '/index.html', '/INDEX.htm', '/default.aspx']) {
      const events = [made(), reportedAt(`https://www.example.gov.cn${path}`)]
      expect(plan(events)).toEqual({ kind: 'give', given: left('front-page') })
    }
    expect(plan([made(), reportedAt('https://www.example.gov.cn/?id=3')]).kind).toBe('fetch')
  })

  test('reported again after a machine did not find the words on it is left to a person', () => {
    const rejected = (fault: 'words-missing' | 'unreachable', by: null | { person: string; department: string }) =>
      ({ type: 'PublicationRejected', data: { report: 1, fault, note: null, by } }) as CommitmentEvent
    const again = (before: CommitmentEvent, address = ADDRESS) => [...waiting, before, reportedAt(address, 2)]
    expect(plan(again(rejected('words-missing', null)))).toEqual({ kind: 'give', given: left('rejected-before') })
    expect(plan(again(rejected('words-missing', null), `${ADDRESS}?v=2`)).kind).toBe('fetch')
    expect(plan(again(rejected('unreachable', null))).kind).toBe('fetch')
    expect(plan(again(rejected('words-missing', { person: 'v', department: 'd' }))).kind).toBe('fetch')
  })

  test('of a promise too common to be known by its words is fetched all the same: what was found helps whoever looks', () => {
    const vague = [made({ terms: { ...terms, action: '整改' } }), reportedAt(ADDRESS)]
    expect(judged(vague, seen(['整改', '已整改']))).toEqual(left('nothing-to-look-for', ['整改', '已整改']))
    expect(judged(vague, seen([]))).toEqual(left('nothing-to-look-for'))
    expect(judged(vague, failed('unreachable'))).toMatchObject({ command: 'RejectPublication' })
  })

  test('that nobody waits for any more is let be', () => {
    expect(plan([made()])).toEqual({ kind: 'none' })
    expect(plan([])).toEqual({ kind: 'none' })
    const over = {
      look: { about: 'report', report: 1 },
      because: 'front-page',
      pageDigest: null,
      wordsFound: [],
      detail: null,
    }
    expect(plan([...waiting, { type: 'PageCheckLeft', data: over } as CommitmentEvent])).toEqual({ kind: 'none' })
  })
})

describe('the page of a recheck', () => {
  const verified: CommitmentEvent = {
    type: 'PublicationVerified',
    data: {
      report: 1,
      method: 'automatic',
      pageDigest,
      wordsFound: WORDS,
      verifiedAt: '2026-03-02T06:00:00.000Z',
      by: null,
    },
  }
  const rechecked = [...waiting, ...fulfilled, verified, settledOnly, recheckScheduled()]

  test('is looked at for the words that were found on it', () => {
    expect(plan(rechecked)).toMatchObject({ kind: 'fetch', address: ADDRESS, words: WORDS })
    expect(judged(rechecked, seen(WORDS))).toEqual({
      command: 'SeePageAgain',
      payload: { recheck: 1, pageDigest, wordsFound: WORDS },
    })
  })

  test('whose words are all gone fails on the side of publication; where some are, a person looks', () => {
    expect(judged(rechecked, seen([]))).toMatchObject({
      command: 'FailRecheck',
      payload: { recheck: 1, tracks: ['publication'], reason: expect.stringContaining('城东路完工通车') },
    })
    expect(judged(rechecked, seen(['已通车']))).toEqual(left('words-partly-found', ['已通车']))
  })

  test('that is gone fails likewise: 链接失效', () => {
    for (const fault of ['unreachable', 'not-public', 'address-refused'] as const) {
      expect(judged(rechecked, failed(fault))).toMatchObject({
        command: 'FailRecheck',
        payload: { tracks: ['publication'], reason: expect.stringContaining('链接失效') },
      })
    }
    expect(judged(rechecked, failed('unreachable', true))).toMatchObject({ command: 'DeferPageCheck' })
  })

  test('of a county that moved to other hosts is left to a person', () => {
    expect(judged(rechecked, failed('wrong-site'))).toEqual(left('not-readable'))
  })

  test('whose words were erased is left to a person', () => {
    const erased = { ...verified, data: { ...verified.data, wordsFound: [ERASED] } } as CommitmentEvent
    const events = [...waiting, ...fulfilled, erased, settledOnly, recheckScheduled()]
    expect(plan(events)).toEqual({ kind: 'give', given: left('nothing-to-look-for') })
  })
})
