import { Worker } from 'node:worker_threads'
import type { From } from '#event-store'
import type { Log } from '#observability'
import type { FromSearch, SearchThreadSettings, ToSearch } from './search-messages.ts'

/** Until what failed is tried again. */
const RETRY_MS = 1_000

export interface SearchHostOptions {
  settings: SearchThreadSettings
  log: Log
  onProgress: (checkpoint: From) => void
}

/** The gateway's side of the thread that keeps its search index. */
export class SearchHost {
  readonly #worker: Worker
  readonly #options: SearchHostOptions
  readonly #exited: Promise<void>
  readonly #ready = Promise.withResolvers<void>()
  #rebuilding: PromiseWithResolvers<void> | null = null
  #target: From = 'start'
  #retry: NodeJS.Timeout | null = null
  #failure: Error | null = null

  private constructor(options: SearchHostOptions) {
    this.#options = options
    const source = import.meta.url.endsWith('.ts')
    this.#worker = new Worker(new URL(source ? './search-thread.ts' : './search-thread.js', import.meta.url), {
      workerData: options.settings,
      // A thread started from source must resolve our libraries to source as well, or it would run an old build.
      execArgv: source ? ['--conditions=source', '--no-warnings'] : [],
    })
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()))
    this.#worker.on('message', (message: FromSearch) => this.#receive(message))
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))))
    void this.#exited.then(() => this.#fail(new Error('what keeps the search index has stopped')))
  }

  /** Resolves when the index can be searched. */
  static async start(options: SearchHostOptions): Promise<SearchHost> {
    const host = new SearchHost(options)
    await host.#ready.promise
    return host
  }

  /** Why the index is not kept any more; null while it is. */
  get failure(): Error | null {
    return this.#failure
  }

  /** The documents show everything up to here. */
  advance(checkpoint: From): void {
    this.#target = checkpoint
    if (!this.#failure) this.#send({ kind: 'advance', checkpoint })
  }

  /** Builds the index anew beside the one in use. */
  async rebuild(): Promise<void> {
    if (this.#failure) throw this.#failure
    if (!this.#rebuilding) {
      this.#rebuilding = Promise.withResolvers()
      this.#send({ kind: 'rebuild' })
    }
    await this.#rebuilding.promise
  }

  async stop(): Promise<void> {
    if (this.#retry) clearTimeout(this.#retry)
    this.#send({ kind: 'stop' })
    await this.#exited
  }

  #send(message: ToSearch): void {
    this.#worker.postMessage(message)
  }

  #receive(message: FromSearch): void {
    switch (message.kind) {
      case 'ready':
        this.#options.onProgress(message.checkpoint)
        return this.#ready.resolve()
      case 'progress':
        return this.#options.onProgress(message.checkpoint)
      case 'rebuilt':
        this.#rebuilding?.resolve()
        this.#rebuilding = null
        return
      case 'failed':
        return this.#failed(message)
      case 'stopped':
        return
    }
  }

  #failed({ during, code, message }: Extract<FromSearch, { kind: 'failed' }>): void {
    const error = Object.assign(new Error(message), { code: code ?? undefined })
    if (during === 'start') return this.#fail(error)
    if (during === 'rebuild') {
      this.#rebuilding?.reject(error)
      this.#rebuilding = null
      return
    }
    this.#options.log('warn', 'the search index is not kept at the moment', { during, code, reason: message })
    if (during !== 'advance' || this.#failure) return
    this.#retry ??= setTimeout(() => {
      this.#retry = null
      this.advance(this.#target)
    }, RETRY_MS)
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#ready.reject(this.#failure)
    this.#rebuilding?.reject(this.#failure)
    this.#rebuilding = null
  }
}
