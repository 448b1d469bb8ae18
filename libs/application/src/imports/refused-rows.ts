import { REFUSED_ROWS_CHARACTERS_MAX, REFUSED_ROWS_PER_EVENT_MAX } from '#domain'
import type { ColumnReport } from '#channels'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import type { RowContext } from './row-command.ts'
import type { RowResult } from './row-intake.ts'

const ORIGINAL_CHARACTERS_MAX = 20_000

interface KeptRow {
  row: number
  code: string
  message: string
  excerpt: string | null
  original: string | null
}

export interface ImportCounts {
  rows: number
  taken: number
  unchanged: number
  revised: number
  refused: number
  problem: { code: string; message: string } | null
}

/** Keeps a run and the rows that it refused in the run's stream, in batches that fit one event. */
export class RefusedRows {
  readonly #execute: (request: CommandRequest) => Promise<CommandOutcome>
  readonly #run: string
  readonly #by: RowContext['by']
  #started = false
  #waiting: KeptRow[] = []
  #waitingCharacters = 0
  #full = false

  constructor(execute: (request: CommandRequest) => Promise<CommandOutcome>, run: string, by: RowContext['by']) {
    this.#execute = execute
    this.#run = run
    this.#by = by
  }

  /** Begins a file's run. */
  async start({ channelId, path }: { channelId: string; path: string }, { used }: ColumnReport): Promise<void> {
    if (this.#started) return
    this.#started = true
    const mapping = used.map(({ field, column }) => ({ field, column: column.slice(0, 200) }))
    await this.#give('StartImport', {
      channelId,
      source: 'file',
      origin: 'live',
      fileName: path.slice(-300),
      fileDigest: null,
      mapping,
    })
  }

  async add({ row, code, message, excerpt, original }: Extract<RowResult, { outcome: 'refused' }>): Promise<void> {
    const kept = {
      row,
      code,
      message: message.zh.slice(0, 500),
      excerpt: excerpt?.slice(0, 300) ?? null,
      original: original !== null && original.length <= ORIGINAL_CHARACTERS_MAX ? original : null,
    }
    const characters = kept.message.length + (kept.excerpt?.length ?? 0) + (kept.original?.length ?? 0)
    const isFull = this.#waiting.length >= REFUSED_ROWS_PER_EVENT_MAX
    if (isFull || this.#waitingCharacters + characters > REFUSED_ROWS_CHARACTERS_MAX) await this.keep()
    this.#waiting.push(kept)
    this.#waitingCharacters += characters
  }

  async finish(counts: ImportCounts): Promise<void> {
    if (!this.#started) return
    await this.keep()
    await this.#give('FinishImport', counts)
  }

  /** Writes what still waits for its batch to be full. */
  async keep(): Promise<void> {
    if (this.#waiting.length === 0) return
    const rows = this.#waiting
    this.#waiting = []
    this.#waitingCharacters = 0
    // A run keeps 2,000 batches of rows; of a file still worse than that the rest is only counted.
    if (this.#full) return
    this.#full = (await this.#give('RecordRefusedRows', { rows })) === 'REFUSED_ROWS_FULL'
  }

  async #give(command: string, payload: unknown): Promise<string | null> {
    const outcome = await this.#execute({ command, target: this.#run, payload, actor: { policy: this.#by } })
    if (outcome.outcome !== 'refused') return null
    if (outcome.code !== 'REFUSED_ROWS_FULL') {
      throw new Error(
        `the import run ${this.#run} could not be kept: ${command} ${outcome.code} ${outcome.detail ?? ''}`,
      )
    }
    return outcome.code
  }
}
