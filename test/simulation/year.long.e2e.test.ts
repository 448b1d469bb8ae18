import { expect, test } from 'vitest'
import { judge } from './oracle.ts'
import { digestOf, firstDifference } from './told-history.ts'
import { Year } from './year.ts'

/** `npm run test:simulation` asks for more; a seed that failed is given again by HUIYING_SIMULATION_SEED. */
const SEED = Number(process.env['HUIYING_SIMULATION_SEED'] ?? Date.now() % 1_000_000)
const YEARS = Number(process.env['HUIYING_SIMULATION_YEARS'] ?? 1)
const MESSAGES = Number(process.env['HUIYING_SIMULATION_MESSAGES'] ?? 16)
const YEAR_MS_MAX = 240_000

for (let seed = SEED; seed < SEED + YEARS; seed += 1) {
  test(
    `a year of an invented county, told twice, once in peace and once disturbed (seed ${seed})`,
    { timeout: YEAR_MS_MAX * 2 },
    async () => {
      const year = { seed, days: 365, messages: MESSAGES }
      const told = await Year.tell({ ...year, disturbances: null })
      expect(told.faults).toEqual([])
      const { faults, seen } = judge(told)
      expect(faults).toEqual([])
      // Every way in which a deadline ends, and most that can become of a promise, lies within the year.
      for (const kind of [
        'DeadlineMet',
        'DeadlineMissed',
        'DeadlineLapsed',
        'warned',
        'reminders',
        'history',
        'CommitmentStalled',
      ]) {
        expect([kind, (seen[kind] ?? 0) > 0]).toEqual([kind, true])
      }

      const again = await Year.tell({ ...year, disturbances: seed })
      expect(again.faults).toEqual([])
      expect(firstDifference(again.history, told.history)).toBeNull()
      console.info(
        `seed ${seed}: ${told.events.length} events, history ${digestOf(told.history).slice(0, 12)}, ${JSON.stringify(seen)}`,
      )
    },
  )
}
