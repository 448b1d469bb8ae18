import type { RecordedEvent } from '#event-store'
import type { CollectionDefinition, ReadDocument } from '#read-store'

/** What a projection works with: documents of its own collections, as they stand before the event in hand. */
export interface ProjectionSession {
  get<Document extends ReadDocument>(collection: string, id: string): Promise<Document | null>
  /**
   * Folds the event in hand onto a document; null removes it. A document that has this event already is left as it is
   * (events come at least once where an engine has no transactions).
   */
  update<Document extends ReadDocument>(
    collection: string,
    id: string,
    change: (document: Document | null) => Document | null,
  ): Promise<void>
}

export type DocumentKey = readonly [collection: string, id: string]

/** A read model: what it keeps, and how an event changes it. Changing either means a new version, which is built beside the old. */
export interface Projection {
  name: string
  version: number
  collections: readonly CollectionDefinition[]
  /** Events of other types pass it by. */
  handles: ReadonlySet<string>
  /** Documents that an event will ask for, as far as it tells itself: they are loaded together, ahead of a page of events. */
  expects?: (event: RecordedEvent) => readonly DocumentKey[]
  apply: (event: RecordedEvent, session: ProjectionSession) => Promise<void>
}
