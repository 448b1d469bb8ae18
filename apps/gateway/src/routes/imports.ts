import type { Readable } from 'node:stream'
import { commandTable, countyRoles, GetImportRun, GetSettings } from '#application'
import type { Role } from '#domain'
import { z } from 'zod'
import { importAnswer } from '../answers/import.ts'
import { Problem } from '../http/problem.ts'
import { askerOf } from '../identity/authenticator.ts'
import type { Identity } from '../identity/authenticator.ts'
import type { ImportJob } from '../imports/import-desk.ts'
import type { Served } from '../served.ts'
import { rolesOf } from './commands.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

/** Any: what a file is, is told by its name and its bytes. */
const mediaTypes = [
  'application/octet-stream',
  'text/csv',
  'text/tab-separated-values',
  'application/json',
  'application/jsonl',
  'application/x-ndjson',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
]
/** Whoever may begin a run; channels' clients deliver through webhooks. */
const importers = rolesOf(commandTable.get('StartImport')!).filter((role) => role !== 'channel')

const run = z.string().regex(/^[a-z0-9][a-z0-9-]{0,127}$/)
const flag = z.enum(['true', 'false']).default('false')
const columns = z
  .string()
  .max(8_000)
  .optional()
  .describe('Which column is which field, as JSON: { "receivedAt": "留言时间" }.')

/** Files brought in, and how far they are. */
export const importRoutes: readonly Route[] = [
  route({
    name: 'ImportFile',
    method: 'POST',
    path: '/api/imports',
    tag: 'imports',
    summary: 'Bring in a file of messages or posts 导入文件',
    description:
      'The body is the file itself. Importing it again takes nothing twice; a bad row is refused, kept and the rest goes on. One file at a time is imported for each channel, others wait.',
    access: [...importers, 'operator'],
    parameters: {
      query: z.strictObject({
        channel: z.string().min(1).max(64),
        fileName: z.string().min(1).max(300).describe('Its extension says what it is.'),
        sheet: z.string().min(1).max(100).optional().describe('Of a workbook: its name, or its number.'),
        dryRun: flag.describe('Says what would happen and changes nothing.'),
        columns,
      }),
    },
    body: { kind: 'stream', mediaTypes, limit: 'uploadBytesMax' },
    timeLimit: 'uploadMsMax',
    answers: [
      {
        status: 202,
        description: 'The file is there and will be imported.',
        schema: importAnswer,
        headers: { Location: 'Where to ask how far it is.' },
      },
    ],
    errors: ['UNKNOWN_CHANNEL', 'IMPORT_QUEUE_FULL'],
    handle: async ({ parameters, body }, { served, desk }) => {
      const { channel, fileName, sheet, dryRun, columns } = parameters
      const known = await channelOf(served, channel)
      const upload = { channel: known, fileName, sheet, dryRun: dryRun === 'true', mapping: mappingOf(columns) }
      const job = await desk.accept(upload, body as unknown as Readable)
      return { status: 202, headers: { Location: `/api/imports/${job.run}` }, json: answerOf(job) }
    },
  }),
  route({
    name: 'GetImport',
    method: 'GET',
    path: '/api/imports/{id}',
    tag: 'imports',
    summary: 'How far an import is, or what became of it 导入进度与结果',
    access: [...([...countyRoles] as Role[]), 'operator'],
    parameters: { path: z.strictObject({ id: run }) },
    headers: ['Huiying-Token'],
    answers: [{ status: 200, description: 'The import.', schema: importAnswer }],
    errors: ['NOT_FOUND', 'VIEW_NOT_READY'],
    handle: async ({ parameters: { id }, identity, token }, { served, desk }) => {
      const job = desk.find(id)
      return { json: job ? answerOf(job) : await rememberedBy(served, id, identity!, token) }
    },
  }),
]

async function channelOf(served: Pick<Served, 'query'>, id: string) {
  const { channels } = await served.query(new GetSettings())
  const channel = channels.find((each) => each.id === id && each.active)
  if (channel) return channel
  throw new Problem('UNKNOWN_CHANNEL', channels.flatMap(({ id, active }) => (active ? [id] : [])).join(', '))
}

function mappingOf(columns: string | undefined): unknown {
  if (columns === undefined) return undefined
  try {
    return JSON.parse(columns)
  } catch (cause) {
    const error = { place: 'query', field: 'columns', zh: '应为 JSON', en: 'Expected JSON' } as const
    throw new Problem('PARAMETERS_INVALID', null, { errors: [error], cause })
  }
}

type ImportAnswer = z.input<typeof importAnswer>

function answerOf(job: ImportJob): ImportAnswer {
  const { run, channel, fileName, dryRun, state, acceptedAt, finishedAt, progress, report, problem } = job
  return {
    run,
    channel: channel.id,
    fileName,
    dryRun,
    state,
    startedAt: acceptedAt,
    finishedAt,
    progress,
    counts: report && countsOf(report as unknown as Record<string, number>),
    refusals: report?.refusals ?? null,
    sheet: report?.sheet ?? null,
    columns: report?.columns ?? null,
    problem,
    token: report?.token ?? null,
  }
}

/** An import of before this process started, or of longer ago than is remembered. */
async function rememberedBy(
  served: Pick<Served, 'query'>,
  id: string,
  identity: Identity,
  token: string | null,
): Promise<ImportAnswer> {
  const found = await served.query(new GetImportRun({ run: id, asker: askerOf(identity), token }))
  if (!found) throw new Problem('NOT_FOUND', id)
  const { channel, fileName, startedAt, finishedAt, counts, problem } = found
  const over = problem ? 'refused' : 'finished'
  return {
    run: id,
    channel,
    fileName,
    dryRun: false,
    state: finishedAt === null ? 'interrupted' : over,
    startedAt,
    finishedAt,
    progress: null,
    counts: counts && countsOf(counts),
    refusals: null,
    sheet: null,
    columns: null,
    problem,
    token: null,
  }
}

function countsOf({ rows = 0, taken = 0, unchanged = 0, revised = 0, refused = 0 }: Record<string, number>) {
  return { rows, taken, unchanged, revised, refused }
}
