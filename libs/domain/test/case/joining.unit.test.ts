import { caseCommands, evolveCase, FOLLOWERS_MAX, followersOf, initialCase, leadFactsOf } from '#domain'
import type { CaseEvent, LeadFacts } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  after,
  CASE,
  completed,
  content,
  coordinator,
  deadlineIn,
  digestOfContent,
  having,
  hoursLater,
  monitor,
  NOW,
  officer,
  OLDER,
  opened,
  openCase,
  openOpinion,
  policy,
  published,
  received,
  report,
  route,
  routed,
  signed,
  step,
  triage,
  triaged,
  uuidOf,
} from './support.ts'
import type { BodyOf } from './support.ts'

const nobody = { departments: [], persons: [] }
const lead: LeadFacts = {
  caseId: OLDER,
  kind: 'message',
  openedAt: hoursLater(-24).now,
  closed: false,
  followers: 0,
  heldBy: ['water'],
  accused: nobody,
}
const joining: BodyOf<'JoinCase'> = { lead, relation: 'similar', reason: '同一路段' }
const join = step('JoinCase', joining, monitor)
const joined = [...triaged, join]
const accusing = [...received, step('TriageCase', report, monitor)]

describe('joining', () => {
  test('an older case shares its work; what is owed to this asker stays owed', () => {
    having(triaged)
      .when('JoinCase', joining, monitor)
      .thenEvents({
        type: 'CaseJoined',
        data: {
          lead: OLDER,
          leadOpenedAt: lead.openedAt,
          relation: 'similar',
          reason: '同一路段',
          at: NOW,
          barred: nobody,
        },
      })
    expect(deadlineIn(after(...joined), 'final-answer').status).toBe('open')
  })

  test('ends the clocks of the department that need not work on it any more', () => {
    having(routed)
      .when('JoinCase', joining, monitor)
      .thenEvents(
        { type: 'CaseJoined', data: expect.anything() },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'sign-for', cause: 'joined' }) },
      )
  })

  test('the same lead again gives nothing; another lead first needs separation', () => {
    having(joined).when('JoinCase', joining, monitor).thenNothing()
    having(joined)
      .when('JoinCase', { ...joining, lead: { ...lead, caseId: uuidOf('third') } }, monitor)
      .thenRefused('CASE_FOLLOWS_ANOTHER')
  })

  test('always goes to the older case: by opening, then by id; never to itself', () => {
    const to = (each: Partial<LeadFacts>) =>
      having(triaged).when('JoinCase', { ...joining, lead: { ...lead, ...each } }, monitor)
    to({ openedAt: hoursLater(1).now }).thenRefused('JOIN_ONLY_TO_OLDER')
    to({ openedAt: NOW, caseId: 'ffffffff-0000-8000-8000-000000000000' }).thenRefused('JOIN_ONLY_TO_OLDER')
    to({ openedAt: NOW, caseId: CASE }).thenRefused('JOIN_ONLY_TO_OLDER')
    to({ openedAt: NOW }).thenEvents({ type: 'CaseJoined', data: expect.anything() })
  })

  test('keeps messages and opinions apart', () => {
    having([step('OpenOpinionCase', openOpinion, monitor)])
      .when('JoinCase', joining, monitor)
      .thenRefused('JOIN_KINDS_DIFFER')
  })

  test('a closed case neither joins nor is joined to', () => {
    having(completed).when('JoinCase', joining, monitor).thenRefused('CASE_CLOSED')
    having(triaged)
      .when('JoinCase', { ...joining, lead: { ...lead, closed: true } }, monitor)
      .thenRefused('LEAD_CLOSED')
  })

  test('an answered case may join', () => {
    having(published)
      .when('JoinCase', joining, monitor)
      .thenEvents(
        { type: 'CaseJoined', data: expect.anything() },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'hand-back' }) },
      )
  })

  test('a lead has room for so many followers', () => {
    having(triaged)
      .when('JoinCase', { ...joining, lead: { ...lead, followers: FOLLOWERS_MAX } }, monitor)
      .thenRefused('LEAD_FULL')
  })

  test('a report joins nothing that its accused has, and nothing that its accused has joins a report', () => {
    having(accusing)
      .when('JoinCase', { ...joining, lead: { ...lead, heldBy: ['traffic'] } }, monitor)
      .thenRefused('ROUTE_TO_ACCUSED')
    having(signed)
      .when('JoinCase', { ...joining, lead: { ...lead, accused: { departments: ['housing'], persons: [] } } }, monitor)
      .thenRefused('ROUTE_TO_ACCUSED')
  })

  test('a case whose followers accuse more than can be kept apart joins nothing', () => {
    const accusers = ['first', 'second'].map((each) => ({
      follower: uuidOf(each),
      through: CASE,
      joinEventId: uuidOf('event', each),
      revision: 1,
      joinedAt: NOW,
      barred: { departments: [], persons: Array.from({ length: 300 }, (_, at) => `${each}-${at}`) },
    }))
    having([...triaged, ...accusers.map((each) => step('RecordFollower', each))])
      .when('JoinCase', joining, monitor)
      .thenRefused('TOO_MANY_ACCUSED')
  })

  test('a report tells the lead from whom it must be kept', () => {
    having(accusing)
      .when('JoinCase', joining, monitor)
      .thenEvents({ type: 'CaseJoined', data: expect.objectContaining({ barred: report.accused }) })
  })

  test('work on the follower is refused while its asker is still heard', () => {
    having(joined)
      .when('TriageCase', { ...triage, subject: '交通' }, monitor)
      .thenRefused('CASE_FOLLOWS_ANOTHER')
    having(joined).when('RouteCase', route, monitor).thenRefused('CASE_FOLLOWS_ANOTHER')
    having([...routed, join])
      .when('SignForCase', {}, officer)
      .thenRefused('CASE_FOLLOWS_ANOTHER')
    having([...signed, join])
      .when('SaveDraft', { responseId: null, content }, officer)
      .thenRefused('CASE_FOLLOWS_ANOTHER')
    having(joined)
      .when('RecordSupplement', { request: null, text: '还是不亮', attachments: [], receivedAt: null }, monitor)
      .thenEvents({ type: 'SupplementReceived', data: expect.anything() })
    having(joined)
      .when(
        'MarkDeadlineMissed',
        { deadlineId: deadlineIn(after(...joined), 'final-answer').id },
        policy,
        hoursLater(999),
      )
      .thenEvents({ type: 'DeadlineMissed', data: expect.anything() })
  })
})

describe('separating', () => {
  const body = { reason: '实为两处' }

  test('gives the work back; who had not yet signed has the time to sign anew', () => {
    having([...routed, join])
      .when('SeparateCase', body, monitor, hoursLater(100))
      .thenEvents(
        { type: 'CaseSeparated', data: { lead: OLDER, reason: '实为两处', at: hoursLater(100).now } },
        { type: 'DeadlineSet', data: expect.objectContaining({ purpose: 'sign-for', startedAt: hoursLater(100).now }) },
      )
    having(joined).when('SeparateCase', body, monitor).thenEvents({ type: 'CaseSeparated', data: expect.anything() })
  })

  test('again gives nothing', () => {
    having([...joined, step('SeparateCase', body, monitor)])
      .when('SeparateCase', body, monitor)
      .thenNothing()
  })
})

describe('what the lead learns', () => {
  const follower = {
    follower: uuidOf('follower'),
    through: CASE,
    joinEventId: uuidOf('event'),
    revision: 4,
    joinedAt: NOW,
    barred: nobody,
  }
  const left = { follower: follower.follower, leaveEventId: uuidOf('left'), revision: 7, leftAt: NOW }
  const followed = [...signed, step('RecordFollower', follower)]

  test('a follower is told once', () => {
    having(signed).when('RecordFollower', follower).thenEvents({ type: 'FollowerJoined', data: follower })
    having(followed).when('RecordFollower', follower).thenNothing()
  })

  test('its leaving is told once, and nothing older is believed afterwards', () => {
    having(followed).when('RecordFollowerLeft', left).thenEvents({ type: 'FollowerLeft', data: left })
    const gone = [...followed, step('RecordFollowerLeft', left)]
    having(gone).when('RecordFollowerLeft', left).thenNothing()
    having(gone).when('RecordFollower', follower).thenNothing()
    having(gone)
      .when('RecordFollower', { ...follower, revision: 9 })
      .thenEvents({ type: 'FollowerJoined', data: expect.anything() })
    having(signed).when('RecordFollowerLeft', left).thenNothing()
  })

  test('whom a follower accuses loses the case and is not given it again while that follows', () => {
    const accuser = { ...follower, barred: { departments: ['housing'], persons: [] } }
    having(signed)
      .when('RecordFollower', accuser)
      .thenEvents(
        { type: 'FollowerJoined', data: accuser },
        { type: 'RoutingWithdrawn', data: { cause: 'accused-by-follower', departments: ['housing'] } },
        { type: 'DeadlineLapsed', data: expect.objectContaining({ purpose: 'hand-back', cause: 'withdrawn' }) },
      )
    const kept = [...signed, step('RecordFollower', accuser)]
    having(kept).when('RouteCase', route, monitor).thenRefused('ROUTE_TO_ACCUSED')
    having([...kept, step('RecordFollowerLeft', left)])
      .when('RouteCase', route, monitor)
      .thenEvents({ type: 'CaseRouted', data: expect.anything() }, { type: 'DeadlineSet', data: expect.anything() })
  })

  test('who leaves takes along those who follow through it', () => {
    const second = { ...follower, follower: uuidOf('second'), through: follower.follower }
    const state = opened(after(...followed, step('RecordFollower', second), step('RecordFollowerLeft', left)))
    expect([...followersOf(state.joining).values()].map(({ follows }) => follows)).toEqual([false, false])
  })

  test('the facts for joining name everyone who has the case or one that it follows', () => {
    const upper = opened(
      after(
        ...received,
        step('TriageCase', triage, monitor),
        step('RouteCase', { ...route, lead: 'traffic' }, monitor),
      ),
    )
    const facts = leadFactsOf(opened(after(...followed)), upper)
    expect(facts).toEqual({
      caseId: CASE,
      kind: 'message',
      openedAt: NOW,
      closed: false,
      followers: 1,
      heldBy: ['housing', 'traffic'],
      accused: nobody,
    })
    expect(caseCommands.JoinCase.schema.shape.lead.parse(facts)).toEqual(facts)
  })
})

describe('opinion items', () => {
  const opinion = [step('OpenOpinionCase', openOpinion, monitor)]
  const items = [
    { item: uuidOf('a'), revision: 3 },
    { item: uuidOf('b'), revision: 1 },
  ]

  test('join in batches; what is known already is left out', () => {
    having(opinion).when('RecordItemsJoined', { items }).thenEvents({ type: 'ItemsJoined', data: { items } })
    const once = [...opinion, step('RecordItemsJoined', { items: [items[0]!] })]
    having(once)
      .when('RecordItemsJoined', { items })
      .thenEvents({ type: 'ItemsJoined', data: { items: [items[1]] } })
    having(once)
      .when('RecordItemsJoined', { items: [items[0]!] })
      .thenNothing()
  })

  test('leave, and an older joining delivered late changes nothing', () => {
    const gone = [{ item: uuidOf('a'), revision: 5 }]
    const after = [...opinion, step('RecordItemsJoined', { items }), step('RecordItemsLeft', { items: gone })]
    having([...opinion, step('RecordItemsJoined', { items })])
      .when('RecordItemsLeft', { items: gone })
      .thenEvents({ type: 'ItemsLeft', data: { items: gone } })
    having(after).when('RecordItemsLeft', { items: gone }).thenNothing()
    having(after).when('RecordItemsJoined', { items }).thenNothing()
  })

  test('belong to opinion cases alone', () => {
    having(received).when('RecordItemsJoined', { items }).thenRefused('NOT_AN_OPINION_CASE')
    having(received).when('RecordItemsLeft', { items }).thenRefused('NOT_AN_OPINION_CASE')
  })
})

describe('the answer of the lead', () => {
  const answer = {
    lead: OLDER,
    through: OLDER,
    responseId: uuidOf('their-response'),
    kind: 'final',
    text: content.text,
    publicText: content.publicText,
    attachments: [],
    means: 'website',
    address: 'https://www.example.gov.cn/2.html',
    publishedAt: hoursLater(5).now,
    digest: digestOfContent(content),
    department: 'water',
    correction: false,
  } as const
  const { correction: _, ...stored } = answer
  const body = { ...answer, attachments: [] }
  const answered = [...joined, step('AnswerByLead', body)]

  test('answers this asker in their own right', () => {
    having(joined)
      .when('AnswerByLead', body, policy, hoursLater(6))
      .thenEvents(
        { type: 'AnsweredByLead', data: { ...stored, by: 'publication', answeredAt: hoursLater(5).now } },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge', at: hoursLater(5).now }) },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'final-answer', at: hoursLater(5).now }) },
      )
    expect(opened(after(...answered)).status).toBe('answered')
  })

  test('late for this asker is late, whatever it was for the lead', () => {
    having(joined)
      .when('AnswerByLead', { ...body, publishedAt: hoursLater(24 * 30).now })
      .thenEvents(
        { type: 'AnsweredByLead', data: expect.anything() },
        { type: 'DeadlineMissed', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        { type: 'DeadlineMissed', data: expect.objectContaining({ purpose: 'final-answer' }) },
      )
  })

  test('told again gives nothing', () => {
    having(answered).when('AnswerByLead', body).thenNothing()
  })

  test('corrected, it is this asker’s answer too, but only where the first was', () => {
    const corrected = { ...body, digest: digestOfContent({ ...content, text: '更正' }), text: '更正', correction: true }
    having(answered)
      .when('AnswerByLead', corrected)
      .thenEvents({ type: 'AnsweredByLead', data: expect.objectContaining({ text: '更正' }) })
    having(joined).when('AnswerByLead', corrected).thenNothing()
  })

  test('interim, it leaves the final answer owed', () => {
    having(joined)
      .when('AnswerByLead', { ...body, kind: 'interim' })
      .thenEvents(
        { type: 'AnsweredByLead', data: expect.anything() },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'acknowledge' }) },
      )
  })

  test('published before this case joined, it is theirs only when staff say so, and from then on', () => {
    const earlier = { ...body, publishedAt: hoursLater(-1).now }
    having(joined).when('AnswerByLead', earlier).thenNothing()
    having(joined)
      .when('AnswerByLead', earlier, coordinator, hoursLater(8))
      .thenEvents(
        {
          type: 'AnsweredByLead',
          data: expect.objectContaining({
            by: 'staff',
            publishedAt: hoursLater(-1).now,
            answeredAt: hoursLater(8).now,
          }),
        },
        { type: 'DeadlineMet', data: expect.objectContaining({ at: hoursLater(8).now }) },
        { type: 'DeadlineMet', data: expect.objectContaining({ at: hoursLater(8).now }) },
      )
  })

  test('after separation it is nobody’s here', () => {
    const separated = [...joined, step('SeparateCase', { reason: '不同' }, monitor)]
    having(separated).when('AnswerByLead', body).thenNothing()
    having(separated).when('AnswerByLead', body, coordinator).thenRefused('NOT_FOLLOWING')
  })
})

describe('imported answers', () => {
  const historical = [step('OpenCase', { ...openCase, origin: 'history', receivedAt: '2019-04-25T01:32:09.000Z' })]
  const past = {
    kind: 'final',
    text: '您好，已修好。',
    publicText: null,
    means: 'website',
    address: null,
    publishedAt: '2019-05-05T08:00:00.000Z',
    department: 'housing',
    departmentNamed: '住建局',
  } as const

  test('are judged by the day they were published', () => {
    having(historical)
      .when('RecordPastResponse', past)
      .thenEvents(
        {
          type: 'PastResponseRecorded',
          data: { ...past, responseId: expect.any(String), digest: expect.any(String) },
        },
        { type: 'DeadlineMissed', data: expect.objectContaining({ purpose: 'acknowledge' }) },
        { type: 'DeadlineMet', data: expect.objectContaining({ purpose: 'final-answer', at: past.publishedAt }) },
      )
    expect(opened(after(...historical, step('RecordPastResponse', past))).status).toBe('answered')
  })

  test('imported again give nothing; an answer with other words is another', () => {
    const once = [...historical, step('RecordPastResponse', past)]
    having(once).when('RecordPastResponse', past).thenNothing()
    having(once)
      .when('RecordPastResponse', { ...past, text: '补充答复' })
      .thenEvents({ type: 'PastResponseRecorded', data: expect.anything() })
  })

  test('belong to history alone and to departments that exist', () => {
    having(received).when('RecordPastResponse', past).thenRefused('NOT_HISTORY')
    having(historical)
      .when('RecordPastResponse', { ...past, department: 'nowhere' })
      .thenRefused('UNKNOWN_DEPARTMENT')
  })
})

test('an event of a case that was never opened changes nothing', () => {
  const events: CaseEvent[] = after(...routed).filter(({ type }) => type !== 'CaseOpened')
  expect(events.reduce(evolveCase, initialCase)).toEqual(initialCase)
})
