import { readFileSync } from 'node:fs'
import type { RecordedEvent } from '#event-store'
import { expect, test } from 'vitest'
import type { CaseDocument } from '../src/projections/casework/case-document.ts'
import { casework } from '../src/projections/casework/index.ts'
import { ProjectionWriter } from '../src/projector/session.ts'
import { MemoryGeneration } from './memory-generation.ts'

/** Who sees a case that follows another, as the samples of events tell it. */

const [OLDEST, MIDDLE, YOUNGEST] = ['1', '2', '3'].map((last) => `00000000-0000-8000-8000-00000000000${last}`) as [
  string,
  string,
  string,
]

/** A story: whose stream, which event, and what its sample is to say otherwise. */
type Told = [id: string, type: string, data?: object]

const opened = (id: string): Told => [id, 'CaseOpened', { caseId: id, items: [] }]
const joins = (follower: string, lead: string): Told[] => [
  [follower, 'CaseJoined', { lead }],
  [lead, 'FollowerJoined', { follower, through: lead }],
]
const routed = (id: string, lead: string, ...assisting: string[]): Told => [id, 'CaseRouted', { lead, assisting }]

function eventsOf(story: readonly Told[]): RecordedEvent[] {
  return story.map(([id, type, data], index) => {
    const sample = new URL(`../../../test/fixtures/events/case/${type}.v1.json`, import.meta.url)
    const { version, data: usual } = JSON.parse(readFileSync(sample, 'utf8')) as { version: number; data: object }
    const at = new Date(Date.UTC(2026, 2, 2) + index * 1_000).toISOString()
    return {
      position: String(index).padStart(16, '0'),
      stream: `case-${id}`,
      revision: index,
      type,
      version,
      data: { ...usual, ...data },
      metadata: { occurredAt: at, recordedAt: at },
    } as unknown as RecordedEvent
  })
}

/** From where the generation has come to, as a process that has just started does. */
async function follow(generation: MemoryGeneration, events: readonly RecordedEvent[]): Promise<void> {
  await new ProjectionWriter(casework, generation, await generation.checkpoint()).follow(events, true)
}

const seeing = (generation: MemoryGeneration, id: string) =>
  generation.of<CaseDocument>('cases').find((document) => document.id === id)?.visibleTo

test('dying after any write of a lead that changes hands, its follower is shown to the new ones', async () => {
  const before = [opened(OLDEST), opened(MIDDLE), ...joins(MIDDLE, OLDEST)]
  const events = eventsOf([...before, routed(OLDEST, 'housing', 'water')])
  let crashes = 0
  for (let writes = 0; writes < 30; writes += 1) {
    const generation = new MemoryGeneration()
    await follow(generation, events.slice(0, before.length))
    generation.crashAfter = writes
    await follow(generation, events).catch(() => (crashes += 1))
    generation.crashAfter = null
    await follow(generation, events)
    expect(seeing(generation, MIDDLE), `${writes} writes`).toEqual(['county', 'department:housing', 'department:water'])
  }
  expect(crashes).toBe(30)
})

test('who follows through a case that leaves is not shown to those who were left', async () => {
  const generation = new MemoryGeneration()
  const story = [
    ...[OLDEST, MIDDLE, YOUNGEST].map(opened),
    ...joins(YOUNGEST, MIDDLE),
    ...joins(MIDDLE, OLDEST),
    [OLDEST, 'FollowerJoined', { follower: YOUNGEST, through: MIDDLE }] as Told,
    routed(OLDEST, 'housing'),
  ]
  await follow(generation, eventsOf(story))
  expect(seeing(generation, YOUNGEST)).toContain('department:housing')
  await follow(generation, eventsOf([...story, [MIDDLE, 'CaseSeparated', { lead: OLDEST }]]))
  expect(seeing(generation, MIDDLE)).toEqual(['county'])
  expect(seeing(generation, YOUNGEST)).toEqual(['county'])
})

test('a case that has left is not shown to a lead that has not heard of it', async () => {
  const generation = new MemoryGeneration()
  const story = [opened(OLDEST), opened(MIDDLE), ...joins(MIDDLE, OLDEST)]
  await follow(generation, eventsOf([...story, [MIDDLE, 'CaseSeparated', { lead: OLDEST }], routed(OLDEST, 'housing')]))
  expect(seeing(generation, MIDDLE)).toEqual(['county'])
})
