import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** A connection on which anything may be sent, as no client would. */
export class RawConnection {
  readonly #socket: Socket
  #received = ''
  readonly #closed: Promise<void>
  readonly #waiting = new Set<() => void>()

  constructor(address: string) {
    const { hostname, port } = new URL(address)
    this.#socket = connect(Number(port), hostname)
    this.#socket.setEncoding('utf8')
    this.#socket.on('data', (text) => {
      this.#received += String(text)
      for (const resolve of this.#waiting) resolve()
    })
    // Whoever is cut off is told so by the end of the connection.
    this.#socket.on('error', () => {})
    this.#closed = new Promise((resolve) => this.#socket.once('close', () => resolve()))
    void this.#closed.then(() => this.#waiting.forEach((resolve) => resolve()))
  }

  get received(): string {
    return this.#received
  }

  send(text: string | Uint8Array): void {
    this.#socket.write(text)
  }

  /** Takes nothing more from the other side. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Everything that was received once it holds this, or the other side has closed. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text) && !this.#socket.destroyed) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
      this.#waiting.clear()
    }
    return this.#received
  }

  /** Everything that was received, once the other side has closed. */
  async toTheEnd(): Promise<string> {
    await this.#closed
    return this.#received
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** The problem in an answer as it came over a bare connection. */
export function problemIn(received: string): { status: number; code: string } {
  const [head = '', body = ''] = received.split('\r\n\r\n')
  const { code } = JSON.parse(body) as { code: string }
  return { status: Number(head.split(' ')[1]), code }
}
