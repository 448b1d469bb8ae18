import { setTimeout } from 'node:timers/promises'
import type { EventStore, From } from '#event-store'
import type { ReadStore } from '#read-store'
import type { SearchChange, SearchGeneration, SearchWriter } from '#search'
import { traitsOf } from '../projections/casework/traits.ts'
import type { CaseDetailDocument } from '../projections/casework/case-detail.ts'
import type { CaseDocument } from '../projections/casework/case-document.ts'
import type { ItemDocument } from '../projections/casework/item.ts'

/** What is searched in a case. A change here needs a new version, which is built beside the one in use. */
const SEARCH_VERSION = 3
const PAGE_EVENTS = 400
/**
 * While much is written, the index waits a little between its turns: a case that changes three times in a breath is then
 * indexed once.
 */
const BREATH_MS = 500
/** After a pass over many cases, and while more come: so many breaths at most, for lists go before search. */
const BREATHS_MAX = 8
/** So many cases are indexed together, at most a page's more: the larger a batch, the less is merged later. */
const CASES_A_BATCH = 1_400
/** A pass over so many cases is one of many. */
const BUSY_CASES = 100
/** With those, below the index's bound for one batch. */
const FOLLOWERS_MAX = 600
/** Of an opinion case that gathers thousands, the first items are searched. */
const ITEMS_MAX = 100
const READ_MAX = 200

export interface SearchFollowerParts {
  store: EventStore
  views: ReadStore
  search: SearchWriter
  onProgress: (checkpoint: From) => void
  /** Takes out of the file for good what was removed from the index. */
  purge?: () => Promise<void>
}

/**
 * Keeps the search index behind the read models: which cases changed is read from the events, without opening them; what
 * they say is read from the documents.
 */
export class SearchFollower {
  readonly #store: EventStore
  readonly #views: ReadStore
  readonly #search: SearchWriter
  readonly #onProgress: (checkpoint: From) => void
  readonly #purge: () => Promise<void>
  #generation: SearchGeneration | null = null
  #target: From = 'start'
  #running: Promise<void> | null = null
  /** An index is to be built anew: whoever catches up with the one before ends after the page in hand. */
  #makingWay = false
  #stopped = false
  /** Whether the last pass went over many cases. */
  #isBusy = false

  /** `purge`: takes for good what an erased item left in the index, where nobody else sees to that. */
  constructor(parts: SearchFollowerParts) {
    this.#store = parts.store
    this.#views = parts.views
    this.#search = parts.search
    this.#onProgress = parts.onProgress
    this.#purge = parts.purge ?? (() => Promise.resolve())
  }

  async start(): Promise<void> {
    this.#generation = await this.#search.prepare(SEARCH_VERSION)
  }

  /** The documents show everything up to here; the index may, too. Failures go to `onFailed`. */
  advance(checkpoint: From, onFailed: (error: unknown) => void): void {
    this.#target = checkpoint
    if (this.#running || this.#makingWay || this.#stopped) return
    this.#running = this.#catchUp().catch((error: unknown) => {
      this.#running = null
      onFailed(error)
    })
  }

  /** Builds the index anew beside the one in use, and lets it take over; what comes meanwhile is followed behind it. */
  async rebuild(onFailed: (error: unknown) => void): Promise<void> {
    this.#makingWay = true
    try {
      await this.#running
      this.#generation = await this.#search.rebuild(SEARCH_VERSION)
      await this.#pass(this.#generation, () => this.#stopped)
    } finally {
      this.#makingWay = false
      this.advance(this.#target, onFailed)
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #catchUp(): Promise<void> {
    const generation = this.#generation!
    const isCut = () => this.#stopped || this.#makingWay
    for (;;) {
      const followed = await this.#pass(generation, isCut)
      if (isCut() || this.#target === followed) break
      await this.#breathe(isCut)
    }
    // Nothing may be awaited between that question and this: an advance in between would go unheard.
    this.#running = null
  }

  async #breathe(isCut: () => boolean): Promise<void> {
    let target: From | null = null
    for (let breath = 0; breath < (this.#isBusy ? BREATHS_MAX : 1); breath++) {
      if (isCut() || target === this.#target) return
      target = this.#target
      await setTimeout(BREATH_MS)
    }
  }

  /**
   * Follows up to where the documents were when it began, and lets the index take over there: if it waited for a moment in
   * which nothing is written, it might wait for days. How far it came, unless it was cut.
   */
  async #pass(generation: SearchGeneration, isCut: () => boolean): Promise<From> {
    const from = await generation.checkpoint()
    const until = this.#target
    if (until !== 'start' && (from === 'start' || from < until)) {
      const ids = new Set<string>()
      let isErasing = false
      this.#isBusy = false
      for await (const events of this.#store.readStored(from, { pageSize: PAGE_EVENTS, until, select: isSearched })) {
        if (isCut()) return from
        for (const { metadata, type } of events) {
          if (metadata.caseId !== null) ids.add(metadata.caseId)
          isErasing ||= erases.has(type)
        }
        if (ids.size < CASES_A_BATCH) continue
        await this.#index(generation, ids, events.at(-1)!.position)
        ids.clear()
        this.#isBusy = true
      }
      this.#isBusy ||= ids.size >= BUSY_CASES
      // Past the last events, too, that changed nothing here.
      await this.#index(generation, ids, until)
      if (isErasing) await this.#purge()
    }
    await generation.switchOver()
    this.#onProgress(await generation.checkpoint())
    return until
  }

  async #index(generation: SearchGeneration, ids: ReadonlySet<string>, checkpoint: From): Promise<void> {
    await generation.index(await this.#changes(ids), checkpoint)
    if ((await generation.status()) === 'active') this.#onProgress(checkpoint)
  }

  async #changes(ids: ReadonlySet<string>): Promise<SearchChange[]> {
    const cases = await this.#many<CaseDocument>('cases', [...ids])
    const followers = cases.flatMap((document) => document.followers.map(({ id }) => id)).filter((id) => !ids.has(id))
    const wanted = [
      ...cases,
      ...(await this.#many<CaseDocument>('cases', [...new Set(followers)].slice(0, FOLLOWERS_MAX))),
    ]
    const details = byId(
      await this.#many<CaseDetailDocument>(
        'case-details',
        wanted.map(({ id }) => id),
      ),
    )
    const items = byId(
      await this.#many<ItemDocument>(
        'items',
        wanted.flatMap((document) => document.items.slice(0, ITEMS_MAX)),
      ),
    )
    return wanted.map((document) =>
      searched(
        document,
        details.get(document.id),
        document.items.flatMap((id) => items.get(id) ?? []),
      ),
    )
  }

  async #many<Document>(collection: string, ids: readonly string[]): Promise<Document[]> {
    const documents: Document[] = []
    for (let start = 0; start < ids.length; start += READ_MAX) {
      documents.push(
        ...((await this.#views.getMany(collection, ids.slice(start, start + READ_MAX), 'system')) as Document[]),
      )
    }
    return documents
  }
}

/** What takes words away that nobody may find again, in the bytes of a file either. */
const erases: ReadonlySet<string> = new Set(['ItemErased', 'ItemQuarantined'])

/** Deadlines are never searched, and who may see a case never follows from them. */
function isSearched({ type, stream }: { type: string; stream: string }): boolean {
  return (stream.startsWith('case-') || stream.startsWith('item-')) && !type.startsWith('Deadline')
}

function byId<Document extends { id: string }>(documents: readonly Document[]): Map<string, Document> {
  return new Map(documents.map((document) => [document.id, document]))
}

function searched(
  document: CaseDocument,
  detail: CaseDetailDocument | undefined,
  items: readonly ItemDocument[],
): SearchChange {
  const fields: Record<string, string> = { number: document.number, title: document.title }
  const said = items.flatMap(({ title, content, author }) => [title, content, author ?? ''])
  // Fields are kept apart by a line break, which no word crosses.
  fields['items'] = said.filter((text) => text !== '').join('\n')
  const answers = (detail?.responses ?? []).map(({ text }) => (typeof text === 'string' ? text : ''))
  fields['answers'] = answers.join('\n')
  return {
    id: document.id,
    sortKey: document.receivedAt,
    visibleTo: document.visibleTo,
    fields,
    traits: traitsOf(document),
  }
}
