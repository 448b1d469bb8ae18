import { errorCode } from '#domain'
import { z } from 'zod'
import { fileProblem } from './lists.ts'
import { count, instant } from './values.ts'

const counts = z.strictObject({ rows: count, taken: count, unchanged: count, revised: count, refused: count })

/** An import on its way, or what became of it. */
export const importAnswer = z
  .strictObject({
    run: z.string(),
    channel: z.string(),
    fileName: z.string().nullable(),
    dryRun: z.boolean(),
    state: z
      .enum(['waiting', 'running', 'finished', 'refused', 'interrupted'])
      .describe(
        '`refused`: the file as a whole cannot be read, and `problem` says why. `interrupted`: it broke off; what was read is taken, and importing the file again does the rest.',
      ),
    startedAt: instant,
    finishedAt: instant.nullable(),
    progress: z.strictObject({ bytesRead: count, bytesTotal: count }).nullable(),
    counts: counts.nullable(),
    refusals: z
      .array(z.strictObject({ row: count, code: errorCode, message: z.string() }))
      .max(1_000)
      .nullable()
      .describe('The first 1,000; null where they are no longer remembered here: all are among the refused rows.'),
    sheet: z.string().nullable().describe('Of a workbook: the one that was read.'),
    columns: z
      .strictObject({
        used: z.array(z.strictObject({ column: z.string(), field: z.string() })),
        ignored: z.array(z.string()),
      })
      .nullable(),
    problem: fileProblem.nullable(),
    token: z.string().nullable().describe('Reads that are given it show what was imported.'),
  })
  .meta({ id: 'Import' })
