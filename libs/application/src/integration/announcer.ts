import { CASE_STREAM_PREFIX, caseStream } from '#domain'
import type { EventStore, StoredEvent } from '#event-store'
import type { OutgoingMessage } from '#messaging'
import { inParallel } from '../sentinel/in-parallel.ts'
import { idOf } from '../stream-id.ts'
import { evolveFacts, FACT_TYPES, isOpen } from './case-facts.ts'
import type { CaseFacts } from './case-facts.ts'
import { toMessage } from './cloud-event.ts'
import { integrationTypes } from './index.ts'

/** Cases whose facts are kept in mind; those of others are read from their streams again. */
const CASES_MAX = 50_000

/** Streams of cases read at once, ahead of a page of events. */
const READS_AT_ONCE = 16

/** What others could be told of, and what decides whether they are. */
export function concernsOthers({ type }: { type: string }): boolean {
  return integrationTypes.has(type) || FACT_TYPES.has(type)
}

/**
 * Says what follows for others from each event, given in the order of the store. It depends on nothing but the events up to
 * that one, so that the same is told when an event comes again.
 */
export class Announcer {
  readonly #store: Pick<EventStore, 'readStreamStored'>
  readonly #source: string
  readonly #facts = new Map<string, CaseFacts | null>()

  /** `source`: of the CloudEvents, the name of this installation. */
  constructor(store: Pick<EventStore, 'readStreamStored'>, source: string) {
    this.#store = store
    this.#source = source
  }

  /** Learns of the cases that a page of events tells of, many at a time, so that none of its events waits for a read. */
  async prepare(events: readonly StoredEvent[]): Promise<void> {
    const first = new Map<string, StoredEvent>()
    for (const event of events) {
      const { caseId } = event.metadata
      if (caseId !== null && !this.#facts.has(caseId) && !first.has(caseId)) first.set(caseId, event)
    }
    await inParallel([...first], READS_AT_ONCE, async ([caseId, event]) => {
      await this.#factsBefore(caseId, event)
    })
  }

  async announce(event: StoredEvent): Promise<OutgoingMessage[]> {
    const { caseId } = event.metadata
    if (caseId === null) return this.#messages([event], null)
    if (event.stream.startsWith(CASE_STREAM_PREFIX)) return await this.#announceCase(event)
    const facts = await this.#factsBefore(caseId, event)
    return facts !== null && isOpen(facts) ? this.#messages([event], facts) : []
  }

  /** When others may hear of a case, they hear first what happened while they could not. */
  async #announceCase(event: StoredEvent): Promise<OutgoingMessage[]> {
    const caseId = idOf(event.stream)
    const before = await this.#factsBefore(caseId, event)
    const after = evolveFacts(before, event)
    this.#remember(caseId, after)
    if (after === null || !isOpen(after)) return []
    if (before !== null && isOpen(before)) return this.#messages([event], after)
    const missed = (await this.#store.readStreamStored(event.stream)).filter(
      ({ revision }) => revision > (before?.openThrough ?? -1) && revision < event.revision,
    )
    return this.#messages([...missed, event], after)
  }

  #messages(events: readonly StoredEvent[], facts: CaseFacts | null): OutgoingMessage[] {
    return events.flatMap((event) => {
      const type = integrationTypes.get(event.type)
      if (type === undefined || event.metadata.origin === 'history') return []
      return toMessage(type, { event, facts }, { source: this.#source, ownId: idOf(event.stream) }) ?? []
    })
  }

  async #factsBefore(caseId: string, { position }: StoredEvent): Promise<CaseFacts | null> {
    const known = this.#facts.get(caseId)
    if (known !== undefined) {
      // The longest unused is forgotten first.
      this.#facts.delete(caseId)
      this.#facts.set(caseId, known)
      return known
    }
    let facts: CaseFacts | null = null
    for (const event of await this.#store.readStreamStored(caseStream(caseId))) {
      if (event.position < position) facts = evolveFacts(facts, event)
    }
    this.#remember(caseId, facts)
    return facts
  }

  #remember(caseId: string, facts: CaseFacts | null): void {
    this.#facts.delete(caseId)
    this.#facts.set(caseId, facts)
    if (this.#facts.size <= CASES_MAX) return
    for (const oldest of this.#facts.keys()) {
      this.#facts.delete(oldest)
      break
    }
  }
}
