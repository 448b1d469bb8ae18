import { instantAt } from '#application'
import { local } from '../../times.ts'
import { DemoFault } from '../fault.ts'
import type { Stage } from './stage.ts'
import type { Life, Step } from './step.ts'
import { dayNumber, momentOf } from './working-time.ts'
import type { WorkingTime } from './working-time.ts'

/** Things done at once, each in a life of its own, and how far apart their moments may be. */
const TOGETHER_MAX = 32
const TOGETHER_MS_MAX = 45 * 60_000
/** When the clock does its part: after midnight and, on working days, when lists are drawn and at noon. */
const AFTER_MIDNIGHT = 1
const LISTS_AND_NOON = [8 * 60 + 30, 13 * 60]

interface Waiting {
  life: Life
  step: Step
  /** Of lives that began together the first goes first. */
  order: number
}

export interface PlayerParts {
  stage: Stage
  time: WorkingTime
  /** Told of each half-day that has gone by; goes on when that has been heard. */
  onHalfDay: (nowMs: number) => Promise<void>
  /** Aborted: ends after what is in hand. */
  signal: AbortSignal
}

/**
 * Plays many lives as one history, in the order of their moments. Lives touch nothing of each other, so that what they do
 * within an hour is done together; but of what has consequences only one thing at a time, with all that follows from it. So
 * the same lives always give the same history.
 */
export class Player {
  readonly #parts: PlayerParts
  readonly #waiting: Waiting[] = []
  #lives = 0

  constructor(parts: PlayerParts) {
    this.#parts = parts
  }

  add(life: Life): void {
    this.#advance(life, this.#lives++)
  }

  /** Until a moment; what would come later does not happen. Throws what a step throws. */
  async play(fromMs: number, untilMs: number): Promise<void> {
    const { stage, signal } = this.#parts
    const ticks = this.#ticksAfter(fromMs)
    let tickMs = ticks.next().value
    while (!signal.aborted) {
      const next = this.#waiting[0]?.step.atMs ?? Infinity
      if (Math.min(next, tickMs) > untilMs) break
      if (tickMs <= next) {
        stage.clock.moveTo(tickMs)
        await stage.letTimeAct()
        await this.#parts.onHalfDay(tickMs)
        tickMs = ticks.next().value
      } else await this.#do(this.#together(tickMs))
    }
  }

  async #do(together: readonly Waiting[]): Promise<void> {
    const { stage } = this.#parts
    const consequential = together.find(({ step }) => step.hasConsequences)
    if (consequential) stage.clock.moveTo(consequential.step.atMs)
    await Promise.all(together.map(({ step }) => stage.clock.at(step.atMs, () => this.#run(step))))
    if (consequential) await stage.followed()
    for (const { life, order } of together) this.#advance(life, order)
  }

  async #run(step: Step): Promise<void> {
    try {
      await step.run(this.#parts.stage)
    } catch (error) {
      throw error instanceof DemoFault ? new DemoFault(`${local(instantAt(step.atMs))} ${error.message}`) : error
    }
  }

  /** What comes next, with what may be done beside it: of what has consequences one thing, so that they have its moment. */
  #together(beforeMs: number): Waiting[] {
    const first = this.#waiting.shift()!
    const together = [first]
    let { hasConsequences } = first.step
    const untilMs = Math.min(beforeMs, first.step.atMs + TOGETHER_MS_MAX)
    while (together.length < TOGETHER_MAX) {
      const next = this.#waiting[0]
      if (next === undefined || next.step.atMs >= untilMs) break
      if (hasConsequences && next.step.hasConsequences) break
      hasConsequences ||= next.step.hasConsequences
      together.push(this.#waiting.shift()!)
    }
    return together
  }

  #advance(life: Life, order: number): void {
    const { done, value: step } = life.next()
    if (done === true) return
    const waiting = { life, step, order }
    const after = this.#waiting.findLastIndex((other) => isBefore(other, waiting))
    this.#waiting.splice(after + 1, 0, waiting)
  }

  *#ticksAfter(fromMs: number): Generator<number, never> {
    const { time } = this.#parts
    for (let day = dayNumber(fromMs); ; day += 1) {
      for (const minute of [AFTER_MIDNIGHT, ...(time.isWorking(day) ? LISTS_AND_NOON : [])]) {
        const moment = momentOf(day, minute)
        if (moment > fromMs) yield moment
      }
    }
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.step.atMs < other.step.atMs || (one.step.atMs === other.step.atMs && one.order < other.order)
}
