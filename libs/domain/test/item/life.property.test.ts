import { evolveItem, initialItem, itemCommands, itemEventFormats } from '#domain'
import type { Item, ItemEvent } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextOf, person, policy, uuidOf } from '../support/context.ts'
import { runSequence, steps } from '../support/sequence.ts'
import type { Attempt, Draw } from '../support/sequence.ts'
import { content, delivery, settings } from './support.ts'

const RUNS = 300
const HOUR_MS = 3_600_000
const aggregate = { initial: initialItem, evolve: evolveItem, formats: itemEventFormats, commands: itemCommands }
const cases = [uuidOf('case', 1), uuidOf('case', 2)]
const monitor = person('monitor', 'monitoring-centre')
const secrecyReviewer = person('secrecy-reviewer', 'secrecy-office')

function next(state: Item, draw: Draw, step: number): Attempt {
  const now = new Date(Date.parse(content.receivedAt) + step * HOUR_MS * 0.7).toISOString()
  const contentRevision = state.status === 'held' && draw.chance(90) ? state.contentRevision : 1 + draw.below(3)
  const seen = { views: draw.below(100) * (step + 1), reposts: null, comments: draw.below(3), likes: null }
  // Everything ends sooner or later, most items late.
  const ending = draw.chance(2)
  const caseId =
    state.status === 'held' && state.attachedTo !== null && draw.chance(80) ? state.attachedTo.caseId : draw.pick(cases)
  const changes = { kind: draw.chance(85) ? ('opinion' as const) : ('message' as const), title: `标题${draw.below(3)}` }
  const [name, body, actor] = ending
    ? draw.pick([
        ['EraseItem', { ground: 'retention-ended', basis: '档案管理规定' }, secrecyReviewer] as const,
        ['QuarantineItem', { receipt: '保密收字3号' }, secrecyReviewer] as const,
      ])
    : draw.pick([
        ['ReceiveItem', delivery(changes, draw.chance(50) ? seen : null), policy] as const,
        ['ObserveReach', { reach: seen, observedAt: now }, policy] as const,
        ['AttachItem', { caseId, contentRevision, reason: null }, monitor] as const,
        ['DetachItem', { caseId, contentRevision, reason: '另一事件' }, monitor] as const,
      ])
  return { name, body, context: contextOf({ actor, now, settings, commandId: `command-${step}` }) }
}

/** Follows the events with a model of its own: one case at a time, revisions in a row, nothing after the end. */
function follow(events: readonly ItemEvent[]): void {
  let attachedTo: string | null = null
  let fingerprint: string | null = null
  let revision = 0
  let observedAt = ''
  let kind = ''
  for (const [at, event] of events.entries()) {
    switch (event.type) {
      case 'ItemReceived':
        expect(at).toBe(0)
        fingerprint = event.data.fingerprint
        revision = 1
        kind = event.data.kind
        break
      case 'ItemRevised':
        expect(event.data).toMatchObject({ contentRevision: revision + 1, previousFingerprint: fingerprint, kind })
        expect(event.data.fingerprint).not.toBe(fingerprint)
        fingerprint = event.data.fingerprint
        revision++
        break
      case 'ItemReachObserved':
        if (observedAt !== '') {
          expect(Date.parse(event.data.observedAt) - Date.parse(observedAt)).toBeGreaterThanOrEqual(HOUR_MS)
        }
        observedAt = event.data.observedAt
        break
      case 'ItemAttached':
        expect(kind).toBe('opinion')
        expect(attachedTo).toBeNull()
        expect(event.data.contentRevision).toBe(revision)
        attachedTo = event.data.caseId
        break
      case 'ItemDetached':
        expect(event.data).toMatchObject({ caseId: attachedTo, contentRevision: revision })
        attachedTo = null
        break
      case 'ItemErased':
      case 'ItemQuarantined':
        expect(at).toBe(events.length - 1)
    }
  }
}

test('an item belongs to one case at a time, keeps every content, and takes nothing after its end', () => {
  const reached = { attachedTwice: 0, revised: 0, ended: 0 }
  fc.assert(
    fc.property(steps(20, 60), (seeds) => {
      const { events } = runSequence(aggregate, seeds, next)
      follow(events)
      const count = (type: ItemEvent['type']) => events.filter((event) => event.type === type).length
      if (count('ItemAttached') > 1) reached.attachedTwice++
      if (count('ItemRevised') > 1) reached.revised++
      if (count('ItemErased') + count('ItemQuarantined') > 0) reached.ended++
    }),
    { numRuns: RUNS },
  )
  expect(reached.attachedTwice).toBeGreaterThan(RUNS * 0.3)
  expect(reached.revised).toBeGreaterThan(RUNS * 0.5)
  expect(reached.ended).toBeGreaterThan(RUNS * 0.2)
})

test('an event in any order leaves a state, never an error', () => {
  const { events } = runSequence(
    aggregate,
    Array.from({ length: 200 }, (_, at) => at * 7919),
    next,
  )
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40, size: 'max' }), (shuffled) => {
      expect(shuffled.reduce(evolveItem, initialItem)).toHaveProperty('status')
    }),
  )
})
