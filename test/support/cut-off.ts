import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** Stands between a process and a server as the network does, and does to them what networks do. */
export class CutOff {
  readonly host = '127.0.0.1'
  readonly port: number
  readonly #listener: Server
  readonly #target: { host: string; port: number }
  readonly #sockets = new Set<Socket>()
  #isCut = false
  /** Pending: what is sent waits for it; null: everything passes. */
  #held: PromiseWithResolvers<void> | null = null
  #delayMs = 0

  private constructor(listener: Server, target: { host: string; port: number }) {
    this.#listener = listener
    this.#target = target
    this.port = (listener.address() as AddressInfo).port
    listener.on('connection', (socket) => this.#accept(socket))
  }

  static async before(target: { host: string; port: number }): Promise<CutOff> {
    const listener = createServer()
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject)
      listener.listen(0, '127.0.0.1', () => resolve())
    })
    return new CutOff(listener, target)
  }

  /** Breaks every connection and takes none, until `restore`. */
  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.destroy()
  }

  restore(): void {
    this.#isCut = false
  }

  /** Connections stay, and nothing passes, either way, until `release`. */
  hold(): void {
    this.#held ??= Promise.withResolvers()
  }

  release(): void {
    this.#held?.resolve()
    this.#held = null
  }

  /** Whatever is sent waits so long, piece by piece. */
  slowDown(delayMs: number): void {
    this.#delayMs = delayMs
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#listener.close(() => resolve()))
    this.cut()
    this.release()
    await closed
  }

  #accept(near: Socket): void {
    if (this.#isCut) {
      near.destroy()
      return
    }
    const far = connect(this.#target)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('data', (bytes: Buffer) => void this.#pass(bytes, socket, other))
      socket.on('end', () => void this.#passed().then(() => other.end()))
      // Either end may break off: then the other does.
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
  }

  async #pass(bytes: Buffer, from: Socket, to: Socket): Promise<void> {
    if (this.#held === null && this.#delayMs === 0) {
      if (!to.write(bytes)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
      return
    }
    from.pause()
    await this.#passed()
    if (!to.destroyed) to.write(bytes)
    from.resume()
  }

  /** Resolves when what was sent now may pass. */
  async #passed(): Promise<void> {
    if (this.#delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#delayMs))
    await this.#held?.promise
  }
}
