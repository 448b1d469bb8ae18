import type { LogEvent, Tip } from '../log.ts'

/** What is known of a stream's events from the first on: the last of them, and where each id stands. */
export interface KnownStream {
  readonly revision: number
  readonly digest: string | null
  readonly revisions: ReadonlyMap<string, number>
}

interface Known extends KnownStream {
  revision: number
  digest: string | null
  revisions: Map<string, number>
}

/** Ids kept in mind: with their strings and numbers some 50 MB. */
const IDS_MAX = 300_000

/**
 * What streams lately read or written hold. Others write too, so a stream may have gone on since; but what is known of it
 * stays true, because events are never changed: an append at the last known revision knows every id before it.
 */
export class StreamMemory {
  readonly #idsMax: number
  readonly #streams = new Map<string, Known>()
  #ids = 0

  constructor(idsMax = IDS_MAX) {
    this.#idsMax = idsMax
  }

  find(stream: string): KnownStream | undefined {
    return this.#streams.get(stream)
  }

  /** Events in a row, as they were read or written. Those that do not follow what is known are passed over. */
  note(stream: string, events: readonly LogEvent[]): void {
    const last = events.at(-1)
    if (last === undefined) return
    const known = this.#streams.get(stream)
    const follows = (known?.revision ?? -1) + 1
    const added = events.filter(({ revision }) => revision >= follows)
    if (added.length === 0 || added.some(({ revision }, index) => revision !== follows + index)) return
    const revisions = known?.revisions ?? new Map<string, number>()
    for (const { id, revision } of added) revisions.set(id, revision)
    this.#ids += added.length
    // Put at the end, so that what was not used for long goes first.
    this.#streams.delete(stream)
    this.#streams.set(stream, { revision: last.revision, digest: digestOf(last), revisions })
    this.#makeRoom(stream)
  }

  forget(stream: string): void {
    this.#ids -= this.#streams.get(stream)?.revisions.size ?? 0
    this.#streams.delete(stream)
  }

  #makeRoom(kept: string): void {
    if (this.#ids <= this.#idsMax) return
    // Many at once: to find the first of a map it looks through all that was deleted before.
    const wanted = this.#idsMax * (7 / 8)
    for (const stream of this.#streams.keys()) {
      if (this.#ids <= wanted || stream === kept) return
      this.forget(stream)
    }
  }
}

export function isAt(known: KnownStream | undefined, tip: Tip): boolean {
  if (tip === null) return known === undefined
  return known !== undefined && known.revision === tip.revision && known.digest === tip.digest
}

const DIGEST = /"integrity":\{"algorithm":"[^"]*","digest":"([0-9a-f]{64})"/

/** From the text: in JCS integrity begins so, and inside a string the quotation marks would be escaped. */
function digestOf({ metadata }: LogEvent): string | null {
  return DIGEST.exec(metadata)?.[1] ?? null
}
