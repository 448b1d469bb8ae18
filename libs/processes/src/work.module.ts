import { Module } from '@nestjs/common'
import type { BeforeApplicationShutdown, DynamicModule, OnApplicationBootstrap } from '@nestjs/common'

/** Runs until the signal aborts: then it finishes or hands back what it holds. */
export type Work = (stopped: AbortSignal) => Promise<void>

/** Lets work run from the start of a Nest application to its end. */
export class WorkLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #work: Work
  readonly #stopping = new AbortController()
  readonly #ended = Promise.withResolvers<void>()

  constructor(work: Work) {
    this.#work = work
  }

  /** Resolves when the work has ended; rejects with what it threw. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  onApplicationBootstrap(): void {
    this.#work(this.#stopping.signal).then(this.#ended.resolve, this.#ended.reject)
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort()
    await this.#ended.promise
  }
}

/** What a process does all its life, as a module. */
@Module({})
export class WorkModule {
  static of(work: Work): DynamicModule {
    return { module: WorkModule, providers: [{ provide: WorkLoop, useValue: new WorkLoop(work) }] }
  }
}
