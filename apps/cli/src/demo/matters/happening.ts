import type { PromiseMark, PromiseTerms } from '#domain'
import { departments } from '../county/people.ts'
import { somewhere } from '../county/places.ts'
import type { Random } from '../random.ts'
import type { Ask, Matter } from './matter.ts'

/** What a promise comes to, once it was made. */
export interface Outcome {
  action: string
  progress: string
  done: string
}

/** A matter at a place: one trouble, of which several people may write. */
export class Happening {
  readonly matter: Matter
  readonly #gaps: Readonly<Record<string, string>>
  readonly #amount: number

  constructor(matter: Matter, random: Random) {
    this.matter = matter
    const [min, max] = matter.promise?.target?.between ?? [0, 0]
    this.#amount = random.between(min, max)
    this.#gaps = { ...somewhere(random), n: String(random.between(3, 26)), amount: String(this.#amount) }
  }

  /** What the so manyeth to write of it writes; after the last way to tell it comes the first again. */
  ask(order: number): Ask {
    const { title, body } = this.matter.asks[order % this.matter.asks.length]!
    return { title: this.#filled(title), body: this.#filled(body) }
  }

  get place(): string {
    return this.#filled('{road}')
  }

  get demands(): string[] {
    return this.matter.demands.map((demand) => this.#filled(demand))
  }

  get answer(): string {
    return this.#filled(this.matter.answer)
  }

  /** Null where nothing is promised. */
  get outcome(): Outcome | null {
    const { promise } = this.matter
    return (
      promise && {
        action: this.#filled(promise.action),
        progress: this.#filled(promise.progress),
        done: this.#filled(promise.done),
      }
    )
  }

  /** The sentence of the promise, with the words for its day. Throws where nothing is promised. */
  quote(dueWords: string): string {
    return this.#filled(this.#promised.quote).replace('{due}', dueWords)
  }

  /** The promise as it is marked in an answer. Throws where nothing is promised. */
  mark(markId: string, quote: string, due: PromiseTerms['due'], changes: Partial<PromiseTerms> = {}): PromiseMark {
    const { action, strength, enterprise, target } = this.#promised
    const { department } = this.matter
    return {
      markId,
      terms: {
        quote,
        action: this.#filled(action),
        class: 'act',
        strength,
        promisor: enterprise
          ? { kind: 'enterprise', name: enterprise }
          : { kind: 'department', name: departments[department] },
        responsible: department,
        due,
        milestones: [],
        target: target ? { measure: target.measure, unit: target.unit, amount: this.#amount } : null,
        publishAt: null,
        ...changes,
      },
    }
  }

  get #promised() {
    const { promise } = this.matter
    if (promise === null) throw new Error(`${this.matter.subject}: nothing is promised`)
    return promise
  }

  #filled(text: string): string {
    return text.replaceAll(/\{(\w+)\}/g, (gap, name: string) => this.#gaps[name] ?? gap)
  }
}
