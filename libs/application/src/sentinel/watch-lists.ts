import { daysAfter, WATCH_ENTRIES_MAX, watchIdOf, weekOf } from '#domain'
import type { Department, WatchSections } from '#domain'
import type { ReadStore, Where } from '#read-store'
import { endOfBusinessDay } from '../business-day.ts'
import { RUNNING } from '../projections/casework/agenda.ts'
import type { AgendaDocument, AgendaStep } from '../projections/casework/agenda.ts'
import type { WatchDocument } from '../projections/watch.ts'
import type { Giver } from './giver.ts'
import { inParallel } from './in-parallel.ts'
import type { Moment } from './moment.ts'
import type { Tally } from './report.ts'

const PAGE_SIZE = 200
/** Departments served in one tick. */
const DEPARTMENTS_MAX = 50
/** Of these at once: each list goes to a stream of its own. */
const CONCURRENCY_MAX = 16

const policy = {
  name: 'draw-watch-lists',
  // The day ended, or the department was deactivated, meanwhile.
  expectedRefusals: new Set(['WATCH_LIST_NOT_DUE', 'UNKNOWN_DEPARTMENT']),
}

/** 日监测、周提醒: tells each department on the morning of a working day what lies before it, and once a week what the week brings. */
export class WatchLists {
  readonly #views: ReadStore
  readonly #giver: Giver
  /** All have theirs of this day. */
  #done: { day: string; departments: ReadonlyMap<string, Department> } | null = null

  constructor(views: ReadStore, giver: Giver) {
    this.#views = views
    this.#giver = giver
  }

  /** Draws what is due and not yet drawn, for at most 50 departments; whether there are more. */
  async draw(moment: Moment, tally: Tally): Promise<boolean> {
    const { watchDay: day, settings } = moment
    const { departments } = settings
    if (day === null || (this.#done?.day === day && this.#done.departments === departments)) return false
    const { firstWorking, sunday } = weekOf(day, settings.calendar)
    const drawn = await this.#departmentsOf(day, ({ list }) => list !== null)
    const reminded =
      firstWorking === null ? drawn : await this.#departmentsOf(firstWorking, ({ week }) => week !== null)
    const waiting = [...departments.values()]
      .filter(({ id, active }) => active && !(drawn.has(id) && reminded.has(id)))
      .map(({ id }) => id)
      .sort()
    let failed = false
    await inParallel(waiting.slice(0, DEPARTMENTS_MAX), CONCURRENCY_MAX, async (department) => {
      const isDrawn = drawn.has(department) || (await this.#drawList(department, day, moment, tally))
      const week = firstWorking === null ? null : { from: firstWorking, to: sunday }
      const isReminded = week === null || reminded.has(department) || (await this.#remind(department, week, tally))
      failed ||= !isDrawn || !isReminded
    })
    // What failed is tried again with the next tick, and not at once.
    if (failed) return false
    if (waiting.length > DEPARTMENTS_MAX) return true
    this.#done = { day, departments }
    return false
  }

  async #drawList(department: string, date: string, moment: Moment, tally: Tally): Promise<boolean> {
    const today = endOfBusinessDay(date)
    const promisesUntil = daysAfter(date, moment.settings.reminders.promiseDaysBefore)
    const section = this.#sectionsOf(department)
    const sections: WatchSections = {
      toSign: await section(['sign'], null, ({ subject, due }) => ({ caseId: subject, routedAt: due })),
      dueToday: await section(RUNNING, today, watchedDeadline),
      overdue: await section(['remind'], null, watchedDeadline),
      promisesDue: await section(['mark-overdue'], promisesUntil, watchedPromise),
      promisesOverdue: await section(['overdue'], null, watchedPromise),
      promisesStalled: await section(['stalled'], null, ({ subject, due }) => ({
        commitmentId: subject,
        lastMovementAt: due,
      })),
      rechecksDue: await section(['recheck'], date, (entry) => ({
        commitmentId: entry.subject,
        recheck: entry.about === 'recheck' ? entry.recheck : 1,
        dueOn: entry.due,
      })),
    }
    return await this.#give('DrawWatchList', department, date, { department, date, ...sections }, tally)
  }

  async #remind(department: string, week: { from: string; to: string }, tally: Tally): Promise<boolean> {
    const section = this.#sectionsOf(department)
    const payload = {
      department,
      ...week,
      deadlinesDue: await section([...RUNNING, 'remind'], endOfBusinessDay(week.to), watchedDeadline),
      promisesDue: await section(['mark-overdue', 'overdue'], week.to, watchedPromise),
    }
    return await this.#give('GiveWeeklyReminder', department, week.from, payload, tally)
  }

  /** The day is the cause: whoever draws the list of a department and day gives the same command. */
  async #give(command: string, department: string, date: string, payload: object, tally: Tally): Promise<boolean> {
    const day = `day-${date}`
    const consequence = { command, target: watchIdOf(department, date), payload }
    return await this.#giver.give(policy, { eventId: day, correlationId: day }, consequence, tally)
  }

  /** Reads a section of a department's agenda: entries of these steps that are due by then, the longest due first. */
  #sectionsOf(department: string) {
    return async <Entry>(next: AgendaStep[], until: string | null, entryOf: (entry: AgendaDocument) => Entry) => {
      const where: Where = {
        departments: { has: department },
        next: { in: next },
        ...(until !== null && { due: { lte: until } }),
      }
      const { documents, next: further } = await this.#views.query('agenda', {
        where,
        sort: { field: 'due', direction: 'ascending' },
        limit: WATCH_ENTRIES_MAX,
        reader: 'system',
      })
      const total =
        further === null ? documents.length : (await this.#views.count('agenda', { where, reader: 'system' })).count
      return { total, entries: (documents as AgendaDocument[]).map(entryOf) }
    }
  }

  async #departmentsOf(date: string, has: (document: WatchDocument) => boolean): Promise<Set<string>> {
    const departments = new Set<string>()
    let cursor: string | null = null
    do {
      const page = await this.#views.query('watch-lists', {
        where: { date: { gte: date, lte: date } },
        sort: { field: 'date', direction: 'ascending' },
        limit: PAGE_SIZE,
        cursor,
        reader: 'system',
      })
      for (const document of page.documents as WatchDocument[]) if (has(document)) departments.add(document.department)
      cursor = page.next
    } while (cursor !== null)
    return departments
  }
}

function watchedDeadline(entry: AgendaDocument) {
  if (entry.about !== 'deadline') throw new Error(`${entry.id} is no deadline`)
  const { id, purpose, due } = entry.deadline
  return { caseId: entry.subject, deadlineId: id, purpose, due }
}

function watchedPromise(entry: AgendaDocument) {
  if (entry.about !== 'day') throw new Error(`${entry.id} is no day of a promise`)
  return { commitmentId: entry.subject, matter: entry.matter, due: entry.due }
}
