import { z } from 'zod'
import type { CommandContext, CommandDefinition } from '../kernel/command.ts'
import { accept, nothing, refuse } from '../kernel/decision.ts'
import type { Decision } from '../kernel/decision.ts'
import { watchDayAt, weekOf } from './days.ts'
import { watchEventFormats } from './events.ts'
import type { WatchEvent } from './events.ts'
import type { Watch } from './state.ts'

type Definition<Schema extends z.ZodType> = CommandDefinition<Schema, Watch, WatchEvent, CommandContext>

const drawn = watchEventFormats.WatchListDrawn.schema
/** The list of a department and day, once, on that day: what a later day would put into it was not known then. */
const drawWatchList: Definition<typeof drawn> = {
  schema: drawn,
  by: ['policy'],
  decide: (data, state, context) => {
    if (state.drawn) return nothing()
    const today = watchDayAt(context.now, context.settings)
    if (data.date !== today) return refuse('WATCH_LIST_NOT_DUE', today)
    return refuseInactive(data.department, context) ?? accept({ type: 'WatchListDrawn', data })
  },
}

const given = watchEventFormats.WeeklyReminderGiven.schema
/** Once a week, on its first working day or, where nothing ran then, on a later one. */
const giveWeeklyReminder: Definition<typeof given> = {
  schema: given,
  by: ['policy'],
  decide: (data, state, context) => {
    if (state.reminded) return nothing()
    const today = watchDayAt(context.now, context.settings)
    const week = today === null ? null : weekOf(today, context.settings.calendar)
    if (week === null || data.from !== week.firstWorking || data.to !== week.sunday) {
      return refuse('WATCH_LIST_NOT_DUE', today)
    }
    return refuseInactive(data.department, context) ?? accept({ type: 'WeeklyReminderGiven', data })
  },
}

function refuseInactive(department: string, { settings }: CommandContext): Decision<WatchEvent> | null {
  return settings.departments.get(department)?.active === true ? null : refuse('UNKNOWN_DEPARTMENT', department)
}

/** What the clock tells departments of. */
export const watchCommands = { DrawWatchList: drawWatchList, GiveWeeklyReminder: giveWeeklyReminder }
