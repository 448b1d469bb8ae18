/** What was opened one after the other, each needing those before it. */
export class Closing {
  readonly #closers: (() => Promise<unknown>)[] = []

  /** Remembers how to close what was just opened. */
  add<Opened>(opened: Opened, close: (opened: Opened) => Promise<unknown>): Opened {
    this.#closers.push(() => close(opened))
    return opened
  }

  /** Closes it the other way round: everything that can be. Throws the first failure, which says why the rest failed, if it did. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#closers.splice(0).toReversed()) {
      await close().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
}
