import type { PromiseTerms } from '#domain'
import { staffOf } from '../county/people.ts'
import type { Life } from '../play/step.ts'
import type { Affair } from './affair.ts'
import type { Answer, Published } from './casework.ts'
import type { Cast } from './cast.ts'
import { promising } from './cast.ts'
import type { PromisedDay } from './due.ts'
import { Pledge } from './pledge.ts'

/** Working days that are left for drafting where the county's own norm gives few. */
const DAYS_FOR_DRAFTING: Partial<Record<Affair['channel'], number>> = {
  'site-corrections': 0,
  'interaction-platform': 1,
  'governor-suggestions': 1,
}

/** 受理告知, by the office that takes messages in. */
export function* acknowledge(affair: Affair): Life {
  const [by] = staffOf('open-government', 'monitor')
  const content = affair.content('我们已受理，并转有关单位办理，结果将在规定时限内答复您。', {
    kind: 'acknowledgement',
    means: 'private-message',
  })
  yield* affair.respond(content, by)
}

/** From its arrival until its department has it; those who write to the leaders are told so. */
export function* taken(affair: Affair, triage: object = {}): Life {
  yield* affair.arrive()
  affair.pace.minutes(8, 90)
  yield* affair.triage({ ...triage })
  if (affair.channel === 'leaders-mailbox') {
    affair.pace.minutes(3, 15)
    yield* acknowledge(affair)
  }
  affair.pace.minutes(2, 12)
  yield* affair.route()
  affair.pace.minutes(20, 120)
  yield* affair.sign()
}

/** Time to look into it, and to write. */
export function lookInto(affair: Affair): void {
  const daysMax = DAYS_FOR_DRAFTING[affair.channel] ?? 2
  if (daysMax > 0) affair.pace.days(1, daysMax)
  else affair.pace.minutes(30, 90)
}

/** Answered in public, in time. */
export function* answered(
  affair: Affair,
  said = affair.happening.answer,
  changes: Partial<Answer> = {},
): Life<Published> {
  yield* taken(affair)
  lookInto(affair)
  return yield* affair.respond(affair.content(said, changes))
}

/** Closed, and what its asker says of it. */
export function* closed(affair: Affair): Life {
  const { pace, random } = affair
  pace.days(1, 2)
  yield* affair.complete(random.pick(['substantiated', 'substantiated', 'partly-substantiated', 'not-applicable']))
  if (random.chance(60)) {
    pace.days(1, 2)
    yield* affair.callBack(random.pick(['yes', 'yes', 'yes', 'partly', null]))
  }
  if (random.chance(70)) {
    pace.minutes(30, 600)
    const words = random.pick(['satisfied', 'satisfied', 'basically-satisfied'])
    yield* affair.rate(random.chance(50) ? { scale: 'stars', stars: random.between(4, 5) } : { scale: 'words', words })
  }
}

export interface Promising {
  /** What is promised; by default that it is done on a day. */
  day?: PromisedDay
  terms?: Partial<PromiseTerms>
  /** In place of the matter's own sentence. */
  quote?: string
}

/** Answered with a promise; the promise as it was recorded. */
export function* promised(affair: Affair, { day, terms = {}, quote }: Promising): Life<Pledge> {
  yield* taken(affair)
  lookInto(affair)
  const { happening } = affair
  const sentence = quote ?? happening.quote(day?.words ?? '')
  const due = terms.due ?? day!.due
  const content = affair.content(`${happening.answer}${sentence}。办理结果在县政府网站公开。`, {
    marks: [happening.mark('promise', sentence, due, terms)],
  })
  yield* affair.respond(content)
  affair.pace.minutes(5, 10)
  const { commitments } = yield* affair.look()
  const { name, pace, officer, random } = affair
  const verifier = random.pick(staffOf('supervision', 'verifier'))
  return new Pledge({ id: commitments[0]!.id, name, pace, outcome: happening.outcome!, officer, verifier })
}

/** Somebody's message about what can be promised. */
export function promisingAffair(cast: Cast): Affair {
  return cast.affair({ of: promising })
}
