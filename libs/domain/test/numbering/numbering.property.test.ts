import { evolveNumbering, initialNumbering, numberingCommands, numberingEventFormats } from '#domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextOf } from '../support/context.ts'
import { runSequence, steps } from '../support/sequence.ts'

const aggregate = {
  initial: initialNumbering,
  evolve: evolveNumbering,
  formats: numberingEventFormats,
  commands: numberingCommands,
}

test('no number is handed out twice, and a reservation asked for again reserves nothing', () => {
  fc.assert(
    fc.property(steps(5, 60), (seeds) => {
      const { events } = runSequence(aggregate, seeds, (_state, draw, step) => ({
        name: 'ReserveNumbers',
        body: { size: 1 + draw.below(1_000), reservation: `reservation-${step}` },
        context: contextOf(),
      }))
      expect(events).toHaveLength(seeds.length)
      let last = 0
      for (const { data } of events) {
        expect(data.from).toBe(last + 1)
        expect(data.to).toBeGreaterThanOrEqual(data.from)
        last = data.to
      }
    }),
  )
})
