import { createHmac } from 'node:crypto'
import type { DataKey, KeyStore } from '#key-store'
import type { Json } from './envelope.ts'
import { EventStoreError } from './errors.ts'
import { canonicalJson } from './jcs.ts'
import { makeRoom } from './make-room.ts'

/** How many streams' keys are kept in mind; a stream that falls out is looked up in its events again. */
const STREAMS_MAX = 50_000

interface StreamKey {
  keyId: string
  /** Whether an event that names it is stored. Until then only this process knows of it. */
  isNamed: boolean
}

/**
 * Which key a stream uses: its events tell, in the first box among them. A stream without one is given a key, which its
 * next events must name.
 */
export class StreamKeys {
  readonly #keys: KeyStore
  readonly #firstBoxOf: (stream: string) => Promise<string | null>
  readonly #known = new Map<string, StreamKey | Promise<StreamKey>>()

  /** `firstBoxOf` reads a stream for the name of its key. */
  constructor(keys: KeyStore, firstBoxOf: (stream: string) => Promise<string | null>) {
    this.#keys = keys
    this.#firstBoxOf = firstBoxOf
  }

  /** The key to seal with. `isNew` saves looking for events where the append says that there are none. */
  async forSealing(stream: string, isNew: boolean): Promise<DataKey> {
    // As a rule it is known; not waiting then is worth it for every append.
    const known = this.#known.get(stream)
    const { keyId } = known === undefined || known instanceof Promise ? await this.#find(stream, isNew) : known
    const key = await this.#keys.find(keyId)
    if (key === null) {
      throw new EventStoreError(
        'KEY_DESTROYED',
        `The key of ${stream} was destroyed; it takes no sensitive values any more.`,
      )
    }
    return { keyId, key }
  }

  /** Whether the stream's key was used before any event named it, so that the next append must. */
  mustBeNamed(stream: string): boolean {
    const known = this.#known.get(stream)
    return known !== undefined && !(known instanceof Promise) && !known.isNamed
  }

  /** HMAC-SHA-256, hex, under the stream's key; null where that key was destroyed. `isNew` as in `forSealing`. */
  async fingerprinter(stream: string, isNew: boolean): Promise<((value: Json) => string) | null> {
    const { keyId } = await this.#find(stream, isNew)
    const key = await this.#keys.find(keyId)
    return key && ((value) => createHmac('sha256', key).update(canonicalJson(value)).digest('hex'))
  }

  /** An event that names the key was stored, or read. */
  named(stream: string, keyId: string): void {
    const known = this.#known.get(stream)
    if (known !== undefined && !(known instanceof Promise) && known.keyId === keyId) known.isNamed = true
    else this.#remember(stream, { keyId, isNamed: true })
  }

  /** Somebody else wrote to the stream: a key that no event of ours names may not be the stream's. */
  doubt(stream: string): void {
    if (this.mustBeNamed(stream)) this.#known.delete(stream)
  }

  async #find(stream: string, isNew: boolean): Promise<StreamKey> {
    const known = this.#known.get(stream)
    if (known !== undefined) return known
    const finding = this.#lookUp(stream, isNew)
    this.#remember(stream, finding)
    try {
      const found = await finding
      if (this.#known.get(stream) === finding) this.#known.set(stream, found)
      return found
    } catch (error) {
      if (this.#known.get(stream) === finding) this.#known.delete(stream)
      throw error
    }
  }

  async #lookUp(stream: string, isNew: boolean): Promise<StreamKey> {
    const keyId = isNew ? null : await this.#firstBoxOf(stream)
    if (keyId !== null) return { keyId, isNamed: true }
    return { keyId: (await this.#keys.allot()).keyId, isNamed: false }
  }

  #remember(stream: string, key: StreamKey | Promise<StreamKey>): void {
    makeRoom(this.#known, STREAMS_MAX)
    this.#known.set(stream, key)
  }
}
