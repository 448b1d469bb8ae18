/** An event as the stand-in keeps it. `position` is both commit and prepare, as in a log of KurrentDB without transactions. */
export interface StandInEvent {
  position: bigint
  stream: string
  revision: number
  id: string
  type: string
  contentType: string
  createdTicks: bigint
  data: Uint8Array
  metadata: Uint8Array
}

export type ProposedEvent = Pick<StandInEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>

export type ExpectedState =
  | { is: 'any' }
  | { is: 'no stream' }
  | { is: 'exists' }
  | { is: 'revision'; revision: number }

export type StandInAppend =
  | { status: 'appended'; revision: number; position: bigint }
  | { status: 'wrong version'; current: number | null }

const TICKS_PER_MS = 10_000n
/** Around each record of the log of a real server stands about so much. */
const RECORD_FRAME_BYTES = 96

/**
 * What the stand-in holds, in memory alone: one log in the order of positions, and the streams in it. Several nodes may
 * share one, as if they were replicas of each other.
 */
export class StandInStore {
  readonly #streams = new Map<string, StandInEvent[]>()
  readonly #listeners = new Set<() => void>()
  #all: StandInEvent[] = []
  #end = 0n

  get all(): readonly StandInEvent[] {
    return this.#all
  }

  /** The events of a stream by revision; undefined where it does not exist. */
  stream(name: string): readonly StandInEvent[] | undefined {
    return this.#streams.get(name)
  }

  /** Where in `all` the first event at or after a position stands. */
  indexAt(position: bigint): number {
    let low = 0
    let high = this.#all.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#all[middle]!.position < position) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * All or none. As the real server: the same ids at the same expected revision are answered as the first time and written
   * once; some of them, or other ones, are a wrong version. Ids are compared at that place of that stream and nowhere else.
   */
  append(name: string, expected: ExpectedState, events: readonly ProposedEvent[]): StandInAppend {
    const stream = this.#streams.get(name) ?? []
    const current = stream.at(-1)?.revision ?? null
    const isExpected =
      expected.is === 'any' ||
      (expected.is === 'no stream' && current === null) ||
      (expected.is === 'exists' && current !== null) ||
      (expected.is === 'revision' && current === expected.revision)
    if (!isExpected) return this.#already(stream, expected, events) ?? { status: 'wrong version', current }
    let revision = current ?? -1
    for (const event of events) {
      revision += 1
      const position = this.#end
      this.#end += BigInt(RECORD_FRAME_BYTES + event.data.length + event.metadata.length + name.length)
      const stored = { ...event, position, stream: name, revision, createdTicks: BigInt(Date.now()) * TICKS_PER_MS }
      stream.push(stored)
      this.#all.push(stored)
    }
    this.#streams.set(name, stream)
    for (const listener of this.#listeners) listener()
    return { status: 'appended', revision, position: this.#all.at(-1)!.position }
  }

  /** Calls back after each append. Returns how to stop. */
  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets everything, as a new server knows nothing. */
  clear(): void {
    this.#streams.clear()
    this.#all = []
  }

  /** What nobody can do to a real server: changes a stored event, or with null takes it out. */
  tamper(name: string, revision: number, change: Partial<StandInEvent> | null): void {
    const event = this.#streams.get(name)?.find((one) => one.revision === revision)
    if (event === undefined) throw new Error(`${name} has no event ${revision}.`)
    if (change === null) this.#all = this.#all.filter((one) => one !== event)
    else Object.assign(event, change)
    for (const stream of new Set([name, event.stream])) {
      const events = this.#all.filter((one) => one.stream === stream)
      this.#streams.set(
        stream,
        events.toSorted((one, other) => one.revision - other.revision),
      )
    }
  }

  #already(
    stream: readonly StandInEvent[],
    expected: ExpectedState,
    events: readonly ProposedEvent[],
  ): StandInAppend | null {
    if (expected.is === 'any' || expected.is === 'exists') return null
    const first = expected.is === 'revision' ? expected.revision + 1 : 0
    const before = stream.slice(first, first + events.length)
    if (before.length < events.length || before.some((one, index) => one.id !== events[index]!.id)) return null
    const { revision, position } = before.at(-1)!
    return { status: 'appended', revision, position }
  }
}
