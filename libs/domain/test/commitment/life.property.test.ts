import { commitmentCommands, evolveCommitment, initialCommitment, isReadyToSettle } from '#domain'
import type { CommitmentEvent } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { runSequence, steps } from '../support/sequence.ts'
import { aggregate, coordinator, next, RESPONSIBLE } from './choices.ts'
import { responseSource, terms } from './support.ts'

const RUNS = 400

/** Told from the events alone, not by the state that decides: what was last said of each side. */
function bothSidesDone(events: readonly CommitmentEvent[]): boolean {
  const fulfilment = events.findLast(
    ({ type, data }) =>
      type.startsWith('Fulfilment') || (type === 'RecheckFailed' && data.tracks.includes('fulfilment')),
  )
  const publication = events.findLast(
    ({ type, data }) =>
      type.startsWith('Publication') || (type === 'RecheckFailed' && data.tracks.includes('publication')),
  )
  return (
    fulfilment?.type === 'FulfilmentVerified' &&
    fulfilment.data.degree === 'complete' &&
    (publication?.type === 'PublicationVerified' || publication?.type === 'PublicationExempted')
  )
}

/** Whoever judged, and whoever approved, is of another department than the one that owes the promise. */
function judgesOf(event: CommitmentEvent): string[] {
  switch (event.type) {
    case 'FulfilmentVerified':
    case 'FulfilmentRejected':
    case 'RectificationOrdered':
    case 'RecheckPassed':
      return [event.data.by.department]
    case 'PublicationVerified':
    case 'PublicationRejected':
    case 'RecheckFailed':
      return event.data.by === null ? [] : [event.data.by.department]
    case 'PublicationExempted':
    case 'DueDateRevised':
    case 'CommitmentSuperseded':
    case 'CommitmentWithdrawn':
      return [event.data.approver.department]
    default:
      return []
  }
}

test('no sequence of commands settles a promise with a side open, or has it judged by the department that owes it', () => {
  const reached = { settled: 0, settledAgain: 0, routine: 0, broken: 0, judged: 0 }
  const accepted = new Set<string>()
  fc.assert(
    fc.property(steps(25, 60), (seeds) => {
      const events: CommitmentEvent[] = []
      const run = runSequence(aggregate, seeds, next, (_before, happened) => {
        for (const event of happened) {
          if (event.type === 'CommitmentSettled') expect(bothSidesDone(events)).toBe(true)
          const judges = judgesOf(event)
          expect(judges).not.toContain(RESPONSIBLE)
          reached.judged += judges.length
          events.push(event)
        }
      })
      if (run.state.status === 'settled' || run.state.status === 'routine') {
        expect(bothSidesDone(run.events)).toBe(true)
        expect(isReadyToSettle(run.state)).toBe(true)
      }
      const count = (type: CommitmentEvent['type']) => run.events.filter((event) => event.type === type).length
      expect(count('CommitmentMade')).toBeLessThanOrEqual(1)
      if (count('CommitmentSettled') > 0) reached.settled++
      if (count('CommitmentSettled') > 1) reached.settledAgain++
      if (count('CommitmentMadeRoutine') > 0) reached.routine++
      if (count('CommitmentBroken') > 0) reached.broken++
      for (const name of run.accepted.keys()) accepted.add(name)
    }),
    { numRuns: RUNS },
  )
  // The generator reaches far, or the properties above say little.
  expect(reached.settled).toBeGreaterThanOrEqual(RUNS * 0.3)
  expect(reached.settledAgain).toBeGreaterThanOrEqual(RUNS * 0.1)
  expect(reached.broken).toBeGreaterThan(0)
  expect(reached.judged).toBeGreaterThan(RUNS)
  expect([...accepted].toSorted()).toEqual(Object.keys(commitmentCommands).toSorted())
})

test('nothing that time does happens to a promise of imported history', () => {
  const timeDoes = ['CommitmentOverdue', 'CommitmentStalled', 'PageCheckDeferred', 'PageCheckLeft', 'PageSeenAgain']
  fc.assert(
    fc.property(steps(25, 40), (seeds) => {
      const { events } = runSequence(aggregate, seeds, (state, draw, step) => {
        const attempt = next(state, draw, step)
        const history = { source: responseSource, origin: 'history', madeAt: '2019-05-01T00:00:00.000Z', terms }
        return state.status === 'none'
          ? { name: 'MakeCommitment', body: history, context: { ...attempt.context, actor: coordinator } }
          : attempt
      })
      expect(events.filter(({ type }) => timeDoes.includes(type))).toEqual([])
      const automatic = ['PublicationVerified', 'PublicationRejected', 'RecheckFailed', 'AskersInformed']
      const byNobody = events.filter(({ data }) => 'by' in data && data.by === null)
      expect(byNobody.filter(({ type }) => automatic.includes(type))).toEqual([])
    }),
    { numRuns: RUNS / 4 },
  )
})

test('an event in any order leaves a state, never an error', () => {
  const { events } = runSequence(
    aggregate,
    Array.from({ length: 300 }, (_, at) => at * 7919),
    next,
  )
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40, size: 'max' }), (shuffled) => {
      expect(shuffled.reduce(evolveCommitment, initialCommitment)).toHaveProperty('status')
    }),
    { numRuns: 200 },
  )
})
