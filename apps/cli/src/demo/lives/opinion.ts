import { personNamed, staffOf } from '../county/people.ts'
import { nicknames } from '../matters/posts.ts'
import type { Pace } from '../play/pace.ts'
import { give } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Random } from '../random.ts'
import { Casework } from './casework.ts'
import type { Answer, CaseworkParts } from './casework.ts'

/** 网信办's officer on duty. */
const office = personNamed('ji-yun')
const [monitor] = staffOf('publicity', 'monitor')
const [channel] = staffOf('publicity', 'channel')

/** A post as monitoring finds it; its item. */
export function* post(pace: Pace, random: Random, name: string, text: string, views: number): Life<string> {
  const received = yield* give(pace.nowMs, {
    by: channel,
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

export interface OpinionParts extends CaseworkParts {
  title: string
  subject: string
}

/** 舆情事件: one event, of which many post, and what the county does about it, by day and night. */
export class Opinion extends Casework {
  readonly #title: string
  readonly #subject: string
  #posts = 0

  constructor({ title, subject, ...parts }: OpinionParts) {
    super(parts, { section: 'yuqing', onDuty: true, completer: office })
    this.#title = title
    this.#subject = subject
  }

  *open(discoveredAt = this.pace.instant): Life {
    const opened = yield* give(this.pace.nowMs, {
      by: office,
      command: 'OpenOpinionCase',
      target: null,
      payload: { discoveredAt, channel: 'monitoring', items: [], title: this.#title, subject: this.#subject },
    })
    this.isOpened(opened.id)
  }

  /** Somebody posts of it; the item. */
  *post(text: string, views: number): Life<string> {
    this.#posts += 1
    return yield* post(this.pace, this.random, `${this.name}-${this.#posts}`, text, views)
  }

  /** An item is found to be of this event. */
  *attach(item: string, reason: string | null = null): Life {
    const payload = { caseId: this.caseId, contentRevision: 1, reason }
    yield* give(this.pace.nowMs, { by: monitor, command: 'AttachItem', target: item, payload })
  }

  *detach(item: string, reason: string): Life {
    const payload = { caseId: this.caseId, contentRevision: 1, reason }
    yield* give(this.pace.nowMs, { by: office, command: 'DetachItem', target: item, payload })
  }

  /** Somebody looks how far it has spread. */
  *observe(item: string, views: number): Life {
    const payload = { reach: reachOf(views), observedAt: this.pace.instant }
    yield* give(this.pace.nowMs, { by: channel, command: 'ObserveReach', target: item, payload })
  }

  *triage(grade: 'general' | 'larger' | 'major' | 'especially-major', changes: object = {}): Life {
    yield* this.triageAs(office, { type: 'opinion', subject: this.#subject, opinionGrade: grade, ...changes })
  }

  *route(): Life {
    yield* this.routeTo(office, this.lead, { kind: 'rule', rule: '舆情分办：按主管部门' })
  }

  /** The same words for everybody. */
  *say(kind: Answer['kind'], said: string, means: Answer['means'], marks: Answer['marks'] = []): Life {
    yield* this.respond({ kind, text: said, publicText: said, means, marks })
  }
}
