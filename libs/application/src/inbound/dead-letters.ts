import type { Messaging } from '#messaging'
import { isInfrastructure } from './failures.ts'
import type { LetterBox } from './letter-box.ts'
import { readEntry } from './letter-format.ts'
import type { Letter } from './letter-format.ts'
import { LetterIndex, placeOf } from './letter-index.ts'
import type { OpenLetter } from './letter-index.ts'
import type { MessageIntake, TakenMessage } from './message-intake.ts'
import { readTopic } from './read-topic.ts'
import { refusalOf } from './refusal.ts'

/** Letters of one replay. */
export const REPLAY_LETTERS_MAX = 1_000
/** What they may take in memory, sealed, in characters. */
const REPLAY_CHARACTERS_MAX = 64 * 1024 * 1024

export interface DeadLettersParts {
  messaging: Pick<Messaging, 'consume'>
  topic: string
  letters: Pick<LetterBox, 'open' | 'post' | 'resolve'>
  messages: MessageIntake
  /** Asks the store something small; rejects where it is away. */
  probe: () => Promise<unknown>
}

/** Of a letter what may be read without a key. */
export type ListedLetter = Omit<Letter, 'sealed' | 'format' | 'kind'>

export interface ListDeadLettersOptions {
  /** At most so many, the oldest first. */
  limit: number
  signal?: AbortSignal
}

export interface ReplayOptions {
  /** At most so many; 1,000 are the most. */
  limit: number
  /** Only these. */
  ids?: readonly string[]
  /** Only those with one of these codes. */
  reasons?: readonly string[]
  signal?: AbortSignal
}

export interface ReplayReport {
  /** Letters that were tried. */
  read: number
  taken: number
  unchanged: number
  revised: number
  /** They are dead letters again, with one attempt more. */
  refused: number
  /** Their key was destroyed, or they were tampered with: nobody can try them. */
  unreadable: number
  /** Others that were asked for and are left for another time. */
  left: number
}

/** What became of messages that could not be taken in: to be looked at, and tried again. */
export class DeadLetters {
  readonly #parts: DeadLettersParts

  constructor(parts: DeadLettersParts) {
    this.#parts = parts
  }

  /** Those that nobody is done with; no content. `total` counts all. */
  async list({ limit, signal }: ListDeadLettersOptions): Promise<{ total: number; letters: ListedLetter[] }> {
    const open = await this.#readIndex(signal)
    return {
      total: open.length,
      letters: open.slice(0, limit).map(({ letter: { format: _format, kind: _kind, ...listed } }) => listed),
    }
  }

  /**
   * Takes letters in anew, in the order in which their messages were sent. Killed in between or run twice it changes nothing
   * that was not changed: their ids are those of the messages. Throws what stores throw; run it again then.
   */
  async replay({ limit, ids, reasons, signal }: ReplayOptions): Promise<ReplayReport> {
    const wanted = (await this.#readIndex(signal)).filter(
      ({ letter }) => (!ids || ids.includes(letter.id)) && (!reasons || reasons.includes(letter.code)),
    )
    const chosen = withinBounds(wanted, Math.min(limit, REPLAY_LETTERS_MAX))
    const report: ReplayReport = {
      read: chosen.length,
      taken: 0,
      unchanged: 0,
      revised: 0,
      refused: 0,
      unreadable: 0,
      left: wanted.length - chosen.length,
    }
    const contents = await this.#readContents(chosen, signal)
    for (const { places } of chosen) {
      signal?.throwIfAborted()
      await this.#tryAgain(
        places.flatMap((place) => contents.get(place) ?? []),
        places.length,
        report,
        signal,
      )
    }
    return report
  }

  async #tryAgain(parts: Letter[], count: number, report: ReplayReport, signal?: AbortSignal): Promise<void> {
    const message = parts.length === count ? await this.#parts.letters.open(parts) : null
    if (message === null) {
      report.unreadable += 1
      return
    }
    const taken = await this.#take(message)
    report[taken.outcome] += 1
    const { id, attempts } = parts[0]!
    if (taken.outcome === 'refused') {
      await this.#parts.letters.post([{ message, refusal: taken.refusal, attempts: attempts + 1 }], signal)
    } else await this.#parts.letters.resolve(id, taken.outcome, signal)
  }

  async #take(message: Parameters<MessageIntake['read']>[0]): Promise<TakenMessage> {
    try {
      const read = await this.#parts.messages.read(message)
      return read.outcome === 'read' ? await this.#parts.messages.take(read) : read
    } catch (error) {
      if (isInfrastructure(error)) throw error
      await this.#parts.probe()
      return { outcome: 'refused', refusal: refusalOf('POISONED', null) }
    }
  }

  async #readIndex(signal: AbortSignal | undefined): Promise<readonly OpenLetter[]> {
    const index = new LetterIndex()
    await readTopic({
      ...this.#parts,
      ...(signal && { signal }),
      each: (message) => {
        const entry = readEntry(message.value)
        if (entry !== null) index.add(entry, message)
      },
    })
    return index.open
  }

  /** By place; of those that were cut off meanwhile by the topic's retention there is none. */
  async #readContents(chosen: readonly OpenLetter[], signal: AbortSignal | undefined): Promise<Map<string, Letter>> {
    const contents = new Map<string, Letter>()
    const places = new Set(chosen.flatMap(({ places }) => places))
    if (places.size === 0) return contents
    await readTopic({
      ...this.#parts,
      ...(signal && { signal }),
      each: (message) => {
        const place = placeOf(message)
        const entry = places.has(place) ? readEntry(message.value) : null
        if (entry?.kind === 'letter') contents.set(place, entry)
      },
    })
    return contents
  }
}

/** The first of them, as many as fit; one at least. */
function withinBounds(letters: readonly OpenLetter[], max: number): OpenLetter[] {
  let characters = 0
  const chosen: OpenLetter[] = []
  for (const letter of letters) {
    characters += letter.sizeBytes
    if (chosen.length >= max || (chosen.length > 0 && characters > REPLAY_CHARACTERS_MAX)) break
    chosen.push(letter)
  }
  return chosen
}
