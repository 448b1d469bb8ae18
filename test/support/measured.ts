import { Writable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Takes everything and keeps nothing, but how much it was and how much more memory was held meanwhile than before. */
export class MeasuredSink extends Writable {
  bytes = 0
  mostHeldBytes = 0
  #chunks = 0
  readonly #chunksBetween: number
  readonly #before = held()

  /** Memory is looked at whenever so many chunks have come. */
  constructor(chunksBetween: number) {
    super()
    this.#chunksBetween = chunksBetween
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length
    this.#chunks += 1
    if (this.#chunks % this.#chunksBetween === 0)
      this.mostHeldBytes = Math.max(this.mostHeldBytes, held() - this.#before)
    done()
  }

  get measurements(): number {
    return Math.floor(this.#chunks / this.#chunksBetween)
  }
}

function held(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
