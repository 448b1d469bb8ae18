import { evolveIntake, initialIntake, initialSettings, intakeCommands, intakeEventFormats, refusedRowOf } from '#domain'
import type { Intake } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextOf, person, policy } from '../support/context.ts'
import { runSequence, steps } from '../support/sequence.ts'
import type { Attempt, Draw } from '../support/sequence.ts'

const RUNS = 200
const DIGEST = 'a'.repeat(64)
const aggregate = {
  initial: initialIntake,
  evolve: evolveIntake,
  formats: intakeEventFormats,
  commands: intakeCommands,
}
const channel = { id: 'leaders-mailbox', name: '领导信箱', kind: 'message' as const, active: true }
const context = contextOf({
  actor: person('monitor', 'monitoring-centre'),
  settings: { ...initialSettings, channels: new Map([[channel.id, channel]]) },
})
const counts = { rows: 9, taken: 9, unchanged: 0, revised: 0, refused: 0, problem: null }
const start = { channelId: channel.id, source: 'file', origin: 'live', fileName: null, fileDigest: null, mapping: [] }

function next(state: Intake, draw: Draw, step: number): Attempt {
  const rows = Array.from({ length: 1 + draw.below(3) }, () => ({
    row: 1 + draw.below(state.lastRefusedRow + 5),
    code: 'TIME_INVALID',
    message: '时间无效',
    excerpt: null,
    original: `原文${step}`,
  }))
  const row = 1 + draw.below(Math.max(1, state.lastRefusedRow))
  const attempt = (refusedRowOf(state, row)?.attempts ?? 0) + 1
  const outcomes = Array.from({ length: 1 + draw.below(3) }, () => draw.pick(['taken', 'TIME_INVALID']))
  const outcome = draw.pick(['taken', 'unchanged', 'refused'])
  const [name, body] =
    state.status === 'none'
      ? (['StartImport', start] as const)
      : draw.pick<readonly [string, unknown]>([
          ['RecordRefusedRows', { rows }],
          ['RecordRefusedRows', { rows }],
          ['RecordRetry', { row, attempt, outcome, code: outcome === 'refused' ? 'ID_MISSING' : null }],
          ['DismissRefusedRow', { row, reason: '测试' }],
          ['RecordDelivery', { channelId: channel.id, delivery: `msg_${draw.below(9)}`, digest: DIGEST, outcomes }],
          draw.chance(10) ? ['FinishImport', counts] : ['StartImport', start],
        ])
  return { name, body, context: name === 'RecordDelivery' ? { ...context, actor: policy } : context }
}

test('a refused row is kept once, and is open until it is taken or dismissed, which happens once', () => {
  let closedInAll = 0
  fc.assert(
    fc.property(steps(20, 60), (seeds) => {
      const { events, state } = runSequence(aggregate, seeds, next)
      const open = new Set<number>()
      const closed = new Set<number>()
      for (const { type, data } of events) {
        if (type === 'RowsRefused') {
          for (const { row } of data.rows) {
            expect(open.has(row) || closed.has(row)).toBe(false)
            open.add(row)
          }
        }
        if (type === 'RefusedRowDismissed' || (type === 'RefusedRowRetried' && data.outcome !== 'refused')) {
          expect(open.delete(data.row)).toBe(true)
          closed.add(data.row)
        }
      }
      // Deliveries take up rows one after the other, none twice.
      const deliveries = events.flatMap(({ type, data }) => (type === 'DeliveryRecorded' ? [data] : []))
      let taken = 0
      for (const { firstRow, outcomes } of deliveries) {
        expect(firstRow).toBe(taken + 1)
        taken += outcomes.length
      }
      expect(new Set(deliveries.map(({ delivery }) => delivery)).size).toBe(deliveries.length)
      for (const row of open) expect(refusedRowOf(state, row)).toMatchObject({ status: 'open' })
      for (const row of closed) expect(refusedRowOf(state, row)).not.toMatchObject({ status: 'open' })
      closedInAll += closed.size
    }),
    { numRuns: RUNS },
  )
  expect(closedInAll).toBeGreaterThan(RUNS)
})
