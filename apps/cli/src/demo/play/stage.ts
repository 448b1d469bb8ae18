import { GetCase } from '#application'
import type { CaseAnswer, CommandOutcome, TickReport } from '#application'
import { commitmentStream, evolveCommitment, initialCommitment } from '#domain'
import type { Commitment, CommitmentEvent, MadeCommitment } from '#domain'
import type { Embedded } from '../../../../standalone/src/embedded.ts'
import { someoneWith } from '../county/people.ts'
import type { Person } from '../county/people.ts'
import type { Pages } from '../county/pages.ts'
import { DemoFault } from '../fault.ts'
import type { MovedClock } from './moved-clock.ts'

/** More rounds of what time does than ever follow each other. */
const ROUNDS_MAX = 100

/** What came of a command that was not refused. */
export type Accepted = Extract<CommandOutcome, { outcome: 'accepted' | 'nothing' }>

export interface Given {
  by: Person
  command: string
  /** Null: it makes something new. */
  target: string | null
  payload: object
}

/** The open system that lives are played on, its clock, and the outside world. */
export class Stage {
  readonly huiying: Embedded
  readonly clock: MovedClock
  readonly pages: Pages

  constructor(huiying: Embedded, clock: MovedClock, pages: Pages) {
    this.huiying = huiying
    this.clock = clock
    this.pages = pages
  }

  /** Gives a command as a person would. Throws where it is refused. */
  async give({ by, command, target, payload }: Given): Promise<Accepted> {
    const outcome = await this.huiying.command({ command, target, payload, actor: by.actor })
    if (outcome.outcome !== 'refused') return outcome
    throw new DemoFault(`${by.name} ${command}：${outcome.code} ${outcome.detail ?? ''}`)
  }

  /** A case as its page shows it to the coordinator when everything until now is shown. */
  async look(caseId: string): Promise<CaseAnswer> {
    await this.huiying.settled()
    return await this.huiying.query(new GetCase({ number: caseId, asker: someoneWith('coordinator').actor }))
  }

  /** How a promise stands. Throws where there is none. */
  async promise(id: string): Promise<MadeCommitment> {
    const { events } = await this.huiying.application.ports.store.readStream(commitmentStream(id))
    const state = (events as unknown as CommitmentEvent[]).reduce<Commitment>(evolveCommitment, initialCommitment)
    if (state.status === 'none') throw new DemoFault(`没有承诺 ${id}`)
    return state
  }

  /** Everything that follows by itself from what was done. */
  async followed(): Promise<void> {
    await this.huiying.application.policies.settled()
  }

  /** Everything that time has brought by now. Throws where something of it fails. */
  async letTimeAct(): Promise<void> {
    const { sentinel, pageLooks } = this.huiying.application
    await this.huiying.settled()
    await this.#untilDone(() => sentinel.tick())
    if (pageLooks) await this.#untilDone(() => pageLooks.look())
    await this.followed()
  }

  async #untilDone(round: () => Promise<TickReport>): Promise<void> {
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
      const { failed, more } = await round()
      for (const { policy, command, code, detail } of failed) {
        throw new DemoFault(`${policy} ${command}：${code} ${detail ?? ''}`)
      }
      if (!more) return
      await this.huiying.settled()
    }
    throw new DemoFault('到点要做的事总也做不完')
  }
}
