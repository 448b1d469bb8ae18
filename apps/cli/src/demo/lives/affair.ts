import { departments, someoneWith, staffOf } from '../county/people.ts'
import type { DepartmentId } from '../county/people.ts'
import type { Asker } from '../county/places.ts'
import type { Happening } from '../matters/happening.ts'
import { give } from '../play/step.ts'
import type { Given } from '../play/stage.ts'
import type { Life } from '../play/step.ts'
import { arrivalBy, registered } from './arrival.ts'
import type { ChannelId } from './arrival.ts'
import { Casework } from './casework.ts'
import type { Answer, CaseworkParts } from './casework.ts'

export interface AffairParts extends Omit<CaseworkParts, 'lead'> {
  happening: Happening
  /** How many wrote of the same before. */
  order: number
  asker: Asker
  channel: ChannelId
  wish?: 'public' | 'private'
}

/** One message and the case that it becomes. */
export class Affair extends Casework {
  readonly happening: Happening
  readonly asker: Asker
  readonly channel: ChannelId
  readonly title: string
  readonly #body: string
  readonly #wish: 'public' | 'private'
  #receivedAt = ''

  constructor({ happening, order, asker, channel, wish = 'public', ...parts }: AffairParts) {
    super(
      { ...parts, lead: happening.matter.department },
      { section: 'hudong', onDuty: false, completer: someoneWith('coordinator') },
    )
    this.happening = happening
    this.asker = asker
    this.channel = channel
    const { title, body } = happening.ask(order)
    this.title = title
    this.#body = body
    this.#wish = wish
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
    const { events } = yield* give(this.pace.nowMs, given)
    this.isOpened(events[0]!.metadata.caseId!)
  }

  /** The asker has thought of something more. */
  *revise(more: string): Life {
    yield* give(this.pace.nowMs, arrivalBy(this.channel, this.#arriving(this.#body + more)))
  }

  *triage(changes: object = {}): Life {
    const { type, subject } = this.happening.matter
    const by = this.random.pick(staffOf('open-government', 'monitor'))
    yield* this.triageAs(by, { type, subject, demands: this.happening.demands, ...changes })
  }

  *route(lead: DepartmentId = this.happening.matter.department, basis?: object, assisting?: DepartmentId[]): Life {
    const reason = `${this.happening.matter.subject}由${departments[lead]}主管`
    yield* this.routeTo(someoneWith('monitor'), lead, basis ?? { kind: 'person', reason }, assisting)
  }

  /** Triaged, sent to whom it belongs and signed for, as on most days. */
  *takeInHand(): Life {
    this.pace.minutes(8, 90)
    yield* this.triage()
    this.pace.minutes(2, 12)
    yield* this.route()
    this.pace.minutes(20, 180)
    yield* this.sign()
  }

  /** What the asker is told and, with other words for who they are, everybody. */
  content(said: string, changes: Partial<Answer> = {}): Answer {
    const opening = `您好！您反映的“${this.title}”收悉。`
    const closing = `感谢您的关心和监督。${departments[this.lead]}`
    const text = (name: string) => `${name}：${opening}${said}${closing}`
    const publicText = this.#wish === 'private' ? null : text('网友')
    const means = publicText === null ? 'private-message' : 'website'
    return { kind: 'final', text: text(this.asker.name), publicText, means, marks: [], ...changes }
  }

  *callBack(solved: 'yes' | 'partly' | 'no' | null, note: string | null = null): Life {
    const by = this.random.pick(staffOf('open-government', 'monitor'))
    yield* this.act(by, 'RecordCallBack', { reached: solved !== null, solved, note })
  }

  *rate(rating: object, comment: string | null = null): Life {
    yield* this.act(staffOf('open-government', 'channel')[0], 'RateSatisfaction', { rating, comment })
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
