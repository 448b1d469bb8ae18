import type { IncomingMessage } from '#messaging'
import type { Letter, Resolution } from './letter-format.ts'

/** Letters that are kept in mind at once; those that came later wait until older ones are done with. */
export const LETTERS_MAX = 100_000

/** A letter that nobody is done with, without its content. */
export interface OpenLetter {
  letter: Omit<Letter, 'sealed'>
  /** Where its parts are, `partition:offset`, in their order. */
  places: string[]
  sizeBytes: number
}

interface Arriving {
  open: OpenLetter
  missing: number
}

/** Folds the topic of dead letters: the newest that is known of each message. */
export class LetterIndex {
  readonly #open = new Map<string, OpenLetter>()
  /** Letters of several parts, by id and sealing: of one that was cut off by the process's end, the rest never comes. */
  readonly #arriving = new Map<string, Arriving>()

  add(entry: Letter | Resolution, message: Pick<IncomingMessage, 'partition' | 'offset'>): void {
    if (entry.kind === 'resolved') {
      this.#open.delete(entry.id)
      return
    }
    const { sealed, ...letter } = entry
    const name = `${letter.id} ${sealed.iv}`
    const arriving = this.#arriving.get(name) ?? { open: { letter, places: [], sizeBytes: 0 }, missing: sealed.parts }
    const { open } = arriving
    if (open.places[sealed.part] === undefined) {
      arriving.missing -= 1
      open.sizeBytes += sealed.ciphertext.length
    }
    open.places[sealed.part] = placeOf(message)
    if (arriving.missing > 0) {
      if (this.#arriving.size < LETTERS_MAX) this.#arriving.set(name, arriving)
      return
    }
    this.#arriving.delete(name)
    if (this.#open.has(letter.id) || this.#open.size < LETTERS_MAX) this.#open.set(letter.id, open)
  }

  /** In the order in which their messages were sent: by topic, partition and offset. */
  get open(): readonly OpenLetter[] {
    return [...this.#open.values()].toSorted(
      ({ letter: one }, { letter: other }) =>
        compare(one.topic, other.topic) ||
        compare(one.partition, other.partition) ||
        compare(BigInt(one.offset), BigInt(other.offset)) ||
        compare(one.sentAtMs, other.sentAtMs),
    )
  }
}

export function placeOf({ partition, offset }: Pick<IncomingMessage, 'partition' | 'offset'>): string {
  return `${partition}:${offset}`
}

function compare<Value extends string | number | bigint>(one: Value, other: Value): number {
  return one < other ? -1 : one > other ? 1 : 0
}
