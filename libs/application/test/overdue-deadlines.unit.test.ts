import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReadStoreWriter } from '#read-store'
import type { ReadStoreWriter } from '#read-store'
import { overdueDeadlines } from '../src/index.ts'
import { agendaCollection } from '../src/projections/casework/agenda.ts'

const NOW = '2026-03-10T02:00:00.000Z' // ten in the morning in the county

let folder: string
let views: ReadStoreWriter
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huiying-'))
  views = await openReadStoreWriter(`sqlite:${join(folder, 'views.db')}`)
})
afterAll(async () => {
  await views.close()
  await rm(folder, { recursive: true })
})

const deadline = (next: string, at: string, purpose: string) => ({ about: 'deadline', next, at, deadline: { purpose } })
const day = (next: string, at: string, matter: string) => ({ about: 'day', next, at, matter })

/** An agenda with these entries and nothing else. */
async function agenda(entries: readonly object[]): Promise<void> {
  const generation = await views.rebuild('casework', 1, [agendaCollection])
  const changes = entries.map((entry, at) => {
    const id = `entry-${at}`
    return {
      collection: 'agenda',
      id,
      position: '1',
      document: { ...entry, id, visibleTo: [], departments: [], due: '' },
    }
  })
  await generation.write({ changes, checkpoint: '1', asOf: NOW })
  await generation.switchOver()
}

test('what has passed and is still owed is counted by what is due; what runs, or is done about, is not', async () => {
  await agenda([
    deadline('miss', '2026-03-10T01:59:59.999Z', 'final-answer'),
    deadline('warn', '2026-03-09T10:00:00.000Z', 'final-answer'),
    deadline('warn-by-hour', '2026-03-10T01:00:00.000Z', 'sign-for'),
    // Written down as missed; the day is that of the last reminder.
    deadline('remind', '2026-03-10', 'final-answer'),
    deadline('remind', '', 'sign-for'),
    day('mark-overdue', '2026-03-09', 'due-date'),
    day('overdue', '2026-02-01', 'due-date'),
    day('overdue', '2026-02-01', 'rectification'),
    // The time to hand back only lapses.
    deadline('miss', '2026-03-10T01:00:00.000Z', 'hand-back'),
    // The due moment itself, and the promised day itself, are still in time.
    deadline('miss', NOW, 'final-answer'),
    deadline('warn', '2026-03-11T10:00:00.000Z', 'final-answer'),
    day('mark-overdue', '2026-03-10', 'due-date'),
    deadline('recount', '2025', 'final-answer'),
    { about: 'standstill', next: 'stalled', at: '2026-01-01T00:00:00.000Z' },
  ])
  expect(await overdueDeadlines(views, Date.parse(NOW))).toEqual({
    'final-answer': 3,
    'sign-for': 2,
    'promise-due-date': 2,
    'promise-rectification': 1,
  })
})

test('of very many the rest is counted without saying what', async () => {
  await agenda(Array.from({ length: 2_500 }, () => deadline('remind', '2026-03-09', 'final-answer')))
  expect(await overdueDeadlines(views, Date.parse(NOW))).toEqual({ 'final-answer': 2_000, others: 500 })
})

test('where nothing is overdue there is nothing to count', async () => {
  await agenda([])
  expect(await overdueDeadlines(views, Date.parse(NOW))).toEqual({})
})
