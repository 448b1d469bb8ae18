import { commitmentCommands, overdueMatter } from '#domain'
import type { CommandContext, Commitment, CommitmentEvent, Decision } from '#domain'
import type { RecordedEvent } from '#event-store'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregate, next, settings } from '../../domain/test/commitment/choices.ts'
import { contextOf, policy, uuidOf } from '../../domain/test/support/context.ts'
import { runSequence, steps } from '../../domain/test/support/sequence.ts'
import type { Attempt, Draw } from '../../domain/test/support/sequence.ts'
import type { AgendaDocument } from '../src/projections/casework/agenda.ts'
import { casework } from '../src/projections/casework/index.ts'
import { ProjectionWriter } from '../src/projector/session.ts'
import { MemoryGeneration } from './memory-generation.ts'

const ID = uuidOf('promise')
/** Longer after everything than any promise, review or recheck lies ahead. */
const LATE = contextOf({ actor: policy, now: '2040-01-01T00:00:00.000Z', settings })

test('the agenda holds what the stream of a promise would accept of time, and nothing else', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(steps(5, 70), async (seeds) => {
      const { events, state } = runSequence(aggregate, seeds, withTime)
      const generation = new MemoryGeneration()
      const writer = new ProjectionWriter(casework, generation, 'start')
      await writer.follow(events.map(recorded), true)
      const agenda = generation.of<AgendaDocument>('agenda')
      expect(agenda.map(shown).toSorted()).toEqual(wanted(state).toSorted())
      for (const entry of agenda) seen.set(entry.next, (seen.get(entry.next) ?? 0) + 1)
    }),
    { numRuns: 400 },
  )
  for (const step of ['mark-overdue', 'overdue', 'mark-stalled', 'stalled', 'recheck', 'look']) {
    expect([step, (seen.get(step) ?? 0) > 0]).toEqual([step, true])
  }
})

/** As people do, and now and then time. */
function withTime(state: Commitment, draw: Draw, step: number): Attempt {
  const attempt = next(state, draw, step)
  if (state.status === 'none' || !draw.chance(30)) return attempt
  const context = { ...attempt.context, actor: policy }
  return draw.chance(60)
    ? { name: 'MarkStalled', body: {}, context }
    : { name: 'MarkOverdue', body: { matter: draw.pick(overdueMatter.options) }, context }
}

function shown(entry: AgendaDocument): string {
  if (entry.about === 'day') return `${entry.next} ${entry.matter} ${entry.at}`
  return entry.about === 'page' ? entry.next : `${entry.next} ${entry.at}`
}

/** Told by asking the decisions, late enough for everything. */
function wanted(state: Commitment): string[] {
  if (state.status === 'none' || state.origin === 'history') return []
  const days = overdueMatter.options.flatMap((matter) => {
    const decision = decide('MarkOverdue', { matter }, state)
    if (decision.outcome === 'accepted') {
      return decision.events.flatMap(({ type, data }) =>
        type === 'CommitmentOverdue' ? [`mark-overdue ${matter} ${data.due}`] : [],
      )
    }
    return decision.outcome === 'nothing' && state.status === 'open'
      ? [`overdue ${matter} ${state.overdue[matter]}`]
      : []
  })
  const stalled = decide('MarkStalled', {}, state).outcome
  const standstill =
    stalled === 'accepted' ? 'mark-stalled' : stalled === 'nothing' && state.status === 'open' ? 'stalled' : null
  const isSettled = state.status === 'settled' || state.status === 'routine'
  const look = state.look && decide('LeavePageCheck', { ...leaving, look: state.look.at }, state).outcome
  return [
    ...days,
    ...(standstill === null ? [] : [`${standstill} ${state.lastMovementAt}`]),
    ...(isSettled && state.recheck !== null ? [`recheck ${state.recheck.dueOn}`] : []),
    ...(look === 'accepted' ? ['look'] : []),
  ]
}

const leaving = { because: 'no-answer', pageDigest: null, wordsFound: [], detail: null }

function decide(name: keyof typeof commitmentCommands, body: object, state: Commitment): Decision<CommitmentEvent> {
  const decision = commitmentCommands[name].decide as (
    body: object,
    state: Commitment,
    context: CommandContext,
  ) => Decision<CommitmentEvent>
  return decision(body, state, LATE)
}

function recorded({ type, data }: CommitmentEvent, revision: number): RecordedEvent {
  const at = '2026-03-02T00:00:00.000Z'
  return {
    position: String(revision).padStart(16, '0'),
    stream: `commitment-${ID}`,
    revision,
    id: `event-${revision}`,
    type,
    version: 1,
    data,
    metadata: {
      occurredAt: at,
      recordedAt: at,
      actor: { policy: 'test' },
      commandId: `command-${revision}`,
      commandFingerprint: null,
      correlationId: `command-${revision}`,
      causationId: null,
      origin: 'live',
      caseId: null,
      integrity: { algorithm: 'sha256-jcs-1', previous: null, digest: '' },
    },
  }
}
