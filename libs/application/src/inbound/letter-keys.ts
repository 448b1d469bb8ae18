import type { DataKey, KeyStore } from '#key-store'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'

/** Letters under one key: few enough that destroying it destroys little else. */
const LETTERS_PER_KEY_MAX = 1_000

/** Keys that dead letters are sealed under: another one after each start, each day (UTC) and so many letters. */
export class LetterKeys {
  readonly #keys: Pick<KeyStore, 'allot'>
  readonly #clock: Clock
  #current: { key: Promise<DataKey>; day: string; left: number } | null = null

  constructor(keys: Pick<KeyStore, 'allot'>, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
  }

  /** For one letter more. */
  async next(): Promise<DataKey> {
    const day = instantAt(this.#clock.now()).slice(0, 10)
    if (this.#current === null || this.#current.day !== day || this.#current.left === 0) {
      this.#current = { key: this.#keys.allot(), day, left: LETTERS_PER_KEY_MAX }
    }
    const current = this.#current
    current.left -= 1
    try {
      return await current.key
    } catch (error) {
      if (this.#current === current) this.#current = null
      throw error
    }
  }
}
