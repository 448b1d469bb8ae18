import { somebody } from '../county/places.ts'
import { Happening } from '../matters/happening.ts'
import { homeMatters } from '../matters/homes.ts'
import { livelihoodMatters } from '../matters/livelihood.ts'
import type { Matter } from '../matters/matter.ts'
import { streetMatters } from '../matters/streets.ts'
import { Pace } from '../play/pace.ts'
import type { WorkingTime } from '../play/working-time.ts'
import type { Random } from '../random.ts'
import { Affair } from './affair.ts'
import type { AffairParts } from './affair.ts'
import type { ChannelId } from './arrival.ts'

export const matters: readonly Matter[] = [...streetMatters, ...homeMatters, ...livelihoodMatters]

/** What answers can promise something of. */
export const promising: readonly Matter[] = matters.filter(({ promise }) => promise !== null)
/** 找错: what is wrong on the county's site. */
export const siteMistakes: readonly Matter[] = matters.filter(({ type }) => type === 'correction')
/** Questions that somebody at a counter can answer. */
export const questions: readonly Matter[] = matters.filter(
  ({ type, promise }) => type === 'consultation' && promise === null,
)

const forMost: readonly ChannelId[] = [
  'hotline-12345',
  'hotline-12345',
  'hotline-12345',
  'leaders-mailbox',
  'governor-suggestions',
  'yunxi-app',
  'yunxi-app',
  'new-media',
  'superior',
  'phone',
]
const forQuestions: readonly ChannelId[] = ['interaction-platform', 'interaction-platform', 'window', 'phone']

/** Whom and what a life is about, drawn by a chance of its own. */
export class Cast {
  readonly name: string
  readonly random: Random
  readonly pace: Pace

  constructor({ name, random, time, startMs }: { name: string; random: Random; time: WorkingTime; startMs: number }) {
    this.name = name
    this.random = random
    this.pace = new Pace(time, random, startMs)
  }

  /** Somebody's message about something. */
  affair(given: Partial<AffairParts> & { of?: readonly Matter[] } = {}): Affair {
    const { random, pace, name } = this
    const happening = given.happening ?? new Happening(random.pick(given.of ?? matters), random)
    const channel = given.channel ?? this.#channelFor(happening.matter)
    const order = random.between(0, 59)
    return new Affair({ name, pace, random, order, asker: somebody(random), ...given, happening, channel })
  }

  #channelFor({ type }: Matter): ChannelId {
    if (type === 'correction') return 'site-corrections'
    return this.random.pick(type === 'consultation' ? forQuestions : forMost)
  }
}
