import { watchEventFormats as events } from '#domain'
import { z } from 'zod'
import { caseDocument } from './case.ts'
import { commitmentDocument } from './commitment.ts'
import { instant, visibleTo } from './values.ts'

/** 日监测、周提醒: what a department was told on a day, as references. */
export const watchDocument = z
  .strictObject({
    id: z.string(),
    department: z.string(),
    date: z.iso.date(),
    list: events.WatchListDrawn.schema
      .omit({ department: true, date: true })
      .extend({ drawnAt: instant })
      .nullable()
      .describe('What was due, overdue and waiting on that morning.'),
    week: events.WeeklyReminderGiven.schema
      .omit({ department: true, from: true })
      .extend({ givenAt: instant })
      .nullable()
      .describe('With the list of the first working day of a week.'),
    visibleTo,
  })
  .meta({ id: 'WatchList' })

/** A list, with what it names as that stands now. */
export const watchAnswer = z
  .strictObject({ list: watchDocument, cases: z.array(caseDocument), commitments: z.array(commitmentDocument) })
  .meta({ id: 'WatchListPage' })
