import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { randomUUID } from 'node:crypto'
import { importRunId } from '#application'
import type { ImportReport } from '#application'
import { FileRefused } from '#channels'
import type { Channel } from '#domain'
import { tooLarge } from '../http/body.ts'
import { errorFields } from '#observability'
import type { Log } from '#observability'
import { Problem } from '../http/problem.ts'
import { refusal } from '../http/problem-of.ts'
import type { Served } from '../served.ts'

/** Imports that are over and still remembered with everything that was said of them. */
const REMEMBERED_MAX = 20
const RETRY_AFTER_SECONDS = '30'

export interface Upload {
  channel: Pick<Channel, 'id' | 'kind'>
  /** As its sender calls it. */
  fileName: string
  /** Of a workbook, where the sender names one. */
  sheet?: string
  /** Which column is which field, where the sender says so. */
  mapping: unknown
  dryRun: boolean
}

/** A file on its way from its sender into the store. */
export interface ImportJob extends Upload {
  run: string
  state: 'waiting' | 'running' | 'finished' | 'refused' | 'interrupted'
  acceptedAt: string
  finishedAt: string | null
  progress: { bytesRead: number; bytesTotal: number } | null
  report: ImportReport | null
  problem: { code: string; message: string } | null
}

export interface ImportDeskParts {
  /** Where files lie until they are imported; emptied when the desk opens. */
  folder: string
  served: Pick<Served, 'importFile' | 'now'>
  sizeBytesMax: number
  silenceMsMax: number
  waitingMax: number
  log: Log
}

/** Takes uploaded files and imports them, one at a time for each channel. */
export class ImportDesk {
  readonly #parts: ImportDeskParts
  readonly #stopping = new AbortController()
  /** The end of what is to be done for each channel. */
  readonly #lines = new Map<string, Promise<void>>()
  /** By run, the oldest first. */
  readonly #jobs = new Map<string, ImportJob>()
  #waiting = 0

  private constructor(parts: ImportDeskParts) {
    this.#parts = parts
  }

  /** What an earlier process left behind is a file whose import broke off: it comes again with its sender. */
  static async open(parts: ImportDeskParts): Promise<ImportDesk> {
    await rm(parts.folder, { recursive: true, force: true })
    await mkdir(parts.folder, { recursive: true, mode: 0o700 })
    return new ImportDesk(parts)
  }

  /** Files that wait or are on their way. */
  get waiting(): number {
    return this.#waiting
  }

  get running(): number {
    return [...this.#jobs.values()].filter(({ state }) => state === 'running').length
  }

  find(run: string): ImportJob | null {
    return this.#jobs.get(run) ?? null
  }

  /** Keeps the file and puts it in its channel's line. Throws the problem where it cannot be taken. */
  async accept(upload: Upload, body: Readable): Promise<ImportJob> {
    const { waitingMax, served } = this.#parts
    if (this.#waiting >= waitingMax || this.#stopping.signal.aborted) {
      throw new Problem('IMPORT_QUEUE_FULL', null, { headers: { 'Retry-After': RETRY_AFTER_SECONDS } })
    }
    this.#waiting += 1
    const path = join(this.#parts.folder, `${randomUUID()}${extensionOf(upload.fileName)}`)
    try {
      await this.#keep(body, path)
      if (this.#stopping.signal.aborted) throw refusal('SERVER_STOPPING', null)
    } catch (error) {
      this.#waiting -= 1
      await rm(path, { force: true })
      throw error
    }
    const acceptedAt = served.now()
    const run = importRunId(upload.channel.id, Date.parse(acceptedAt))
    const job: ImportJob = {
      ...upload,
      run,
      state: 'waiting',
      acceptedAt,
      finishedAt: null,
      progress: null,
      report: null,
      problem: null,
    }
    this.#remember(job)
    this.#queue(job, path)
    return job
  }

  /** Breaks off what is being imported, which stays unfinished as if the process had died, and forgets what waits. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#lines.values())
  }

  async #keep(body: Readable, path: string): Promise<void> {
    const { sizeBytesMax, silenceMsMax } = this.#parts
    const silence = new AbortController()
    let timer = setTimeout(() => {})
    async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      let sizeBytes = 0
      const wait = () => {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(new Problem('REQUEST_TIMEOUT')), silenceMsMax)
      }
      wait()
      for await (const chunk of chunks) {
        sizeBytes += chunk.length
        if (sizeBytes > sizeBytesMax) throw tooLarge(sizeBytesMax)
        wait()
        yield chunk
      }
    }
    try {
      await pipeline(body, counted, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal: silence.signal })
    } catch (error) {
      throw silence.signal.aborted ? silence.signal.reason : error
    } finally {
      clearTimeout(timer)
    }
  }

  #queue(job: ImportJob, path: string): void {
    const { id } = job.channel
    const before = this.#lines.get(id) ?? Promise.resolve()
    const line = before
      .then(() => {
        this.#waiting -= 1
        return this.#import(job, path)
      })
      .finally(() => {
        if (this.#lines.get(id) === line) this.#lines.delete(id)
      })
    this.#lines.set(id, line)
  }

  async #import(job: ImportJob, path: string): Promise<void> {
    const { served, log } = this.#parts
    if (!this.#stopping.signal.aborted) job.state = 'running'
    const outcome = await this.#outcomeOf(job, path)
    await rm(path, { force: true }).catch((error: unknown) => {
      log('warn', 'an imported file was left behind until the next start', { run: job.run, ...errorFields(error) })
    })
    Object.assign(job, outcome, { finishedAt: served.now() })
  }

  async #outcomeOf(job: ImportJob, path: string): Promise<Pick<ImportJob, 'state'> & Partial<ImportJob>> {
    const { served, log } = this.#parts
    const { signal } = this.#stopping
    const { channel, fileName, sheet, mapping, dryRun, run } = job
    try {
      signal.throwIfAborted()
      const report = await served.importFile({
        path,
        fileName,
        run,
        channelId: channel.id,
        kind: channel.kind,
        ...(sheet !== undefined && { sheet }),
        mapping,
        dryRun,
        signal,
        onProgress: (bytesRead, bytesTotal) => {
          job.progress = { bytesRead, bytesTotal }
        },
      })
      return { state: 'finished', report }
    } catch (error) {
      if (error instanceof FileRefused) {
        return { state: 'refused', problem: { code: error.code, message: error.texts.zh } }
      }
      if (!signal.aborted) log('error', 'an import broke off', { run, ...errorFields(error) })
      return { state: 'interrupted' }
    }
  }

  #remember(job: ImportJob): void {
    this.#jobs.set(job.run, job)
    const over = [...this.#jobs.values()].filter(({ finishedAt }) => finishedAt !== null)
    for (const { run } of over.slice(0, Math.max(0, over.length - REMEMBERED_MAX))) this.#jobs.delete(run)
  }
}

/** What a file is read as is told by its extension. */
function extensionOf(fileName: string): string {
  const extension = extname(fileName).toLowerCase()
  return /^\.[a-z0-9]{1,8}$/.test(extension) ? extension : ''
}
