import { deadlinePurpose } from '#calendar'
import { z } from 'zod'
import { overdueMatter } from '../commitment/events.ts'
import { format } from '../kernel/events.ts'
import type { EventsOf } from '../kernel/events.ts'
import { countNumber, departmentId, instant, localDate, uuid } from '../kernel/values.ts'

/** Stream: `watch-{department}-{date}`: what lay before a department on the morning of a working day. */
export const watchStream = (id: string): string => `watch-${id}`

/** `{department}-{date}` */
export const watchIdOf = (department: string, date: string): string => `${department}-${date}`

/** Of each section so many are named; the others are counted. */
export const WATCH_ENTRIES_MAX = 200

// ── Events: these are storage formats. Never change one; add a version and an upcaster. ──

/** References only: what is written about is read where it stands, by whoever may read it then. */
function section<Entry extends z.ZodType>(entry: Entry) {
  return z.strictObject({
    /** All there were; at most 10,000 are counted. */
    total: countNumber,
    entries: z.array(entry).max(WATCH_ENTRIES_MAX),
  })
}

export const watchedDeadline = z.strictObject({
  caseId: uuid,
  deadlineId: uuid,
  purpose: deadlinePurpose,
  due: instant,
})
export type WatchedDeadline = z.infer<typeof watchedDeadline>

export const watchedPromise = z.strictObject({ commitmentId: uuid, matter: overdueMatter, due: localDate })
export type WatchedPromise = z.infer<typeof watchedPromise>

export const watchSections = z.strictObject({
  /** Not signed for yet; the longest waiting first. */
  toSign: section(z.strictObject({ caseId: uuid, routedAt: instant })),
  dueToday: section(watchedDeadline),
  overdue: section(watchedDeadline),
  promisesDue: section(watchedPromise),
  promisesOverdue: section(watchedPromise),
  promisesStalled: section(z.strictObject({ commitmentId: uuid, lastMovementAt: instant })),
  /** 回头看: done by somebody of another department. */
  rechecksDue: section(z.strictObject({ commitmentId: uuid, recheck: countNumber.min(1), dueOn: localDate })),
})
export type WatchSections = z.infer<typeof watchSections>

export const watchEventFormats = {
  /** 日监测 */
  WatchListDrawn: format(z.strictObject({ department: departmentId, date: localDate, ...watchSections.shape })),
  /** 周提醒, in the stream of the week's first working day. */
  WeeklyReminderGiven: format(
    z.strictObject({
      department: departmentId,
      /** The first working day, and the Sunday, of the week. */
      from: localDate,
      to: localDate,
      /** By the end of the week, with what is overdue already. */
      deadlinesDue: section(watchedDeadline),
      promisesDue: section(watchedPromise),
    }),
  ),
}

export type WatchEvent = EventsOf<typeof watchEventFormats>
