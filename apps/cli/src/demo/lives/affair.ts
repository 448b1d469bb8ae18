import type { PromiseMark, ResponseContent } from '#domain'
import { departments, someoneWith, staffOf } from '../county/people.ts'
import type { DepartmentId, Person } from '../county/people.ts'
import type { Asker } from '../county/places.ts'
import { HOST } from '../county/pages.ts'
import type { Happening } from '../matters/happening.ts'
import type { Pace } from '../play/pace.ts'
import { dataOf, give, look } from '../play/step.ts'
import type { Accepted, Given, Life } from '../play/step.ts'
import type { Random } from '../random.ts'
import { arrivalBy, registered } from './arrival.ts'
import type { ChannelId } from './arrival.ts'

export interface AffairParts {
  /** Unlike that of every other. */
  name: string
  pace: Pace
  random: Random
  happening: Happening
  /** How many wrote of the same before. */
  order: number
  asker: Asker
  channel: ChannelId
  wish?: 'public' | 'private'
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

type Triage = Record<string, unknown>
export interface Answer {
  kind: ResponseContent['kind']
  text: string
  publicText: string | null
  means: ResponseContent['means']
  marks: PromiseMark[]
}

/** One message and the case that it becomes: what people do about it, each step at the time of its pace. */
export class Affair {
  readonly name: string
  readonly pace: Pace
  readonly random: Random
  readonly happening: Happening
  readonly asker: Asker
  readonly channel: ChannelId
  readonly title: string
  readonly #body: string
  readonly #wish: 'public' | 'private'
  #receivedAt = ''
  #caseId = ''
  #lead: DepartmentId
  #officer: Person

  constructor({ name, pace, random, happening, order, asker, channel, wish = 'public' }: AffairParts) {
    this.name = name
    this.pace = pace
    this.random = random
    this.happening = happening
    this.asker = asker
    this.channel = channel
    const { title, body } = happening.ask(order)
    this.title = title
    this.#body = body
    this.#wish = wish
    this.#lead = happening.matter.department
    this.#officer = random.pick(staffOf(this.#lead, 'officer'))
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

  /** Gives a command for the case, now. */
  *act(by: Person, command: string, payload: object = {}): Life<Accepted> {
    return yield* give(this.pace.nowMs, { by, command, target: this.#caseId, payload })
  }

  look() {
    return look(this.pace.nowMs, this.#caseId)
  }

  /** Comes in by its channel, and is a case. */
  *arrive(): Life {
    this.#receivedAt = this.pace.instant
    yield* this.#come(arrivalBy(this.channel, this.#arriving(this.#body)))
  }

  /** Asked of somebody who knows the answer: written down, answered and completed in one. */
  *answeredAtOnce(means: 'in-person' | 'phone'): Life {
    this.#receivedAt = this.pace.instant
    const answer = { subject: this.happening.matter.subject, text: this.happening.answer, means }
    yield* this.#come(registered(this.channel, this.#arriving(this.#body), answer))
  }

  *#come(given: Given): Life {
    const received = yield* give(this.pace.nowMs, given)
    this.#caseId = received.events[0]?.metadata.caseId ?? ''
  }

  /** The asker has thought of something more. */
  *revise(more: string): Life {
    yield* give(this.pace.nowMs, arrivalBy(this.channel, this.#arriving(this.#body + more)))
  }

  *triage(changes: Triage = {}): Life {
    const { type, subject } = this.happening.matter
    yield* this.act(this.random.pick(staffOf('open-government', 'monitor')), 'TriageCase', {
      type,
      subject,
      demands: this.happening.demands,
      sensitivities: [],
      accused: { departments: [], persons: [] },
      opinionGrade: null,
      incident: null,
      simple: false,
      suggestion: null,
      note: null,
      ...changes,
    })
  }

  *route(lead: DepartmentId = this.happening.matter.department, basis?: object, assisting: DepartmentId[] = []): Life {
    const reason = `${this.happening.matter.subject}由${departments[lead]}主管`
    yield* this.act(someoneWith('monitor'), 'RouteCase', {
      lead,
      assisting,
      basis: basis ?? { kind: 'person', reason },
    })
    this.#lead = lead
    this.#officer = this.random.pick(staffOf(lead, 'officer'))
  }

  *sign(): Life {
    yield* this.act(this.#officer, 'SignForCase')
  }

  /** Triaged, sent to whom it belongs and signed for, as on most days. */
  *takeInHand(changes: Triage = {}): Life {
    this.pace.minutes(8, 90)
    yield* this.triage(changes)
    this.pace.minutes(2, 12)
    yield* this.route()
    this.pace.minutes(20, 180)
    yield* this.sign()
  }

  /** What the asker is told, and with other words for who they are, everybody. */
  content(said: string, changes: Partial<Answer> = {}): Answer {
    const opening = `您好！您反映的“${this.title}”收悉。`
    const closing = `感谢您的关心和监督。${departments[this.#lead]}`
    const text = (name: string) => `${name}：${opening}${said}${closing}`
    const publicText = this.#wish === 'private' ? null : text('网友')
    const means = publicText === null ? 'private-message' : 'website'
    return { kind: 'final', text: text(this.asker.name), publicText, means, marks: [], ...changes }
  }

  *draft(content: Answer, by = this.#officer, responseId: string | null = null): Life<Saved> {
    const saved = yield* this.act(by, 'SaveDraft', { responseId, content: { attachments: [], ...content } })
    return savedIn(saved)
  }

  *submit({ responseId, digest }: Saved, by = this.#officer): Life<string[]> {
    const submitted = yield* this.act(by, 'SubmitResponse', { responseId, digest })
    return dataOf<{ levels: string[] }>(submitted, 'ResponseSubmitted').levels
  }

  /** Each level in turn, some hours after the one before. */
  *approve({ responseId, digest }: Saved, levels: readonly string[], by = this.#officer): Life {
    for (const [index, role] of levels.entries()) {
      this.pace.minutes(25, 150)
      const approver = approverOf(role, by.actor.department as DepartmentId)
      yield* this.act(approver, 'ApproveResponse', { responseId, level: index + 1, digest })
    }
  }

  *publish({ responseId, digest }: Saved, means: string = 'website', by = this.#officer): Life<Published> {
    const address = means === 'website' || means === 'new-media' ? this.address : null
    const payload = { responseId, digest, address, publishedAt: null }
    const published = yield* this.act(by, 'PublishResponse', payload)
    return dataOf<Published>(published, 'ResponsePublished')
  }

  /** Drafted, approved by everybody who must, and published. */
  *respond(content: Answer, by = this.#officer): Life<Published> {
    const saved = yield* this.draft(content, by)
    this.pace.minutes(3, 25)
    const levels = yield* this.submit(saved, by)
    yield* this.approve(saved, levels, by)
    this.pace.minutes(10, 60)
    return yield* this.publish(saved, content.means, by)
  }

  *complete(finding = 'substantiated', outcome = '已按承诺和规定办理，已告知留言人'): Life {
    const submitted = yield* this.act(this.#officer, 'SubmitCompletion', { finding, outcome })
    const { completionId } = dataOf<{ completionId: string }>(submitted, 'CompletionSubmitted')
    this.pace.minutes(60, 400)
    yield* this.act(someoneWith('coordinator'), 'ApproveCompletion', { completionId })
  }

  *callBack(solved: 'yes' | 'partly' | 'no' | null, note: string | null = null): Life {
    const by = this.random.pick(staffOf('open-government', 'monitor'))
    yield* this.act(by, 'RecordCallBack', { reached: solved !== null, solved, note })
  }

  *rate(rating: object, comment: string | null = null): Life {
    yield* this.act(staffOf('open-government', 'channel')[0], 'RateSatisfaction', { rating, comment })
  }

  /** Where its answer stands. */
  get address(): string {
    return `https://${HOST}/hudong/${this.name}.html`
  }

  #arriving(content: string) {
    const { title, asker, name, happening } = this
    return {
      externalId: name,
      receivedAt: this.#receivedAt,
      title,
      content,
      author: asker,
      wish: this.#wish,
      place: happening.place,
      type: happening.matter.type,
    }
  }
}

export function savedIn(outcome: Accepted): Saved {
  const { responseId, digest } = dataOf<Saved>(outcome, 'ResponseDrafted')
  return { responseId, digest }
}

/** Whoever approves at a level: of the department that drafted where the level is its own. */
export function approverOf(role: string, department: DepartmentId): Person {
  return role === 'department-reviewer' ? staffOf(department, role)[0] : someoneWith(role as Person['actor']['role'])
}
