/** One piece of work after another for each name, in the order in which they came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name)
    const done = Promise.withResolvers<void>()
    this.#last.set(name, done.promise)
    await before
    try {
      return await work()
    } finally {
      if (this.#last.get(name) === done.promise) this.#last.delete(name)
      done.resolve()
    }
  }
}
