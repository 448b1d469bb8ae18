import type { From } from '#event-store'
import { Worker } from 'node:worker_threads'
import { START } from './messages.ts'
import type { Comparison, FromWorker, ToWorker, WorkerSettings } from './messages.ts'

/** How long a reader waits for a projection to reach a token (DESIGN §4). */
const TOKEN_WAIT_MS = 2_000
/** A page of events takes the worker a fraction of this; whoever hears nothing for so long waits for nothing. */
const SILENCE_MS_MAX = 60_000
const SILENT = 'nothing was heard of the projector for a minute: stop Huiying and start it again'

interface Waiter {
  projection: string
  token: string
  resolve: (reached: boolean) => void
}

/** The answering process's side of the worker that keeps the read models. */
export class ProjectorHost {
  readonly #worker: Worker
  readonly #checkpoints = new Map<string, From>()
  readonly #waiters = new Set<Waiter>()
  readonly #requests = new Map<number, { resolve: (message: FromWorker) => void; reject: (error: Error) => void }>()
  readonly #exited: Promise<void>
  #nextRequest = START
  #wakeSent = false
  #failure: Error | null = null
  #heardAt = performance.now()

  private constructor(settings: WorkerSettings) {
    const source = import.meta.url.endsWith('.ts')
    this.#worker = new Worker(new URL(source ? './worker.ts' : './worker.js', import.meta.url), {
      workerData: settings,
      // It makes and drops documents by the page: with room for a few pages, few of them are ever moved.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
      // A worker started from source must resolve our libraries to source as well, or it would run an old build.
      execArgv: source ? ['--conditions=source', '--no-warnings'] : [],
    })
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()))
    this.#worker.on('message', (message: FromWorker) => this.#receive(message))
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))))
    void this.#exited.then(() => this.#fail(new Error('the projector has stopped')))
  }

  /** Starts the worker; resolves when it follows every read model in use. */
  static async start(settings: WorkerSettings): Promise<ProjectorHost> {
    const host = new ProjectorHost(settings)
    const timer = setTimeout(() => host.#fail(new Error(SILENT)), SILENCE_MS_MAX)
    await host.#ask(START, () => {}).finally(() => clearTimeout(timer))
    return host
  }

  /** How far a projection, or search, has come; null where nothing was heard of it yet. */
  checkpoint(projection: string): From | null {
    return this.#checkpoints.get(projection) ?? null
  }

  /** Why nothing is projected any more; null while it is. */
  get failure(): Error | null {
    return this.#failure
  }

  /** Says that there may be more to project; as often as one likes. */
  wake(): void {
    if (this.#wakeSent) return
    this.#wakeSent = true
    setImmediate(() => {
      this.#wakeSent = false
      if (!this.#failure) this.#send({ kind: 'wake' })
    })
  }

  /** Whether a projection shows everything up to a token, waiting 2 s at most unless told otherwise. Throws if the projector failed. */
  async reached(projection: string, token: string, waitMs = TOKEN_WAIT_MS): Promise<boolean> {
    if (this.#failure) throw this.#failure
    if (this.#isReached(projection, token)) return true
    return await new Promise<boolean>((resolve) => {
      const waiter: Waiter = {
        projection,
        token,
        resolve: (reached) => {
          clearTimeout(timer)
          this.#waiters.delete(waiter)
          resolve(reached)
        },
      }
      const timer = setTimeout(() => waiter.resolve(false), waitMs)
      this.#waiters.add(waiter)
    })
  }

  /** Waits for as long as the projector gets on; throws where nothing was heard of it for a minute. */
  async caughtUp(projection: string, token: string): Promise<void> {
    while (!(await this.reached(projection, token, SILENCE_MS_MAX))) {
      if (performance.now() - this.#heardAt >= SILENCE_MS_MAX) throw new Error(SILENT)
    }
  }

  async rebuild(): Promise<void> {
    const request = ++this.#nextRequest
    await this.#ask(request, () => this.#send({ kind: 'rebuild', request }))
  }

  /**
   * When it resolves, what the events up to a position removed from the read models and the search index is nowhere in their
   * files.
   */
  async purge(position: string): Promise<void> {
    await this.caughtUp('casework', position)
    await this.caughtUp('search', position)
    const request = ++this.#nextRequest
    await this.#ask(request, () => this.#send({ kind: 'purge', request }))
  }

  async compare(): Promise<Comparison> {
    const request = ++this.#nextRequest
    const answer = await this.#ask(request, () => this.#send({ kind: 'compare', request }))
    if (answer.kind !== 'compared') throw new Error(`the projector answered ${answer.kind}`)
    return answer.result
  }

  /** Lets the worker write what it has in hand, then ends it; also one that has failed, which else would stay. */
  async stop(): Promise<void> {
    this.#send({ kind: 'stop' })
    await this.#exited
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  #ask(request: number, send: () => void): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      this.#requests.set(request, { resolve, reject })
      send()
    })
  }

  #isReached(projection: string, token: string): boolean {
    const checkpoint = this.#checkpoints.get(projection)
    return checkpoint !== undefined && checkpoint !== 'start' && checkpoint >= token
  }

  #receive(message: FromWorker): void {
    this.#heardAt = performance.now()
    switch (message.kind) {
      case 'ready':
        return this.#settle(START, message)
      case 'progress':
        this.#checkpoints.set(message.projection, message.checkpoint)
        for (const waiter of this.#waiters) {
          if (waiter.projection === message.projection && this.#isReached(waiter.projection, waiter.token))
            waiter.resolve(true)
        }
        return
      case 'rebuilt':
      case 'purged':
      case 'compared':
        return this.#settle(message.request, message)
      case 'failed': {
        const error = Object.assign(new Error(message.message), { code: message.code ?? undefined })
        if (message.request === null) return this.#fail(error)
        this.#requests.get(message.request)?.reject(error)
        this.#requests.delete(message.request)
        return
      }
      case 'stopped':
        return
    }
  }

  #settle(request: number, message: FromWorker): void {
    this.#requests.get(request)?.resolve(message)
    this.#requests.delete(request)
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#requests.values()) reject(this.#failure)
    this.#requests.clear()
    for (const waiter of this.#waiters) waiter.resolve(false)
  }
}
