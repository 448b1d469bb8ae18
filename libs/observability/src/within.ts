/** What came of waiting for so long and no longer. */
export type Waited<Result> =
  | { kind: 'answered'; result: Result }
  | { kind: 'failed'; error: unknown }
  | { kind: 'silent' }

/** Waits for a promise, for so long at most; what it comes to later is nobody's. */
export function within<Result>(waitMs: number, promise: Promise<Result>): Promise<Waited<Result>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'silent' }), waitMs)
    const answer = (waited: Waited<Result>) => {
      clearTimeout(timer)
      resolve(waited)
    }
    promise.then(
      (result) => answer({ kind: 'answered', result }),
      (error: unknown) => answer({ kind: 'failed', error }),
    )
  })
}

/**
 * The same question asked by many, of somebody who may never answer: one is asked at a time, and those who come meanwhile
 * wait for the answer to that.
 */
export function shared<Result>(ask: () => Promise<Result>): () => Promise<Result> {
  let asked: Promise<Result> | null = null
  return () => {
    if (asked !== null) return asked
    const now = Promise.try(ask).finally(() => {
      asked = null
    })
    asked = now
    return now
  }
}

/** What was answered less than so long ago is answered again; what failed is not. */
export function remembered<Result>(
  forMs: number,
  ask: () => Promise<Result>,
  nowMs: () => number = () => performance.now(),
): () => Promise<Result> {
  let known: { result: Result; atMs: number } | null = null
  return async () => {
    if (known !== null && nowMs() - known.atMs < forMs) return known.result
    const result = await ask()
    known = { result, atMs: nowMs() }
    return result
  }
}
