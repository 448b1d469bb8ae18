import { PageFailed } from './faults.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** What one fetch may cost. Pages of county sites have some 100 KiB; a scanned image within one makes a few MiB. */
export interface PageLimits {
  /** From dialling one address until it can be asked, TLS included. */
  connectTimeoutMs: number
  /** From asking until the last header. */
  headersTimeoutMs: number
  /** For all of it: names, redirects and bodies. */
  totalTimeoutMs: number
  redirectsMax: number
  /** How many addresses of one name are tried. */
  addressesMax: number
  headersBytesMax: number
  /** The body as it comes over the wire, and again with its content coding undone. */
  bodyBytesMax: number
}

export const pageLimits: PageLimits = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  redirectsMax: 5,
  addressesMax: 4,
  headersBytesMax: 32 * KIB,
  bodyBytesMax: 5 * MIB,
}

/** Aborts when its time is over, with a `PageFailed` too-slow as the reason, or when `outer` aborts, with its reason. */
export class TimeLimit implements Disposable {
  readonly signal: AbortSignal
  readonly #timer: NodeJS.Timeout

  constructor(timeoutMs: number, what: string, outer?: AbortSignal) {
    const own = new AbortController()
    this.signal = outer ? AbortSignal.any([own.signal, outer]) : own.signal
    this.#timer = setTimeout(() => {
      own.abort(new PageFailed('too-slow', `${what} took more than ${timeoutMs} ms`, { transient: true }))
    }, timeoutMs)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
