import { errors } from '#domain'
import type { Actor } from '#domain'
import type { CommandOutcome } from '#application'
import { openEmbedded } from '../../../../standalone/src/embedded.ts'
import type { Embedded } from '../../../../standalone/src/embedded.ts'
import { instantOf } from '../../times.ts'
import type { Narrator } from '../narrator.ts'

/** A person of the invented county. */
export interface Person {
  /** As the story calls them: role and name. */
  called: string
  actor: Exclude<Actor, { policy: string }>
}

export interface Given {
  by: Person
  /** Beijing time, `2025-07-02 09:10`; never before what was told before. */
  at: string
  command: string
  target?: string | null
  payload: unknown
  /** What the story says of it; null: nothing. */
  told: string | null
}

export type Accepted = Extract<CommandOutcome, { outcome: 'accepted' | 'nothing' }>

/** Something went otherwise than the story says. */
export class DemoFault extends Error {
  override readonly name = 'DemoFault'
}

/** The system that the story is played on, under a clock that the story moves. */
export class Stage {
  readonly huiying: Embedded
  readonly #narrator: Narrator
  readonly #clock: { nowMs: number }

  private constructor(huiying: Embedded, narrator: Narrator, clock: { nowMs: number }) {
    this.huiying = huiying
    this.#narrator = narrator
    this.#clock = clock
  }

  static async open(folder: string, startsAt: string, narrator: Narrator): Promise<Stage> {
    const clock = { nowMs: millisecondsAt(startsAt) }
    return new Stage(await openEmbedded({ folder, clock: { now: () => clock.nowMs } }), narrator, clock)
  }

  /** Moves the clock on. */
  at(time: string): void {
    const nowMs = millisecondsAt(time)
    if (nowMs < this.#clock.nowMs) throw new DemoFault(`时钟不能往回拨：${time}`)
    this.#clock.nowMs = nowMs
  }

  /** Gives a command as a person would, waits for what follows from it, and tells it. Throws where it is refused. */
  async act(given: Given): Promise<Accepted> {
    const outcome = await this.#give(given)
    if (outcome.outcome === 'refused') {
      throw new DemoFault(`${given.at} ${given.command} 被拒绝：${outcome.code} ${outcome.detail ?? ''}`)
    }
    this.#tell(given)
    return outcome
  }

  /** Gives a command that must be refused with this code, and tells what the person is told. Throws where it is not. */
  async refused(code: string, given: Given): Promise<void> {
    const outcome = await this.#give(given)
    if (outcome.outcome !== 'refused' || outcome.code !== code) {
      const found = outcome.outcome === 'refused' ? outcome.code : outcome.outcome
      throw new DemoFault(`${given.at} ${given.command} 应被拒绝（${code}），实为 ${found}`)
    }
    this.#tell(given)
    this.#narrator.refusal(`${errors[code]?.zh ?? ''}（${code}）`)
  }

  #tell({ at, by, told }: Given): void {
    if (told !== null) this.#narrator.step(instantOf(at), by.called, told)
  }

  async #give({ by, at, command, target = null, payload }: Given): Promise<CommandOutcome> {
    this.at(at)
    const outcome = await this.huiying.command({ command, target, payload, actor: by.actor })
    await this.huiying.settled()
    return outcome
  }
}

function millisecondsAt(time: string): number {
  return Temporal.Instant.from(instantOf(time)).epochMilliseconds
}
