import { accusedOf, contentOf, departmentsHolding } from '#domain'
import type { CaseEvent } from '#domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choose } from './choices.ts'
import type { Dice } from './choices.ts'
import { digestOf } from './support.ts'
import { give, IDS, leadsOf, newWorld, settle } from './world.ts'
import type { World } from './world.ts'

const RUNS = 300

const turn = fc.record({
  stream: fc.nat(2),
  /** Hours that pass before it; now and then days. */
  hours: fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(200) }),
  /** Whether policies get to see what happened so far, or are late. */
  settles: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  numbers: fc.array(fc.nat(9_999), { minLength: 12, maxLength: 12, size: 'max' }),
})
const turns = fc.array(turn, { minLength: 40, maxLength: 90, size: 'max' })

function diceOf(numbers: readonly number[]): Dice {
  let next = 0
  const below = (bound: number) => numbers[next++ % numbers.length]! % bound
  return { below, of: (values) => values[below(values.length)]! }
}

/** Goes through a run and looks at the world after every turn. */
function play(
  run: readonly (typeof turn extends fc.Arbitrary<infer Turn> ? Turn : never)[],
  look: (world: World) => void,
): World {
  const world = newWorld()
  for (const { stream, hours, settles, numbers } of run) {
    world.hour += hours
    give(world, stream, choose(world, stream, diceOf(numbers)))
    if (settles) settle(world)
    look(world)
  }
  settle(world)
  look(world)
  return world
}

type DataOf<Type extends CaseEvent['type']> = Extract<CaseEvent, { type: Type }>['data']
function dataOf<Type extends CaseEvent['type']>(events: readonly CaseEvent[], type: Type): DataOf<Type>[] {
  return events.filter((event) => event.type === type).map((event) => event.data as DataOf<Type>)
}

/** Looks into the history alone: was this very text submitted and approved at every level, by people who wrote none of it? */
function expectApproved(history: readonly CaseEvent[], at: number): void {
  const event = history[at]!
  if (event.type !== 'ResponsePublished' && event.type !== 'ResponseCorrected') return
  const { responseId, digest, content, version } = event.data
  expect(digest).toBe(digestOf(contentOf(content)))
  const before = history.slice(0, at)
  const ofIt = before.filter(({ data }) => 'responseId' in data && data.responseId === responseId)
  const drafts = dataOf(ofIt, 'ResponseDrafted')
  expect(drafts.at(-1)).toMatchObject({ digest, content, version })
  const sinceSubmission = ofIt.slice(ofIt.findLastIndex(({ type }) => type === 'ResponseSubmitted'))
  const [submission] = dataOf(sinceSubmission, 'ResponseSubmitted')
  const approvals = dataOf(sinceSubmission, 'ResponseApproved')
  expect(submission).toMatchObject({ digest, version })
  expect(sinceSubmission.some(({ type }) => type === 'ResponseReturned' || type === 'ResponseDrafted')).toBe(false)
  expect(approvals.map(({ role, digest }) => ({ role, digest }))).toEqual(
    submission!.levels.map((role) => ({ role, digest })),
  )
  const people = approvals.map(({ approver }) => approver)
  expect(new Set(people).size).toBe(people.length)
  expect(drafts.filter(({ draftedBy }) => people.includes(draftedBy))).toEqual([])
}

/** From the history alone: what no approval stands behind is a simple question's answer, and nothing of it is in public. */
function expectSpoken(history: readonly CaseEvent[], at: number): void {
  const event = history[at]!
  if (event.type !== 'AnsweredOnTheSpot') return
  const triage = dataOf(history.slice(0, at), 'CaseTriaged').at(-1)
  expect(triage).toMatchObject({ type: 'consultation', sensitivities: [] })
  expect(dataOf(history, 'CaseOpened')).toMatchObject([{ kind: 'message', origin: 'live' }])
  const told = JSON.stringify(history.filter(({ type }) => type === 'ResponsePublished' || type === 'AnsweredByLead'))
  expect(told).not.toContain(event.data.responseId)
}

function expectKeptFromAccused(world: World): void {
  for (const [stream, state] of world.cases.entries()) {
    if (state.status === 'none') continue
    const { departments } = accusedOf(state)
    const held = world.pending.length > 0 ? [state] : [state, ...leadsOf(world, stream)]
    // What a lead holds is looked at when its policies have told it of its followers.
    for (const each of held)
      expect(departmentsHolding(each).filter((department) => departments.includes(department))).toEqual([])
  }
}

/** From the history: somebody still owes this asker an answer, or has given it, or has said who will. */
function expectObligation(world: World): void {
  for (const [stream, state] of world.cases.entries()) {
    if (state.status === 'none' || state.status === 'not-accepted' || state.status === 'transferred') continue
    const history = world.histories[stream]!
    const since = history.slice(history.findLastIndex(({ type }) => type === 'CaseReopened') + 1)
    const answered =
      dataOf(since, 'ResponsePublished').some(({ content }) => content.kind === 'final') ||
      dataOf(since, 'AnsweredByLead').some(({ kind }) => kind === 'final') ||
      dataOf(since, 'PastResponseRecorded').some(({ kind }) => kind === 'final') ||
      dataOf(since, 'AnsweredOnTheSpot').length > 0
    const owed = state.deadlines.some(
      ({ purpose, status }) =>
        (purpose === 'final-answer' || purpose === 'answer-again') &&
        (status === 'open' || status === 'suspended' || status === 'missed'),
    )
    if (!answered && !owed) throw new Error(`Nobody owes case ${IDS[stream]} an answer`)
  }
}

test('runs of commands on three cases keep every promise that the design makes of them', () => {
  let answered = 0
  let corrected = 0
  let answeredByLead = 0
  let joinedReports = 0
  let completed = 0
  let onTheSpot = 0
  fc.assert(
    fc.property(turns, (run) => {
      const seen = IDS.map(() => 0)
      const world = play(run, (now) => {
        for (const [stream, history] of now.histories.entries()) {
          for (; seen[stream]! < history.length; seen[stream]!++) {
            expectApproved(history, seen[stream]!)
            expectSpoken(history, seen[stream]!)
          }
        }
        expectKeptFromAccused(now)
        expectObligation(now)
      })
      const events = world.histories.flat()
      const has = (type: CaseEvent['type']) => events.some((event) => event.type === type)
      if (dataOf(events, 'ResponsePublished').some(({ content }) => content.kind === 'final')) answered++
      if (has('ResponseCorrected')) corrected++
      if (has('AnsweredByLead')) answeredByLead++
      if (dataOf(events, 'CaseJoined').some(({ barred }) => barred.departments.length > 0)) joinedReports++
      if (has('CompletionApproved')) completed++
      if (has('AnsweredOnTheSpot')) onTheSpot++
    }),
    { numRuns: RUNS },
  )
  // The runs reach far enough for the properties to say something.
  const share = (count: number) => count / RUNS
  expect(share(answered)).toBeGreaterThanOrEqual(0.3)
  expect(share(completed)).toBeGreaterThanOrEqual(0.05)
  expect(share(corrected)).toBeGreaterThanOrEqual(0.01)
  expect(share(answeredByLead)).toBeGreaterThanOrEqual(0.01)
  expect(share(joinedReports)).toBeGreaterThanOrEqual(0.01)
  expect(share(onTheSpot)).toBeGreaterThanOrEqual(0.01)
}, 60_000)
