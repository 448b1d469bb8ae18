import type { Life } from '../play/step.ts'
import type { Cast } from './cast.ts'
import * as closing from './closing.ts'
import * as desk from './desk.ts'
import * as deskPromises from './desk-promises.ts'
import { notAcceptedLives, transferredLives } from './endings.ts'
import * as joined from './joined.ts'
import * as messages from './messages.ts'
import * as opinions from './other-opinions.ts'
import * as oversight from './oversight.ts'
import * as pages from './pages.ts'
import * as projects from './projects.ts'
import * as promises from './promises.ts'
import * as reports from './reports.ts'
import * as routing from './routing.ts'
import { waterEvent } from './water-event.ts'

/** One kind of life: how many are lived, and when they begin. */
export interface Role {
  name: string
  life: (cast: Cast) => Life
  /** Of 300 items; 'once' however many there are. */
  count: number | 'once'
  /** How many items one of them brings. */
  items: number
  /** Working days before the end, at most and at least, on which it begins. */
  begins: readonly [earliest: number, latest: number]
}

/** Working days that the demo tells of, but for the first. */
const ALL = 58
const LONG = [ALL, 44] as const
const MIDDLE = [ALL, 26] as const
const ANY = [ALL, 8] as const
/** Of what has days of its own, told by the life itself. */
const FROM_THE_START = [60, 60] as const

/**
 * Every kind of life that the domain knows of. The counts are of a county with 300 items; in a smaller one each is there at
 * least once, and what fills it up are plain messages, answered in time.
 */
export function programme(posts: number): Role[] {
  return [
    ...of(messages, {
      simple: [8, ANY],
      onTheSpot: [8, ANY],
      answeredAtCounter: [2, ANY],
      late: [6, MIDDLE],
      extended: [4, MIDDLE],
      suspended: [2, MIDDLE],
      supplemented: [3, ANY],
      revised: [2, ANY],
      inStages: [3, MIDDLE],
      forwarded: [3, ANY],
      siteCorrected: [4, ANY],
      thanked: [2, ANY],
      inPrivate: [2, ANY],
    }),
    ...of(routing, {
      handedBack: [5, ANY],
      handBackRefused: [3, ANY],
      decided: [1, MIDDLE],
      rerouted: [2, ANY],
      assisted: [3, ANY],
    }),
    ...of(closing, { reopened: [3, MIDDLE], reworked: [2, MIDDLE], corrected: [2, ANY], returnedDraft: [3, ANY] }),
    ...of(oversight, { supervised: [2, MIDDLE], instructed: [2, ANY] }),
    ...of(promises, {
      kept: [12, LONG],
      keptForCitizen: [3, MIDDLE],
      keptLate: [3, LONG],
      overdue: [3, MIDDLE],
      stalled: [3, MIDDLE],
      partlyKept: [2, LONG],
      rectificationOverdue: [1, MIDDLE],
      broken: [2, LONG],
      rejected: [2, LONG],
      withdrawn: [1, MIDDLE],
      revisedDay: [2, LONG],
      exempted: [1, MIDDLE],
      ongoing: [2, LONG],
      inMilestones: [2, MIDDLE],
      superseded: [1, MIDDLE],
      notLasting: [1, LONG],
      pageGone: [1, LONG],
      affirmed: [1, MIDDLE],
    }),
    ...(['ten-days', 'month', 'quarter', 'half-year', 'year'] as const).map((precision) =>
      role(`waiting-${precision}`, promises.waiting(precision), 2, [30, 10]),
    ),
    ...(['none', 'condition', 'after-event'] as const).map((kind) =>
      role(`undated-${kind}`, promises.undated(kind), 1, MIDDLE),
    ),
    role('livelihood-projects', projects.livelihoodProjects, 'once', LONG, 0),
    role('on-visit', projects.onVisit, 'once', LONG, 0),
    ...Object.entries(pages).map(([name, life]) => role(name, life, 1, MIDDLE)),
    ...notAcceptedLives.map((life, at) => role(`not-accepted-${at}`, life, 1, ANY)),
    ...transferredLives.map((life, at) => role(`transferred-${at}`, life, 1, ANY)),
    ...reports.reportLives.map((life, at) => role(`report-${at}`, life, 1, ANY)),
    ...of(reports, { turnedReport: [1, ANY], featuredReport: [1, ANY], unfeatured: [1, MIDDLE] }),
    ...reports.sensitiveLives.map((life, at) => role(`sensitive-${at}`, life, 1, ANY)),
    role('joined-2', joined.joinedWith(2), 1, ANY, 3),
    role('joined-3', joined.joinedWith(3), 1, ANY, 4),
    role('joined-5', joined.joinedWith(5), 1, ANY, 6),
    role('separated', joined.separatedAndLate, 1, ANY, 4),
    role('duplicated', joined.duplicated, 1, ANY, 2),
    role('water', waterEvent(posts), 'once', FROM_THE_START, posts),
    role('market', opinions.marketEvent, 'once', FROM_THE_START, 5),
    role('outer-wall', opinions.thisMorning, 'once', FROM_THE_START, 1),
    role('stray', opinions.stray, 5, [20, 0]),
    role('quarantined', opinions.quarantined, 1, MIDDLE),
    role('erased', opinions.erased, 1, MIDDLE),
    ...of(desk, {
      untouched: [5, [0, 0]],
      triaged: [2, [1, 1]],
      routed: [2, [1, 1]],
      unsigned: [1, [4, 4]],
      signed: [3, [3, 1]],
      handingBack: [1, [2, 2]],
      drafted: [2, [3, 2]],
      submitted: [2, [3, 2]],
      returned: [1, [3, 2]],
      approved: [1, [4, 3]],
      completionSubmitted: [2, [6, 5]],
      completionReturned: [1, [6, 5]],
      unanswered: [2, [14, 10]],
      stillSuspended: [1, [5, 4]],
      waitingForSupplement: [1, [3, 2]],
      waitingForAssist: [1, [2, 2]],
      underSupervision: [1, [5, 4]],
      supervisionAnswered: [1, [6, 5]],
      underInstruction: [1, [3, 2]],
    }),
    ...of(deskPromises, { reportedFulfilment: [1, [9, 8]], reportedPage: [1, [9, 8]] }),
  ]
}

/** What fills up the rest. */
export const plainly: Role = role('plain', messages.plain, 0, [ALL, 4])

function role(name: string, life: Role['life'], count: Role['count'], begins: Role['begins'], items = 1): Role {
  return { name, life, count, items, begins }
}

type Lives = Readonly<Record<string, unknown>>

/** Of a module's lives those that are named, with how many and when. */
function of<Module extends Lives>(
  lives: Module,
  counts: { readonly [Name in keyof Module]?: readonly [count: number, begins: Role['begins']] },
): Role[] {
  return Object.entries(counts as Record<string, readonly [number, Role['begins']]>).map(([name, [count, begins]]) =>
    role(name, lives[name] as Role['life'], count, begins),
  )
}
