import type { CaseAnswer } from '#application'
import type { MadeCommitment } from '#domain'
import type { Accepted, Given, Stage } from './stage.ts'

/** One thing in a life, at its moment. */
export interface Step {
  atMs: number
  /** Something follows from it by itself, which is waited for; no two such steps are done together. */
  hasConsequences: boolean
  /** On the stage; throws a `DemoFault`. */
  run: (stage: Stage) => Promise<void>
}

/** What happens to a case or a promise, step by step. It waits at each until it has been done. */
export type Life<Result = void> = Generator<Step, Result, undefined>

/** Commands from which something follows by itself, or that take the next number of something. */
const WITH_CONSEQUENCES = new Set([
  'ReceiveItem',
  'RegisterItem',
  'OpenOpinionCase',
  'AttachItem',
  'DetachItem',
  'EraseItem',
  'QuarantineItem',
  'JoinCase',
  'SeparateCase',
  'PublishResponse',
  'AnswerByLead',
  'VerifyFulfilment',
  'VerifyPublication',
  'ExemptPublication',
])

/** Somebody gives a command, which must be accepted. */
export function give(atMs: number, given: Given): Life<Accepted> {
  return step(atMs, WITH_CONSEQUENCES.has(given.command), (stage) => stage.give(given))
}

/** Somebody opens the page of a case, which shows all that was done before. */
export function look(atMs: number, caseId: string): Life<CaseAnswer> {
  return step(atMs, true, (stage) => stage.look(caseId))
}

/** Somebody looks how a promise stands. */
export function lookAtPromise(atMs: number, id: string): Life<MadeCommitment> {
  return step(atMs, false, (stage) => stage.promise(id))
}

/** Something outside the system happens, such as that a page is put on a site. */
export function happen(atMs: number, what: (stage: Stage) => void): Life {
  return step(atMs, false, (stage) => Promise.resolve(what(stage)))
}

/** Something else is done with the system, beside nothing that has consequences. */
export function call(atMs: number, work: (stage: Stage) => Promise<void>): Life {
  return step(atMs, true, work)
}

function* step<Result>(atMs: number, hasConsequences: boolean, work: (stage: Stage) => Promise<Result>): Life<Result> {
  const done: { result: Result }[] = []
  yield {
    atMs,
    hasConsequences,
    run: async (stage) => {
      done.push({ result: await work(stage) })
    },
  }
  return done[0]!.result
}

/** What an event of that type, written by a command, says. Throws where there is none. */
export function dataOf<Data = Record<string, string>>(outcome: Accepted, type: string): Data {
  const event = outcome.events.find((event) => event.type === type)
  if (!event) throw new Error(`no ${type} was written`)
  return event.data as Data
}
