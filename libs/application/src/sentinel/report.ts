/** What the clock brought about. */
export interface TickReport {
  /** The moment that it was run for (instant). */
  at: string
  /** The clock stands before what was recorded: nothing was done. */
  heldBack: boolean
  /** Commands that wrote something, by name; also where another had given the very same just before. */
  done: Record<string, number>
  /** What was refused that should not have been, or failed; each is tried again the next time. At most 100 are named. */
  failed: Failure[]
  failures: number
  /** There is more to do at once. */
  more: boolean
  /** When something is next due, as far as is known now (instant). */
  nextAt: string | null
}

export interface Failure {
  policy: string
  command: string
  target: string | null
  /** Of the error table or of a store; `FAULT` where what was thrown has none. */
  code: string
  detail: string | null
}

const FAILURES_NAMED_MAX = 100
/** Single streams may be damaged; when so much fails at once, it is the store. */
const FAULTS_MAX = 20

/** Gathers a report. */
export class Tally {
  readonly done: Record<string, number> = {}
  readonly failed: Failure[] = []
  failures = 0
  #faults = 0

  wrote(command: string): void {
    this.done[command] = (this.done[command] ?? 0) + 1
  }

  failedTo(failure: Failure): void {
    this.failures += 1
    if (this.failed.length < FAILURES_NAMED_MAX) this.failed.push(failure)
  }

  /** What was thrown is of one matter, and others go on. Throws it where it is not the first of many. */
  broke(at: Pick<Failure, 'policy' | 'command' | 'target'>, error: unknown): void {
    this.#faults += 1
    if (this.#faults > FAULTS_MAX) throw error
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAULT'
    this.failedTo({ ...at, code, detail: error instanceof Error ? error.message : String(error) })
  }
}
