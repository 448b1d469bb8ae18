import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { Query } from '@nestjs/cqrs'
import type { z } from 'zod'
import { QueryRefused, reports } from '#application'
import type {
  CommandOutcome,
  CommandRequest,
  Comparison,
  ImportReport,
  ImportRequest,
  Report,
  ReportQuery,
  ReportRequest,
  RetryReport,
  SettingsAnswer,
} from '#application'
import { FileRefused } from '#channels'
import type { VerifyMessage } from '#event-store'
import type { importAnswer } from '../../../gateway/src/answers/import.ts'
import type { settledAnswer, verificationAnswer } from '../../../gateway/src/answers/operator.ts'
import type { Row } from '#spreadsheet'
import { addressOf } from '../../../gateway/src/routes/address-of.ts'
import { readServerFile } from '../../../gateway/src/server-file.ts'
import type { Huiying } from '../huiying.ts'
import { Refusal } from '../refusal.ts'
import { HttpClient, NoServer, ServerProblem } from './http-client.ts'

/** How often an import is asked after. */
const PROGRESS_MS = 200
/** Between questions whether everything has settled; each waits a while by itself. */
const SETTLE_ATTEMPTS_MAX = 30

/** A report as JSON (docs/reports.md). */
interface WrittenReport extends Record<string, unknown> {
  title: string
  head: string[]
  asOf: string | null
  generatedAt: string
  rows: Row[]
}

/**
 * The stores of a folder by way of the server that holds them, asked as the operator: it answers as the stores themselves
 * would.
 */
export class RemoteHuiying implements Huiying {
  readonly application: Huiying['application']
  readonly projector: Huiying['projector']
  readonly #client: HttpClient

  private constructor(client: HttpClient, { channels, channelKeys }: SettingsAnswer) {
    this.#client = client
    this.application = {
      settings: {
        current: {
          channels: new Map(channels.map((channel) => [channel.id, channel])),
          channelKeys: Map.groupBy(channelKeys, ({ channelId }) => channelId),
        },
      },
      importFile: (request) => this.#importFile(request),
      retryRefusedRows: () => this.#work<RetryReport>('/api/operator/retry-refused-rows'),
    }
    this.projector = {
      rebuild: async () => {
        await this.#work('/api/operator/rebuild')
      },
      compare: () => this.#work<Comparison>('/api/operator/compare'),
    }
  }

  /** Null where no server of ours says that it holds the folder, or the one that did no longer answers. */
  static async connect(folder: string): Promise<RemoteHuiying | null> {
    const server = await readServerFile(folder)
    if (server === null) return null
    const client = new HttpClient(server.address, server.token)
    try {
      return new RemoteHuiying(client, await client.get<SettingsAnswer>('/api/settings'))
    } catch (error) {
      const isAnothers = error instanceof ServerProblem && error.details.status < 429
      if (error instanceof NoServer || isAnothers) return null
      throw error
    }
  }

  async command(request: CommandRequest): Promise<CommandOutcome> {
    try {
      return await this.#client.post<CommandOutcome>('/api/operator/act', { basedOn: null, ...request })
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { code, detail } = error.details
      return { outcome: 'refused', code, detail }
    }
  }

  async query<Answer>(query: Query<Answer>): Promise<Answer> {
    const report = [...reports.values()].find(({ query: type }) => query instanceof type)
    if (report) return (await this.#report(report, query)) as Answer
    const address = addressOf(query)
    if (address === null)
      throw new Refusal('NOT_OVER_HTTP', `${query.constructor.name} 不能通过运行中的服务查询；请先停止服务。`)
    try {
      return await this.#client.get<Answer>(address)
    } catch (error) {
      throw isRefusal(error) ? new QueryRefused(error.code, error.details.detail ?? '') : error
    }
  }

  /** As it would be written here; what the server wrote is read to its end first. */
  async #report({ name, columns }: ReportQuery, query: unknown): Promise<Report> {
    const { from, to, department, channel } = (query as { request: ReportRequest }).request
    const parameters = new URLSearchParams({ from, to, format: 'json' })
    if (department !== null) parameters.set('department', department)
    if (channel !== null) parameters.set('channel', channel)
    try {
      const {
        rows,
        columns: _columns,
        count: _count,
        ...facts
      } = await this.#client.get<WrittenReport>(`/api/reports/${name}?${parameters.toString()}`)
      const { title, head, asOf, generatedAt } = facts
      return { report: name, name: title, head, columns, rows: Readable.from(rows), facts, asOf, generatedAt }
    } catch (error) {
      throw isRefusal(error) ? new QueryRefused(error.code, error.details.detail ?? '') : error
    }
  }

  async settled(): Promise<void> {
    for (let attempt = 0; attempt < SETTLE_ATTEMPTS_MAX; attempt += 1) {
      const { settled } = await this.#work<z.infer<typeof settledAnswer>>('/api/operator/settle')
      if (settled) return
    }
    throw new Error('the server has more to do than it gets done; what was asked for is stored, and lists will show it')
  }

  async *verify(): AsyncGenerator<VerifyMessage> {
    const { found, ...total } = await this.#work<z.infer<typeof verificationAnswer>>('/api/operator/verify')
    for (const finding of found) yield { kind: 'finding', finding: finding as never }
    yield { kind: 'done', ...total }
  }

  /** The server goes on. */
  close(): Promise<void> {
    return Promise.resolve()
  }

  #work<Answer>(path: string): Promise<Answer> {
    return this.#client.call<Answer>(path)
  }

  async #importFile({ path, channelId, sheet, mapping, dryRun, onProgress }: ImportRequest): Promise<ImportReport> {
    const parameters = new URLSearchParams({ channel: channelId, fileName: path.slice(-300), dryRun: String(dryRun) })
    if (sheet !== undefined) parameters.set('sheet', sheet)
    if (mapping !== undefined) parameters.set('columns', JSON.stringify(mapping))
    const file = await opened(path)
    let job: z.infer<typeof importAnswer>
    try {
      const { size } = await file.stat()
      job = await this.#client.upload(`/api/imports?${parameters.toString()}`, file.createReadStream(), size)
    } catch (error) {
      throw isRefusal(error) ? new Refusal(error.code, error.message) : error
    } finally {
      await file.close()
    }
    while (job.state === 'waiting' || job.state === 'running') {
      await setTimeout(PROGRESS_MS)
      job = await this.#client.get(`/api/imports/${job.run}`)
      if (job.progress) onProgress?.(job.progress.bytesRead, job.progress.bytesTotal)
    }
    return reportOf(job)
  }
}

/** The file as the reader of files would find it. Throws `FILE_UNREADABLE`. */
async function opened(path: string): Promise<FileHandle> {
  const file = await open(path).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new FileRefused('FILE_UNREADABLE', { reason }, { cause })
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new FileRefused('FILE_UNREADABLE', { reason: 'not a regular file' })
}

function reportOf(job: z.infer<typeof importAnswer>): ImportReport {
  const { run, dryRun, state, counts, refusals, sheet, columns, problem, token } = job
  if (problem) throw new Refusal(problem.code, problem.message)
  if (state !== 'finished' || !counts) {
    throw new Error('the server broke the import off; import the file again to take in the rest')
  }
  return {
    run: dryRun ? null : run,
    ...counts,
    refusals: refusals ?? [],
    sheet,
    columns: columns as ImportReport['columns'],
    token,
  }
}

/** What the stores themselves would have refused, too; anything else is a fault of the server. */
function isRefusal(error: unknown): error is ServerProblem {
  return error instanceof ServerProblem && (error.details.status < 500 || error.code === 'VIEW_NOT_READY')
}
