import type { Asking, HttpCounty, ServedCounty } from './http.ts'

export interface LiveEvent {
  position: string
  kind: string
  id: string
  number: string | null
  type: string
  revision: number
}

/** Follows live updates as a browser would: remembers the last id, and can come back with it. */
export class LiveClient {
  readonly events: LiveEvent[] = []
  /** As `Last-Event-ID` would be. */
  lastId: string | null
  readonly status: number
  /** Comments seen, which keep the connection alive. */
  heartbeats = 0
  readonly #abort = new AbortController()
  readonly #reading: Promise<void>
  readonly #waiting = new Set<() => void>()
  #isOver = false

  private constructor(response: Response, lastId: string | null) {
    this.lastId = lastId
    this.status = response.status
    this.#reading = this.#read(response).catch(() => {
      // The connection broke, which is what tests do to it.
    })
    void this.#reading.then(() => {
      this.#isOver = true
      this.#wake()
    })
  }

  static async open(
    http: HttpCounty<ServedCounty>,
    as: Asking['as'],
    lastId: string | null = null,
  ): Promise<LiveClient> {
    const abort = new AbortController()
    const response = await fetch(`${http.serving.address}/api/live`, {
      headers: { ...http.headersOf(as), ...(lastId !== null && { 'Last-Event-ID': lastId }) },
      signal: abort.signal,
    })
    const client = new LiveClient(response, lastId)
    client.#abort.signal.addEventListener('abort', () => abort.abort())
    // From here on nothing is missed.
    if (response.status === 200) await client.until(() => client.lastId !== null)
    return client
  }

  /** Waits until something holds, or the connection has ended. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.#isOver) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  /** Resolves when the other side has ended it. */
  async ended(): Promise<void> {
    await this.#reading
  }

  async close(): Promise<void> {
    this.#abort.abort()
    await this.#reading
  }

  async #read(response: Response): Promise<void> {
    let text = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        this.#block(text.slice(0, end))
        text = text.slice(end + 2)
      }
      this.#wake()
    }
  }

  #block(block: string): void {
    const lines = block.split('\n')
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
    this.lastId = field('id') ?? this.lastId
    if (lines.some((line) => line.startsWith(':'))) this.heartbeats += 1
    const data = field('data')
    if (data !== undefined) {
      this.events.push({ position: this.lastId!, ...(JSON.parse(data) as Omit<LiveEvent, 'position'>) })
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
