import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/**
 * Stands between a client and a server, and can cut them off from one another: what a client sees of a server that crashed,
 * a cable that was pulled, or a reply that got lost.
 */
export class CutOff {
  readonly #server: Server
  readonly #target: { host: string; port: number }
  readonly #pairs = new Set<{ client: Socket; server: Socket }>()
  #refuses = false
  /** What is sent waits for it; null: everything passes. */
  #held: PromiseWithResolvers<void> | null = null
  #delayMs = 0
  #onRequest: ((bytes: Buffer) => 'pass' | 'cut' | 'lose-reply') | null = null

  private constructor(target: { host: string; port: number }) {
    this.#target = target
    this.#server = createServer((client) => this.#join(client))
  }

  /** Listens on a port of its own of 127.0.0.1 and passes everything on to the target. */
  static async before(target: { host: string; port: number }): Promise<CutOff> {
    const cutOff = new CutOff(target)
    cutOff.#server.listen(0, '127.0.0.1')
    await once(cutOff.#server, 'listening')
    return cutOff
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** An address of the target, as it is through here. Of addresses with one host and a port. */
  through(address: string): string {
    const url = new URL(address)
    url.host = `127.0.0.1:${this.port}`
    return url.toString()
  }

  /** Cuts the connections there are; new ones are let through. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy()
      server.destroy()
    }
    this.#pairs.clear()
  }

  /** Cuts the connections there are and every new one, until `letThrough`. */
  refuse(): void {
    this.#refuses = true
    this.cut()
  }

  letThrough(): void {
    this.#refuses = false
    this.#held?.resolve()
    this.#held = null
    this.#onRequest = null
  }

  /** Connections stay, and nothing passes, either way, until `letThrough`. */
  hold(): void {
    this.#held ??= Promise.withResolvers()
  }

  /** Whatever is sent waits so long, piece by piece. */
  slowDown(delayMs: number): void {
    this.#delayMs = delayMs
  }

  /**
   * Asks about what a client sends, as it comes (a piece may be part of a message): `cut` cuts all connections before it is
   * passed on, `lose-reply` passes it on and cuts that connection when the server has answered. Null: everything passes.
   */
  watch(onRequest: ((bytes: Buffer) => 'pass' | 'cut' | 'lose-reply') | null): void {
    this.#onRequest = onRequest
  }

  async close(): Promise<void> {
    this.refuse()
    this.#held?.resolve()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket): void {
    if (this.#refuses) {
      client.destroy()
      return
    }
    const server = connect(this.#target)
    const pair = { client, server }
    this.#pairs.add(pair)
    const part = () => {
      this.#pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    // Either end may go at any moment: that is what this is for.
    for (const socket of [client, server]) {
      // What stands in between must not wait for more to send than either end did.
      socket.setNoDelay(true)
      socket.on('error', part)
      socket.on('close', part)
    }
    let losesReply = false
    client.on('data', (bytes: Buffer) => {
      const what = this.#onRequest?.(bytes) ?? 'pass'
      if (what === 'cut') return this.cut()
      if (what === 'lose-reply') losesReply = true
      void this.#pass(bytes, client, server)
    })
    server.on('drain', () => client.resume())
    server.on('data', (bytes: Buffer) => {
      if (losesReply) return part()
      void this.#pass(bytes, server, client)
    })
    client.on('drain', () => server.resume())
  }

  async #pass(bytes: Buffer, from: Socket, to: Socket): Promise<void> {
    if (this.#held !== null || this.#delayMs > 0) {
      from.pause()
      if (this.#delayMs > 0) await sleep(this.#delayMs)
      await this.#held?.promise
      if (to.destroyed) return
      from.resume()
    }
    // Held back for as long as the other side is slower.
    if (!to.write(bytes)) from.pause()
  }
}
