import { personNamed, staffOf } from '../county/people.ts'
import type { DepartmentId, Person } from '../county/people.ts'
import { HOST } from '../county/pages.ts'
import { nicknames } from '../matters/posts.ts'
import type { Pace } from '../play/pace.ts'
import { dataOf, give } from '../play/step.ts'
import type { Accepted, Life } from '../play/step.ts'
import type { Random } from '../random.ts'
import { approverOf, savedIn } from './affair.ts'
import type { Answer, Saved } from './affair.ts'

/** A post as monitoring finds it; its item. */
export function* post(pace: Pace, random: Random, name: string, text: string, views: number): Life<string> {
  const received = yield* give(pace.nowMs, {
    by: staffOf('publicity', 'channel')[0],
    command: 'ReceiveItem',
    target: null,
    payload: {
      channelId: 'monitoring',
      externalId: name,
      origin: 'live',
      content: {
        kind: 'opinion',
        receivedAt: pace.instant,
        title: text.slice(0, 18),
        content: text,
        author: { name: random.pick(nicknames), contact: null },
        wish: null,
        place: null,
        address: `https://forum.example/yunxi/${name}`,
        attachments: [],
        workOrder: null,
        sourceDepartment: null,
        sourceType: '舆情',
      },
      reach: reachOf(views),
      arrival: { kind: 'feed' },
    },
  })
  return received.id
}

/** So often seen, and a part of that passed on, commented on, liked. */
function reachOf(views: number) {
  return {
    views,
    reposts: Math.floor(views / 60),
    comments: Math.floor(views / 25),
    likes: Math.floor(views / 12),
  }
}

export interface OpinionParts {
  name: string
  pace: Pace
  random: Random
  title: string
  subject: string
  lead: DepartmentId
}

/** 舆情事件: one event, of which many post, and what the county does about it. */
export class Opinion {
  readonly pace: Pace
  readonly random: Random
  readonly officer: Person
  readonly #name: string
  readonly #title: string
  readonly #subject: string
  readonly #lead: DepartmentId
  #caseId = ''
  #posts = 0
  #answers = 0

  constructor({ name, pace, random, title, subject, lead }: OpinionParts) {
    this.#name = name
    this.pace = pace
    this.random = random
    this.#title = title
    this.#subject = subject
    this.#lead = lead
    this.officer = staffOf(lead, 'officer')[0]
  }

  get caseId(): string {
    return this.#caseId
  }

  *act(by: Person, command: string, payload: object = {}): Life<Accepted> {
    return yield* give(this.pace.nowMs, { by, command, target: this.#caseId, payload })
  }

  *open(discoveredAt = this.pace.instant): Life {
    const opened = yield* give(this.pace.nowMs, {
      by: office,
      command: 'OpenOpinionCase',
      target: null,
      payload: { discoveredAt, channel: 'monitoring', items: [], title: this.#title, subject: this.#subject },
    })
    this.#caseId = opened.id
  }

  *post(text: string, views: number): Life<string> {
    this.#posts += 1
    return yield* post(this.pace, this.random, `${this.#name}-${this.#posts}`, text, views)
  }

  /** An item is found to be of this event. */
  *attach(item: string, reason: string | null = null): Life {
    const payload = { caseId: this.#caseId, contentRevision: 1, reason }
    const by = staffOf('publicity', 'monitor')[0]
    yield* give(this.pace.nowMs, { by, command: 'AttachItem', target: item, payload })
  }

  *detach(item: string, reason: string): Life {
    const payload = { caseId: this.#caseId, contentRevision: 1, reason }
    yield* give(this.pace.nowMs, { by: office, command: 'DetachItem', target: item, payload })
  }

  /** Somebody looks how far it has spread. */
  *observe(item: string, views: number): Life {
    const by = staffOf('publicity', 'channel')[0]
    const payload = { reach: reachOf(views), observedAt: this.pace.instant }
    yield* give(this.pace.nowMs, { by, command: 'ObserveReach', target: item, payload })
  }

  *triage(grade: 'general' | 'larger' | 'major' | 'especially-major', changes: object = {}): Life {
    yield* this.act(office, 'TriageCase', {
      type: 'opinion',
      subject: this.#subject,
      demands: [],
      sensitivities: [],
      accused: { departments: [], persons: [] },
      opinionGrade: grade,
      incident: null,
      simple: false,
      suggestion: null,
      note: null,
      ...changes,
    })
  }

  *route(): Life {
    const basis = { kind: 'rule', rule: '舆情分办：按主管部门' }
    yield* this.act(office, 'RouteCase', { lead: this.#lead, assisting: [], basis })
  }

  *sign(): Life {
    yield* this.act(this.officer, 'SignForCase')
  }

  /** Drafted, approved at each level within minutes, and published. */
  *respond(kind: Answer['kind'], said: string, means: Answer['means'], marks: Answer['marks'] = []): Life<Saved> {
    const content = { kind, text: said, publicText: said, means, marks, attachments: [] }
    const saved = savedIn(yield* this.act(this.officer, 'SaveDraft', { responseId: null, content }))
    this.#answers += 1
    this.#passes(2)
    const submitted = yield* this.act(this.officer, 'SubmitResponse', { ...saved })
    const { levels } = dataOf<{ levels: string[] }>(submitted, 'ResponseSubmitted')
    for (const [index, role] of levels.entries()) {
      this.#passes(6)
      yield* this.act(approverOf(role, this.#lead), 'ApproveResponse', { ...saved, level: index + 1 })
    }
    this.#passes(4)
    const address = means === 'press-conference' ? null : `https://${HOST}/yuqing/${this.#name}-${this.#answers}.html`
    yield* this.act(this.officer, 'PublishResponse', { ...saved, address, publishedAt: null })
    return saved
  }

  *complete(): Life {
    const submitted = yield* this.act(this.officer, 'SubmitCompletion', {
      finding: 'substantiated',
      outcome: '已多轮回应，承诺事项挂账跟踪',
    })
    const { completionId } = dataOf<{ completionId: string }>(submitted, 'CompletionSubmitted')
    this.#passes(90)
    yield* this.act(office, 'ApproveCompletion', { completionId })
  }

  /** Minutes of any hour: who answers the public does not look at office hours then. */
  #passes(minutes: number): void {
    this.pace.pass(minutes)
  }
}

/** 网信办's officer on duty. */
const office = personNamed('ji-yun')
