import { errors } from '#domain'
import type { CommandOutcome } from '#application'
import { openEmbedded } from '../../../../standalone/src/embedded.ts'
import type { Embedded } from '../../../../standalone/src/embedded.ts'
import { instantOf } from '../../times.ts'
import type { StaffActor } from '../county/people.ts'
import { DemoFault } from '../fault.ts'
import type { Narrator } from '../narrator.ts'
import { MovedClock } from '../play/moved-clock.ts'
import type { Accepted } from '../play/stage.ts'
import { momentAt } from '../play/working-time.ts'

export interface StoryPerson {
  /** As the story calls them: role and name. */
  called: string
  actor: StaffActor
}

export interface Told {
  by: StoryPerson
  /** Beijing time, `2025-07-02 09:10`; never before what was told before. */
  at: string
  command: string
  target?: string | null
  payload: unknown
  /** What the story says of it; null: nothing. */
  told: string | null
}

/** The system that the story is played on, under a clock that the story moves. */
export class StoryStage {
  readonly huiying: Embedded
  readonly #narrator: Narrator
  readonly #clock: MovedClock

  private constructor(huiying: Embedded, narrator: Narrator, clock: MovedClock) {
    this.huiying = huiying
    this.#narrator = narrator
    this.#clock = clock
  }

  static async open(folder: string, startsAt: string, narrator: Narrator): Promise<StoryStage> {
    const clock = new MovedClock(momentAt(startsAt))
    return new StoryStage(await openEmbedded({ folder, clock }), narrator, clock)
  }

  /** Moves the clock on. */
  at(time: string): void {
    const nowMs = momentAt(time)
    if (nowMs < this.#clock.now()) throw new DemoFault(`时钟不能往回拨：${time}`)
    this.#clock.moveTo(nowMs)
  }

  /** Gives a command as a person would, waits for what follows from it, and tells it. Throws where it is refused. */
  async act(given: Told): Promise<Accepted> {
    const outcome = await this.#give(given)
    if (outcome.outcome === 'refused') {
      throw new DemoFault(`${given.at} ${given.command} 被拒绝：${outcome.code} ${outcome.detail ?? ''}`)
    }
    this.#tell(given)
    return outcome
  }

  /** Gives a command that must be refused with this code, and tells what the person is told. Throws where it is not. */
  async refused(code: string, given: Told): Promise<void> {
    const outcome = await this.#give(given)
    if (outcome.outcome !== 'refused' || outcome.code !== code) {
      const found = outcome.outcome === 'refused' ? outcome.code : outcome.outcome
      throw new DemoFault(`${given.at} ${given.command} 应被拒绝（${code}），实为 ${found}`)
    }
    this.#tell(given)
    this.#narrator.refusal(`${errors[code]?.zh ?? ''}（${code}）`)
  }

  #tell({ at, by, told }: Told): void {
    if (told !== null) this.#narrator.step(instantOf(at), by.called, told)
  }

  async #give({ by, at, command, target = null, payload }: Told): Promise<CommandOutcome> {
    this.at(at)
    const outcome = await this.huiying.command({ command, target, payload, actor: by.actor })
    await this.huiying.settled()
    return outcome
  }
}
