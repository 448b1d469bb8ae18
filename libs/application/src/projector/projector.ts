import { setTimeout } from 'node:timers/promises'
import type { EventStore, From, RecordedEvent } from '#event-store'
import { withEvents } from '#observability'
import type { Generation, GenerationOptions, ReadStoreWriter } from '#read-store'
import type { Projection } from '../projections/projection.ts'
import { ProjectionWriter } from './session.ts'

const PAGE_SIZE = 1_000
/**
 * While much is written, a page waits a little until it is fuller: a case that changes three times in a breath is then
 * written once.
 */
const BUSY_EVENTS = 100
const BREATH_MS = 600

export interface ProjectorParts {
  store: EventStore
  views: ReadStoreWriter
  projections: readonly Projection[]
  /** Of the lease under which it writes, where other processes may write, too. */
  fence?: number
  /** Called after every write that readers can see. */
  onProgress: (projection: string, checkpoint: From) => void
}

/**
 * Folds the event store onto the read models. Projections in use follow live; one whose version is new, or that is to be
 * rebuilt, is built beside the one in use by a loop of its own and takes over when it has caught up, so that nobody who
 * reads the others waits for it.
 */
export class Projector {
  readonly #parts: ProjectorParts
  readonly #stopping = new AbortController()
  readonly #loops = new Set<Promise<void>>()
  /** Who writes the generation in use, by projection. */
  readonly #writing = new Map<string, ProjectionWriter>()
  /** What is being built beside; one after another, because a projection has room for one. */
  #building: Promise<void> = Promise.resolve()
  #failed: (error: unknown) => void = () => {}

  constructor(parts: ProjectorParts) {
    this.#parts = parts
  }

  get #fenced(): GenerationOptions {
    const { fence } = this.#parts
    return fence === undefined ? {} : { fence }
  }

  /** Resolves when every read model in use follows; those being built go on behind it. Rejections of loops go to `onFailed`. */
  async start(onFailed: (error: unknown) => void): Promise<void> {
    this.#failed = onFailed
    const active: ProjectionWriter[] = []
    const building: ProjectionWriter[] = []
    for (const projection of this.#parts.projections) {
      const generation = await this.#parts.views.prepare(
        projection.name,
        projection.version,
        projection.collections,
        this.#fenced,
      )
      const writer = await writerOf(projection, generation)
      if ((await generation.status()) === 'active') {
        active.push(writer)
        // It is in use before it has caught up, and may be replaced before it has.
        this.#writing.set(projection.name, writer)
        this.#parts.onProgress(projection.name, writer.checkpoint)
      } else building.push(writer)
    }
    if (active.length > 0) this.#follow(active)
    if (building.length > 0) this.#building = new Promise((resolve) => this.#follow(building, resolve))
  }

  /** Builds every read model anew beside the one in use and lets it take over. Resolves when all have. */
  rebuild(): Promise<void> {
    return this.#afterOthers(async () => {
      const writers: ProjectionWriter[] = []
      for (const projection of this.#parts.projections) writers.push(await this.#anew(projection))
      await new Promise<void>((resolve) => this.#follow(writers, resolve))
    })
  }

  /** Builds one anew up to a position, lets `look` look at it, and drops it. */
  beside<Result>(projection: Projection, until: From, look: (anew: Generation) => Promise<Result>): Promise<Result> {
    return this.#afterOthers(async () => {
      const writer = await this.#anew(projection)
      const pages = until === 'start' ? [] : this.#parts.store.readAll('start', { pageSize: PAGE_SIZE, until })
      for await (const events of pages) await writer.follow(events, false)
      await writer.flush()
      const result = await look(writer.generation)
      await writer.generation.discard()
      return result
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#loops)
  }

  #afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#building.then(work)
    // Whoever comes next waits for the end of this, not for its success.
    this.#building = turn.then(
      () => {},
      () => {},
    )
    return turn
  }

  async #anew(projection: Projection): Promise<ProjectionWriter> {
    const { name, version, collections } = projection
    return await writerOf(projection, await this.#parts.views.rebuild(name, version, collections, this.#fenced))
  }

  #follow(writers: readonly ProjectionWriter[], onCaughtUp: () => void = () => {}): void {
    const loop = this.#run(writers, onCaughtUp).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#failed(error)
    })
    this.#loops.add(loop)
    void loop.finally(() => this.#loops.delete(loop))
  }

  async #run(writers: readonly ProjectionWriter[], onCaughtUp: () => void): Promise<void> {
    const signal = this.#stopping.signal
    let live = false
    for await (const message of this.#parts.store.subscribe(earliest(writers), { signal, pageSize: PAGE_SIZE })) {
      const count = message.kind === 'events' ? message.events.length : 0
      // While there is more, what this page and the next both change is written once, and shown when it is.
      const isCurrent = live && !(message.kind === 'events' && (await this.#isMore(message.events)))
      for (const writer of writers) {
        if (message.kind === 'events') await project(writer, message.events, isCurrent)
        else if (message.kind === 'caught-up') await this.#takeOver(writer)
        if (message.kind === 'caught-up' || live) this.#report(writer)
      }
      if (message.kind === 'caught-up') {
        live = true
        onCaughtUp()
      }
      if (writers.every((writer) => writer.retired)) return
      if (isCurrent && count >= BUSY_EVENTS) await setTimeout(BREATH_MS)
    }
  }

  /** Whether another page is sure to come: asked after full pages only, of which the last is as full as the others. */
  async #isMore(page: readonly RecordedEvent[]): Promise<boolean> {
    if (page.length < PAGE_SIZE) return false
    const further = this.#parts.store.readStored(page.at(-1)!.position, { pageSize: 1 })
    return (await further[Symbol.asyncIterator]().next()).done === false
  }

  /** The writer of the generation that is replaced stops writing before it is gone, and never comes back. */
  async #takeOver(writer: ProjectionWriter): Promise<void> {
    if (writer.retired) return
    await writer.flush()
    const { name } = writer.projection
    const before = this.#writing.get(name)
    if (before !== writer) before?.retire()
    this.#writing.set(name, writer)
    await writer.generation.switchOver()
  }

  #report(writer: ProjectionWriter): void {
    if (!writer.retired) this.#parts.onProgress(writer.projection.name, writer.written)
  }
}

async function project(writer: ProjectionWriter, events: readonly RecordedEvent[], isCurrent: boolean): Promise<void> {
  const { name, handles } = writer.projection
  const follow = () => writer.follow(events, isCurrent)
  await withEvents(`project ${name}`, events, follow, ({ type }) => handles.has(type))
}

async function writerOf(projection: Projection, generation: Generation): Promise<ProjectionWriter> {
  return new ProjectionWriter(projection, generation, await generation.checkpoint())
}

function earliest(writers: readonly ProjectionWriter[]): From {
  return writers
    .map((writer) => writer.checkpoint)
    .reduce((a, b) => (a === 'start' || b === 'start' ? 'start' : a < b ? a : b))
}
