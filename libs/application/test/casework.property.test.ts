import { accusedOf, isOwed, owedBy } from '#domain'
import type { CaseEvent, OpenedCase } from '#domain'
import type { RecordedEvent } from '#event-store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choose } from '../../domain/test/case/choices.ts'
import { policy } from '../../domain/test/case/support.ts'
import { give, IDS, newWorld, settle } from '../../domain/test/case/world.ts'
import type { World } from '../../domain/test/case/world.ts'
import type { AgendaDocument } from '../src/projections/casework/agenda.ts'
import type { CaseDocument } from '../src/projections/casework/case-document.ts'
import { casework } from '../src/projections/casework/index.ts'
import type { TallyDocument } from '../src/projections/casework/tally.ts'
import { ProjectionWriter } from '../src/projector/session.ts'
import { MemoryGeneration } from './memory-generation.ts'

/** Read models over runs of commands on three cases that join, are answered and accuse each other's departments. */

const turn = fc.record({
  stream: fc.nat(2),
  hours: fc.nat(30),
  numbers: fc.array(fc.nat(9_999), { minLength: 12, maxLength: 12, size: 'max' }),
})
// Shrinking runs of this length takes minutes and makes them hardly shorter; the seed tells as much.
const turns = fc.noShrink(fc.array(turn, { minLength: 30, maxLength: 70, size: 'max' }))

test('a case is shown as its own stream says it is', async () => {
  let answered = 0
  await fc.assert(
    fc.asyncProperty(turns, async (run) => {
      const { world, events } = play(run)
      const generation = new MemoryGeneration()
      await follow(generation, events)
      for (const document of generation.of<CaseDocument>('cases')) {
        const state = world.cases[IDS.indexOf(document.id)]!
        if (state.status === 'none') throw new Error('shown, but never opened')
        const shown = { new: 'open', 'handing-back': 'signed' }[document.status as string] ?? document.status
        expect(shown).toBe(state.status)
        const open = state.deadlines.filter(({ status }) => status === 'open' || status === 'suspended')
        expect(document.openDeadlines.map(({ id }) => id).toSorted()).toEqual(open.map(({ id }) => id).toSorted())
        for (const department of accusedOf(state).departments) {
          expect(document.visibleTo).not.toContain(`department:${department}`)
        }
        if (document.answeredAt !== null) answered += 1
      }
    }),
    { numRuns: 60 },
  )
  expect(answered).toBeGreaterThan(20)
})

/** What the agenda should hold of a case, told from the state of its stream. */
function due(state: OpenedCase): string[] {
  if (state.opened.origin === 'history') return []
  const isClosed = state.closing.ending !== null
  return state.deadlines.flatMap((deadline) => {
    const { id, status, due, purpose, warned } = deadline
    const speaks = isOwed(deadline, state) && !isClosed
    if (status === 'missed') return speaks ? [`${id} remind`] : []
    const recount = deadline.deadline?.provisional === true ? [`recount.${id} recount`] : []
    if (status === 'suspended') return recount
    if (status !== 'open') return []
    const warning = deadline.deadline?.within.unit === 'hours' ? 'warn-by-hour' : 'warn'
    return [`${id} ${speaks && purpose !== 'hand-back' && !warned ? warning : 'miss'} ${due}`, ...recount]
  })
}

test('the agenda holds what time will do about a case, as its own stream says it, before those who have to see to it', async () => {
  const steps = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(turns, fc.integer({ min: 3, max: 70 }), async (run, length) => {
      const { world, events } = play(run.slice(0, length))
      const generation = new MemoryGeneration()
      await follow(generation, events)
      const agenda = generation.of<AgendaDocument>('agenda')
      for (const [at, state] of world.cases.entries()) {
        if (state.status === 'none') continue
        const all = agenda.filter(({ subject }) => subject === IDS[at])
        const waits = state.status === 'routed' && state.joining.following === null && state.opened.origin === 'live'
        expect(all.some(({ next }) => next === 'sign')).toBe(waits)
        const entries = all.filter(({ next }) => next !== 'sign')
        const shown = entries.map(({ id, next, due }) =>
          next === 'recount' || next === 'remind' ? `${id} ${next}` : `${id} ${next} ${due}`,
        )
        expect(shown.toSorted()).toEqual(due(state).toSorted())
        for (const entry of entries) {
          steps.set(entry.next, (steps.get(entry.next) ?? 0) + 1)
          if (entry.about !== 'deadline') throw new Error('a case has nothing but deadlines')
          const owing = owedBy(
            state.deadlines.find(({ id }) => id === entry.deadline.id)!,
            state,
          )
          const accused = accusedOf(state).departments
          if (owing !== null && !accused.includes(owing) && entry.deadline.purpose !== 'hand-back')
            expect(entry.departments).toContain(owing)
          for (const department of accused) {
            expect(entry.visibleTo).not.toContain(`department:${department}`)
          }
        }
      }
    }),
    { numRuns: 200 },
  )
  for (const step of ['warn', 'miss', 'remind']) expect(steps.get(step)).toBeGreaterThan(4)
})

test('counts come to what the cases come to', async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (run) => {
      const generation = new MemoryGeneration()
      await follow(generation, play(run).events)
      const cases = generation.of<CaseDocument>('cases')
      const sum = (name: string) =>
        generation.of<TallyDocument>('tallies').reduce((total, { counts }) => total + (counts[name] ?? 0), 0)
      expect(sum('received')).toBe(cases.length)
      expect(sum('answered')).toBe(cases.filter(({ answeredAt }) => answeredAt !== null).length)
      const inTime = cases.filter(({ answeredAt, final }) => answeredAt !== null && final?.state === 'met')
      expect(sum('answeredInTime')).toBe(inTime.length)
      expect(sum('missed')).toBe(cases.filter(({ final }) => final?.state === 'missed').length)
      expect(sum('rated')).toBe(cases.filter(({ rating }) => rating !== null).length)
      const ended = cases.filter(({ answeredAt, ending }) => answeredAt === null && ending !== null)
      expect(sum('notAccepted') + sum('transferred')).toBe(ended.length)
      const open = cases.flatMap(({ final }) => (final?.state === 'open' ? [`openUntil ${final.due}`] : []))
      for (const name of new Set(open)) expect(sum(name)).toBe(open.filter((other) => other === name).length)
    }),
    { numRuns: 60 },
  )
})

test('dying between any two writes changes nothing in the end, on an engine without transactions too', async () => {
  const crashes = fc.array(fc.record({ after: fc.nat(80), changes: fc.nat(12) }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(turns, crashes, async (run, crashes) => {
      const { events } = play(run)
      const straight = new MemoryGeneration()
      await follow(straight, events)
      const crashed = new MemoryGeneration()
      for (const { after, changes } of crashes) {
        crashed.crashAfter = changes
        await expect(follow(crashed, events.slice(0, after + 1))).rejects.toThrow('crashed')
        crashed.crashAfter = null
        await follow(crashed, events.slice(0, Math.floor(after / 2)))
      }
      await follow(crashed, events)
      expect(crashed.all()).toEqual(straight.all())
    }),
    { numRuns: 60 },
  )
})

/** Follows the events from where the generation has come to, as a process that has just started does. */
async function follow(generation: MemoryGeneration, events: readonly RecordedEvent[]): Promise<void> {
  const checkpoint = await generation.checkpoint()
  const writer = new ProjectionWriter(casework, generation, checkpoint)
  await writer.follow(events, true)
  if (generation.crashAfter !== null) throw new Error('crashed: there was nothing to write')
}

function play(run: readonly { stream: number; hours: number; numbers: number[] }[]): {
  world: World
  events: RecordedEvent[]
} {
  const world = newWorld()
  const events: RecordedEvent[] = []
  const seen = IDS.map(() => 0)
  const collect = () => {
    for (const [stream, history] of world.histories.entries()) {
      for (; seen[stream]! < history.length; seen[stream]! += 1) {
        events.push(recorded(IDS[stream]!, seen[stream]!, history[seen[stream]!]!, events.length))
      }
    }
  }
  for (const { stream, hours, numbers } of run) {
    world.hour += hours
    let next = 0
    const below = (bound: number) => numbers[next++ % numbers.length]! % bound
    give(world, stream, choose(world, stream, { below, of: (values) => values[below(values.length)]! }))
    collect()
    settle(world)
    // Mostly, time does its part, too.
    if (numbers[0]! % 4 !== 0) markMissed(world)
    collect()
  }
  return { world, events }
}

/** A deadline that has not passed is refused. */
function markMissed(world: World): void {
  for (const [stream, state] of world.cases.entries()) {
    if (state.status === 'none') continue
    for (const { id: deadlineId } of state.deadlines) {
      give(world, stream, { name: 'MarkDeadlineMissed', body: { deadlineId }, actor: policy })
    }
  }
}

function recorded(id: string, revision: number, event: CaseEvent, index: number): RecordedEvent {
  const at = new Date(Date.UTC(2026, 2, 2) + index * 1_000).toISOString()
  return {
    position: String(index).padStart(16, '0'),
    stream: `case-${id}`,
    revision,
    id: `${id}-${revision}`,
    type: event.type,
    version: 1,
    data: event.data,
    metadata: {
      occurredAt: at,
      recordedAt: at,
      actor: { policy: 'test' },
      commandId: `command-${index}`,
      commandFingerprint: null,
      correlationId: `command-${index}`,
      causationId: null,
      origin: 'live',
      caseId: id,
      integrity: { algorithm: 'sha256-jcs-1', previous: null, digest: '' },
    },
  }
}
