import type { Life } from '../play/step.ts'
import { promised, promisingAffair } from './answering.ts'
import type { Cast } from './cast.ts'
import { promisedDay } from './due.ts'

/** Promises on which somebody waits when the demo's time has come to its end. */

/** Reported as done; a verifier is to look. */
export function* reportedFulfilment(cast: Cast): Life {
  const pledge = yield* promised(promisingAffair(cast), { day: promisedDay(cast.pace.date, 30) })
  cast.pace.days(2)
  yield* pledge.report()
}

/** A page is reported that the machine leaves to a person. */
export function* reportedPage(cast: Cast): Life {
  const pledge = yield* promised(promisingAffair(cast), { day: promisedDay(cast.pace.date, 30) })
  cast.pace.days(2)
  yield* pledge.progress()
  cast.pace.minutes(20, 60)
  yield* pledge.showAt(pledge.address, `${pledge.outcome.action}进展通报：已过半。`)
}
