import type { Draft, Shelf, ShelvedFile } from '../shelf.ts'
import { overtaken } from './bucket.ts'
import type { S3Bucket } from './bucket.ts'
import { S3Draft } from './draft.ts'
import { FIRST_BYTES, S3File } from './object.ts'
import { SharedTurns } from './turns.ts'
import type { TurnLimits } from './turns.ts'

export interface S3ShelfOptions {
  bucket: S3Bucket
  /** What every key begins with: empty, or with a slash at its end. */
  prefix: string
  draftsFolder: string
  turns?: TurnLimits
  /** For how long an upload is taken for one that goes on. The longest takes a quarter of an hour. */
  unfinishedAfterMs?: number
}

const TURNS: TurnLimits = { leaseMs: 20_000, waitMsMax: 60_000 }
const UNFINISHED_AFTER_MS = 86_400_000

/**
 * Files in a bucket: `{prefix}files/{owner}/{blob id}`, and `{prefix}turns/{owner}` while somebody changes the files of an
 * owner. Many processes use it at once.
 */
export class S3Shelf implements Shelf {
  readonly #bucket: S3Bucket
  readonly #files: string
  readonly #draftsFolder: string
  readonly #turns: SharedTurns
  readonly #unfinishedAfterMs: number

  constructor({
    bucket,
    prefix,
    draftsFolder,
    turns = TURNS,
    unfinishedAfterMs = UNFINISHED_AFTER_MS,
  }: S3ShelfOptions) {
    this.#bucket = bucket
    this.#files = `${prefix}files/`
    this.#draftsFolder = draftsFolder
    this.#turns = new SharedTurns(bucket, `${prefix}turns/`, turns)
    this.#unfinishedAfterMs = unfinishedAfterMs
  }

  begin(): Promise<Draft> {
    return S3Draft.begin(this.#draftsFolder, {
      bucket: this.#bucket,
      keyOf: (owner, blobId) => this.#keyOf(owner, blobId),
      turn: () => this.#turns.current,
    })
  }

  async open(owner: string, blobId: string): Promise<ShelvedFile | null> {
    const key = this.#keyOf(owner, blobId)
    const first = await this.#bucket.read(key, { first: 0, last: FIRST_BYTES - 1 })
    this.#turns.current?.seen.set(key, first?.etag ?? null)
    return first && new S3File(this.#bucket, key, first)
  }

  async list(owner: string): Promise<string[]> {
    return await Array.fromAsync(this.#bucket.namesUnder(`${this.#files}${owner}/`, null))
  }

  async remove(owner: string, blobId: string): Promise<void> {
    const key = this.#keyOf(owner, blobId)
    const turn = this.#turns.current
    turn?.check()
    if (!(await this.#bucket.remove(key, turn?.seen.get(key) ?? null))) throw overtaken(`A file of ${owner}`)
    turn?.seen.set(key, null)
  }

  owners(after: string | null): AsyncIterable<string> {
    return this.#bucket.namesUnder(this.#files, after)
  }

  /** Uploads in parts that nobody goes on with. Nothing in them can be read. */
  async *unfinished(): AsyncGenerator<Draft> {
    const before = Date.now() - this.#unfinishedAfterMs
    for await (const { key, uploadId, beganAt } of this.#bucket.uploadsUnder(this.#files)) {
      if (beganAt <= before) yield this.#leftBehind(key, uploadId)
    }
  }

  exclusively<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(owner, work)
  }

  #leftBehind(key: string, uploadId: string): Draft {
    const gone = () => Promise.reject(new TypeError('An upload that was left behind is only discarded.'))
    return {
      sizeBytes: 0,
      read: () => Promise.resolve(new Uint8Array()),
      append: gone,
      prepare: gone,
      place: gone,
      discard: async () => {
        await this.#bucket.abort(key, uploadId)
        return true
      },
      close: () => Promise.resolve(),
    }
  }

  #keyOf(owner: string, blobId: string): string {
    return `${this.#files}${owner}/${blobId}`
  }
}
