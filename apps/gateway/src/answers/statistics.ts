import { z } from 'zod'
import { count } from './values.ts'

const caseCounts = { received: count, answered: count, answeredInTime: count }
const groups = z.record(z.string(), z.strictObject(caseCounts)).describe('`-`: none is known.')

/** 留言办理统计. */
export const statisticsAnswer = z
  .strictObject({
    ...caseCounts,
    byNorm: groups,
    byChannel: groups,
    byDepartment: groups,
    commitments: z.strictObject({
      made: count,
      open: count,
      overdue: count,
      settled: count,
      broken: count,
      withdrawn: count,
    }),
  })
  .meta({ id: 'Statistics' })
