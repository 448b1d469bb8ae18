import { randomFrom } from './invented-county.ts'

/** Chance from a seed: the same seed gives the same. */
export class Random {
  readonly #seed: number
  readonly #next: () => number

  constructor(seed: number) {
    this.#seed = seed
    this.#next = randomFrom(seed)
  }

  /** Another, for a purpose of its own: how much one draws changes nothing for the other. */
  for(purpose: string): Random {
    let hash = 0x811c9dc5 ^ this.#seed
    for (const character of purpose) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
    return new Random(hash >>> 0)
  }

  /** A whole number, both ends included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1))
  }

  pick<Value>(from: readonly [Value, ...Value[]]): Value
  pick<Value>(from: readonly Value[]): Value
  pick<Value>(from: readonly Value[]): Value {
    return from[this.between(0, from.length - 1)]!
  }

  chance(percent: number): boolean {
    return this.#next() * 100 < percent
  }

  shuffled<Value>(values: readonly Value[]): Value[] {
    return values
      .map((value) => ({ value, order: this.#next() }))
      .sort((one, other) => one.order - other.order)
      .map(({ value }) => value)
  }
}
