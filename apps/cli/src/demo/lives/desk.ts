import { someoneWith } from '../county/people.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import { answered, taken } from './answering.ts'
import { promising } from './cast.ts'
import type { Saved } from './casework.ts'
import type { Cast } from './cast.ts'
import { suspend } from './messages.ts'
import { answerSupervision, instructNow, superviseNow } from './oversight.ts'
import { askAssist, handBack } from './routing.ts'

/** What lies on the desks when the demo's time has come to its end: one unfinished thing of every kind. */

function someones(cast: Cast): Affair {
  return cast.affair({ of: promising, channel: 'hotline-12345' })
}

export function* untouched(cast: Cast): Life {
  yield* cast.affair().arrive()
}

export function* triaged(cast: Cast): Life {
  const affair = cast.affair()
  yield* affair.arrive()
  cast.pace.minutes(5, 40)
  yield* affair.triage()
}

export function* routed(cast: Cast): Life {
  const affair = cast.affair()
  yield* affair.arrive()
  cast.pace.minutes(5, 40)
  yield* affair.triage()
  cast.pace.minutes(5, 20)
  yield* affair.route()
}

export function* signed(cast: Cast): Life {
  yield* taken(cast.affair())
}

export function* handingBack(cast: Cast): Life {
  const affair = someones(cast)
  yield* affair.arrive()
  cast.pace.minutes(5, 40)
  yield* affair.triage()
  const { department, mistakenFor } = affair.happening.matter
  yield* handBack(affair, mistakenFor, department)
}

function* drafting(cast: Cast): Life<{ affair: Affair; saved: Saved }> {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.minutes(60, 120)
  return { affair, saved: yield* affair.draft(affair.content(affair.happening.answer)) }
}

export function* drafted(cast: Cast): Life {
  yield* drafting(cast)
}

export function* submitted(cast: Cast): Life {
  const { affair, saved } = yield* drafting(cast)
  cast.pace.minutes(5, 20)
  yield* affair.submit(saved)
}

export function* returned(cast: Cast): Life {
  const { affair, saved } = yield* drafting(cast)
  cast.pace.minutes(5, 20)
  yield* affair.submit(saved)
  cast.pace.minutes(10, 40)
  yield* affair.act(affair.reviewer, 'ReturnResponse', { ...saved, why: '请写明完成时间和责任人' })
}

/** Approved by everybody, and not yet published. */
export function* approved(cast: Cast): Life {
  const { affair, saved } = yield* drafting(cast)
  cast.pace.minutes(5, 20)
  const levels = yield* affair.submit(saved)
  yield* affair.approve(saved, levels)
}

/** 申请办结, waiting for the coordinator. */
export function* completionSubmitted(cast: Cast): Life {
  yield* askedToComplete(cast)
}

export function* completionReturned(cast: Cast): Life {
  const { affair, completionId } = yield* askedToComplete(cast)
  cast.pace.minutes(20, 60)
  yield* affair.act(someoneWith('coordinator'), 'ReturnForRework', { completionId, why: '请补充现场照片' })
}

function* askedToComplete(cast: Cast): Life<{ affair: Affair; completionId: string }> {
  const affair = someones(cast)
  yield* answered(affair)
  cast.pace.minutes(20, 60)
  return { affair, completionId: yield* affair.askToComplete() }
}

/** The day passed, and nobody has answered. */
export function* unanswered(cast: Cast): Life {
  yield* taken(someones(cast))
}

/** Routed, and nobody has signed in time. */
export function* unsigned(cast: Cast): Life {
  yield* routed(cast)
}

export function* stillSuspended(cast: Cast): Life {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.days(1)
  yield* suspend(affair)
}

export function* waitingForSupplement(cast: Cast): Life {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.minutes(20, 60)
  yield* affair.act(affair.officer, 'RequestSupplement', { what: '请提供购房合同复印件', due: affair.pace.dueIn(5) })
}

export function* waitingForAssist(cast: Cast): Life {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.minutes(20, 60)
  yield* askAssist(affair, affair.happening.matter.mistakenFor)
}

export function* underSupervision(cast: Cast): Life {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.days(1)
  yield* superviseNow(affair)
}

/** Answered by its department, not yet closed by who supervises. */
export function* supervisionAnswered(cast: Cast): Life {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.days(1)
  const supervisionId = yield* superviseNow(affair)
  cast.pace.days(1)
  yield* answerSupervision(affair, supervisionId)
}

export function* underInstruction(cast: Cast): Life {
  const affair = someones(cast)
  yield* taken(affair)
  cast.pace.minutes(60, 120)
  yield* instructNow(affair)
}
