import { hash } from 'node:crypto'
import type { NewsReason } from '#domain'
import { someoneWith } from '../county/people.ts'
import type { Person } from '../county/people.ts'
import { HOST } from '../county/pages.ts'
import { DemoFault } from '../fault.ts'
import type { Pace } from '../play/pace.ts'
import { dataOf, give, happen, lookAtPromise } from '../play/step.ts'
import type { Accepted } from '../play/stage.ts'
import type { Life } from '../play/step.ts'
import type { Outcome } from '../matters/happening.ts'

export interface PledgeParts {
  id: string
  /** Unlike that of every other. */
  name: string
  pace: Pace
  outcome: Outcome
  /** Of the department that answers for it. */
  officer: Person
  verifier: Person
}

/** A promise that was made, and what people do about it. */
export class Pledge {
  readonly id: string
  readonly pace: Pace
  readonly outcome: Outcome
  readonly officer: Person
  readonly verifier: Person
  readonly #name: string

  constructor({ id, name, pace, outcome, officer, verifier }: PledgeParts) {
    this.id = id
    this.pace = pace
    this.outcome = outcome
    this.officer = officer
    this.verifier = verifier
    this.#name = name
  }

  /** Where the county says that it was kept. */
  get address(): string {
    return `https://${HOST}/chengnuo/${this.#name}.html`
  }

  /** Gives a command for the promise, now. */
  *act(by: Person, command: string, payload: object = {}): Life<Accepted> {
    return yield* give(this.pace.nowMs, { by, command, target: this.id, payload })
  }

  *progress(statement = this.outcome.progress): Life {
    yield* this.act(this.officer, 'ReportProgress', { statement, evidence: [] })
  }

  /** The number of the report. */
  *report(statement = this.outcome.done): Life<number> {
    const reported = yield* this.act(this.officer, 'ReportFulfilment', { statement, evidence: [] })
    return dataOf<{ report: number }>(reported, 'FulfilmentReported').report
  }

  *reject(report: number, reason: string): Life {
    yield* this.act(this.verifier, 'RejectFulfilment', { report, reason })
  }

  *verify(
    report: number,
    degree: 'complete' | 'partial' | 'none' = 'complete',
    statement = '现场核查，与报告一致。',
    method: 'site-visit' | 'documents' | 'citizen-confirmation' = 'site-visit',
  ): Life {
    yield* this.act(this.verifier, 'VerifyFulfilment', { report, degree, method, statement, evidence: [] })
  }

  *rectify(requirement: string, days: number): Life {
    yield* this.act(this.verifier, 'OrderRectification', { requirement, dueOn: this.pace.dateIn(days) })
  }

  /** Reported as done, looked at by another department, and found so. */
  *fulfil(method?: 'site-visit' | 'documents' | 'citizen-confirmation'): Life {
    const report = yield* this.report()
    this.pace.days(1, 3)
    yield* this.verify(report, 'complete', undefined, method)
  }

  /** Puts the result on a page, and says where. */
  *showAt(address = this.address, text: string | null = this.page): Life<number> {
    if (text !== null) yield* happen(this.pace.nowMs, ({ pages }) => pages.put(address, text))
    this.pace.minutes(5, 30)
    return yield* this.reportPage(address)
  }

  *reportPage(address: string): Life<number> {
    const reported = yield* this.act(this.officer, 'ReportPublication', { address })
    return dataOf<{ report: number }>(reported, 'PublicationReported').report
  }

  /** Somebody opens the page instead of the machine. */
  *verifyPage(report: number): Life {
    yield* this.act(this.verifier, 'VerifyPublication', {
      report,
      pageDigest: hash('sha256', this.page),
      wordsFound: [this.outcome.action],
    })
  }

  /** Both sides done: it settles by itself. */
  *keep(): Life {
    yield* this.fulfil()
    this.pace.days(1, 2)
    yield* this.showAt()
    this.pace.days(1, 2)
  }

  /** Tells the askers what has become of it. */
  *inform(reason: NewsReason, statement: string, means = 'phone'): Life {
    const { news } = yield* lookAtPromise(this.pace.nowMs, this.id)
    const at = news.findIndex((each) => each.reason === reason && !each.told)
    if (at < 0) throw new DemoFault(`${this.#name}：没有“${reason}”可告知`)
    yield* this.act(someoneWith('coordinator'), 'InformAskers', { occasion: at + 1, means, statement })
  }

  /** What stands on the page of the result. */
  get page(): string {
    return `云溪县承诺事项办理结果公开\n${this.outcome.done}\n欢迎监督，监督电话：县政府督查室。`
  }
}
