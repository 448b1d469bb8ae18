import { z } from 'zod'

/** The State Council's yearly notice: which days are off and which weekend days are worked. It governs the days it lists, whatever their year. */
export const holidayNotice = z.strictObject({
  /** The year it is the notice for; with it the calendar knows that year. */
  year: z.number().int().min(1949).max(2200),
  /** Its document number or address. */
  source: z.string().min(1).max(300),
  days: z
    .array(z.strictObject({ date: z.iso.date(), name: z.string().min(1).max(100), off: z.boolean() }))
    .min(1)
    .max(200),
})
export type HolidayNotice = z.infer<typeof holidayNotice>
