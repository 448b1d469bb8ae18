import type { PromiseMark, ResponseContent } from '#domain'
import { someoneWith, staffOf } from '../county/people.ts'
import type { DepartmentId, Person } from '../county/people.ts'
import { HOST } from '../county/pages.ts'
import type { Pace } from '../play/pace.ts'
import { dataOf, give, look } from '../play/step.ts'
import type { Accepted } from '../play/stage.ts'
import type { Life } from '../play/step.ts'
import type { Random } from '../random.ts'

export interface CaseworkParts {
  /** Unlike that of every other. */
  name: string
  pace: Pace
  random: Random
  lead: DepartmentId
}

/** How a kind of case is worked on. */
export interface Manner {
  /** Where its answers stand on the county's site. */
  section: string
  /** Whether people work by day and night, minutes after each other. */
  onDuty: boolean
  /** Who takes it for done. */
  completer: Person
}

/** A draft as it was saved. */
export interface Saved {
  responseId: string
  digest: string
}

/** An answer as it was published. */
export interface Published extends Saved {
  content: ResponseContent
  address: string | null
  publishedAt: string
  department: string
}

export interface Answer {
  kind: ResponseContent['kind']
  text: string
  publicText: string | null
  means: ResponseContent['means']
  marks: PromiseMark[]
}

const noFacts = {
  demands: [],
  sensitivities: [],
  accused: { departments: [], persons: [] },
  opinionGrade: null,
  incident: null,
  simple: false,
  suggestion: null,
  note: null,
}

/** What is done about a case, whatever it came from: each step at the time of its pace, by who may. */
export class Casework {
  readonly name: string
  readonly pace: Pace
  readonly random: Random
  readonly #manner: Manner
  #caseId = ''
  #lead: DepartmentId
  #officer: Person
  #answers = 0

  constructor({ name, pace, random, lead }: CaseworkParts, manner: Manner) {
    this.name = name
    this.pace = pace
    this.random = random
    this.#manner = manner
    this.#lead = lead
    this.#officer = random.pick(staffOf(lead, 'officer'))
  }

  get caseId(): string {
    return this.#caseId
  }

  get lead(): DepartmentId {
    return this.#lead
  }

  get officer(): Person {
    return this.#officer
  }

  get reviewer(): Person {
    return staffOf(this.#lead, 'department-reviewer')[0]
  }

  /** Where its last answer stands. */
  get address(): string {
    return `https://${HOST}/${this.#manner.section}/${this.name}-${this.#answers}.html`
  }

  /** Gives a command for the case, now. */
  *act(by: Person, command: string, payload: object = {}): Life<Accepted> {
    return yield* give(this.pace.nowMs, { by, command, target: this.#caseId, payload })
  }

  look() {
    return look(this.pace.nowMs, this.#caseId)
  }

  protected isOpened(caseId: string): void {
    this.#caseId = caseId
  }

  protected *triageAs(by: Person, facts: object): Life {
    yield* this.act(by, 'TriageCase', { ...noFacts, ...facts })
  }

  protected *routeTo(by: Person, lead: DepartmentId, basis: object, assisting: readonly DepartmentId[] = []): Life {
    yield* this.act(by, 'RouteCase', { lead, assisting, basis })
    if (lead === this.#lead) return
    this.#lead = lead
    this.#officer = this.random.pick(staffOf(lead, 'officer'))
  }

  *sign(): Life {
    yield* this.act(this.#officer, 'SignForCase')
  }

  *draft(content: Answer, by = this.#officer, responseId: string | null = null): Life<Saved> {
    const saved = yield* this.act(by, 'SaveDraft', { responseId, content: { attachments: [], ...content } })
    return savedIn(saved)
  }

  /** The levels that must approve. */
  *submit({ responseId, digest }: Saved, by = this.#officer): Life<string[]> {
    const submitted = yield* this.act(by, 'SubmitResponse', { responseId, digest })
    return levelsIn(submitted)
  }

  /** Each level in turn, some time after the one before. */
  *approve({ responseId, digest }: Saved, levels: readonly string[], by = this.#officer): Life {
    for (const [index, role] of levels.entries()) {
      this.#pause(25, 150, 6)
      yield* this.act(approverOf(role, by), 'ApproveResponse', { responseId, level: index + 1, digest })
    }
  }

  *publish({ responseId, digest }: Saved, means: Answer['means'] = 'website', by = this.#officer): Life<Published> {
    this.#answers += 1
    const address = means === 'website' || means === 'new-media' ? this.address : null
    const published = yield* this.act(by, 'PublishResponse', { responseId, digest, address, publishedAt: null })
    return dataOf<Published>(published, 'ResponsePublished')
  }

  /** Drafted, approved by everybody who must, and published. */
  *respond(content: Answer, by = this.#officer): Life<Published> {
    const saved = yield* this.draft(content, by)
    this.#pause(3, 25, 2)
    const levels = yield* this.submit(saved, by)
    yield* this.approve(saved, levels, by)
    this.#pause(10, 60, 4)
    return yield* this.publish(saved, content.means, by)
  }

  /** 申请办结; the completion's id. */
  *askToComplete(finding = 'substantiated', outcome = '已按承诺和规定办理，已告知留言人'): Life<string> {
    const submitted = yield* this.act(this.#officer, 'SubmitCompletion', { finding, outcome })
    return dataOf<{ completionId: string }>(submitted, 'CompletionSubmitted').completionId
  }

  *complete(finding?: string, outcome?: string): Life {
    const completionId = yield* this.askToComplete(finding, outcome)
    this.#pause(60, 400, 90)
    yield* this.act(this.#manner.completer, 'ApproveCompletion', { completionId })
  }

  /** So many office minutes, between two bounds, or so many by day or night. */
  #pause(min: number, max: number, onDuty: number): void {
    if (this.#manner.onDuty) this.pace.pass(onDuty)
    else this.pace.minutes(min, max)
  }
}

export function savedIn(outcome: Accepted): Saved {
  const { responseId, digest } = dataOf<Saved>(outcome, 'ResponseDrafted')
  return { responseId, digest }
}

/** The levels that must approve what was submitted. */
export function levelsIn(outcome: Accepted): string[] {
  return dataOf<{ levels: string[] }>(outcome, 'ResponseSubmitted').levels
}

/** Whoever approves at a level: of the department that drafted where the level is its own. */
function approverOf(role: string, { actor: { department } }: Person): Person {
  return role === 'department-reviewer' ? staffOf(department, role)[0] : someoneWith(role as Person['actor']['role'])
}
