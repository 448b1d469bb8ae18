import { ReadStoreError } from '../errors.ts'
import type { CollectionDefinition } from '../port.ts'
import { MongodbCells } from './cells.ts'
import type { Connection } from './connection.ts'

const CELL = 'generations'
const ATTEMPTS_MAX = 50

/** A generation that is building or active; one that is not listed is gone. */
export interface RegisteredGeneration {
  projection: string
  number: number
  version: number
  status: 'building' | 'active'
  definitions: CollectionDefinition[]
}

export interface Registered {
  generations: RegisteredGeneration[]
}

/** What there was at one moment; `revision` only rises, so that no number of a generation is ever used again. */
export interface RegistryState extends Registered {
  revision: number
}

/** Which generations there are. Everything about them changes in one step, which another process sees or does not. */
export class Registry {
  readonly #cells: MongodbCells
  #state: RegistryState = empty()

  constructor(connection: Connection) {
    this.#cells = new MongodbCells(connection, 'read-models')
  }

  /** As it is now. */
  async read(): Promise<RegistryState> {
    const cell = await this.#cells.read(CELL)
    if (cell?.revision !== this.#state.revision) {
      this.#state = cell === null ? empty() : { ...(JSON.parse(cell.value) as Registered), revision: cell.revision }
    }
    return this.#state
  }

  /**
   * Changes it by a function that may be called several times; null changes nothing. What the function says beside the
   * change comes back. Error: `BUSY` where others are faster again and again.
   */
  async change<Result>(
    decide: (state: RegistryState, nextRevision: number) => { registered: Registered | null; result: Result },
  ): Promise<Result> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const state = await this.read()
      const { registered, result } = decide(state, state.revision + 1)
      if (registered === null) return result
      const value: Registered = { generations: registered.generations }
      if (await this.#cells.compareAndSet(CELL, state.revision, JSON.stringify(value))) return result
    }
    throw new ReadStoreError('BUSY', 'Others are changing the generations again and again: try again')
  }
}

function empty(): RegistryState {
  return { revision: 0, generations: [] }
}
