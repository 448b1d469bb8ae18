import {
  countyRoles,
  ExplainDeadline,
  GetCase,
  GetSettings,
  GetStatistics,
  GetWatchList,
  ListCases,
  ListCommitments,
  ListFeeds,
  ListImportRuns,
  ListItems,
  ListRefusedRows,
  ListResponses,
  ListWatchLists,
  ListWorkloads,
} from '#application'
import type { Asker } from '#application'
import { deadline } from '#calendar'
import { localDate, role } from '#domain'
import type { Role } from '#domain'
import type { Query } from '@nestjs/cqrs'
import { z } from 'zod'
import { caseAnswer, caseDocument } from '../answers/case.ts'
import { commitmentDocument } from '../answers/commitment.ts'
import { itemDocument } from '../answers/item.ts'
import {
  feedDocument,
  importRunDocument,
  refusedRowDocument,
  responseDocument,
  workloadDocument,
} from '../answers/lists.ts'
import { settingsAnswer } from '../answers/settings.ts'
import { statisticsAnswer } from '../answers/statistics.ts'
import { pageOf } from '../answers/values.ts'
import { watchAnswer, watchDocument } from '../answers/watch.ts'

/** One question that can be asked over HTTP. */
export interface QueryRow {
  /** The query's class. */
  query: QueryClass
  path: string
  tag: string
  summary: string
  by: readonly Role[]
  parameters: { path: z.ZodObject; query: z.ZodObject }
  answer: z.ZodType
  /** The revision of what was asked for, for If-Match. */
  revisionOf?: (answer: never) => number
  /** The question that parameters ask. */
  ask: (parameters: never, asker: Asker, token: string | null) => Query<unknown>
  /** The parameters that ask a question: the other way round, for those who ask from elsewhere. */
  parametersOf: (query: never) => Record<string, unknown>
}

type QueryClass = abstract new (...given: never[]) => Query<unknown>

const county = [...countyRoles] as Role[]
/** Everybody who reads cases: not channels' clients, nor administrators, whose business they are none of. */
export const readers: readonly Role[] = role.options.filter((each) => each !== 'channel' && each !== 'administrator')
const staff = role.options.filter((each) => each !== 'channel')

const id = z.string().min(1).max(128)
const name = z.string().min(1).max(200)
const moment = z.iso.datetime({ precision: 3 })
const flag = z.enum(['true', 'false']).transform((said) => said === 'true')
const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2_000).optional().describe('`next` of the page before.'),
}

/** A query class that is given one request, of which `asker` and `token` come from elsewhere. */
function asked<Path extends z.ZodRawShape, Asked extends z.ZodRawShape, Request>(
  row: Omit<QueryRow, 'query' | 'parameters' | 'ask' | 'parametersOf' | 'revisionOf'> & {
    query: new (request: Request & { asker: Asker; token: string | null }) => Query<unknown> & { request: object }
    parameters: { path?: Path; query: Asked }
    revisionOf?: (answer: never) => number
  },
): QueryRow {
  const { query } = row
  return {
    ...row,
    parameters: { path: z.strictObject(row.parameters.path ?? {}), query: z.strictObject(row.parameters.query) },
    ask: (parameters: Request, asker, token) => new query({ ...parameters, asker, token }),
    parametersOf: ({ request }: { request: object }) => {
      const { asker: _asker, token: _token, ...parameters } = request as { asker: Asker; token?: string | null }
      return parameters
    },
  }
}

/** Every question that staff may ask, and what is answered. */
export const queryTable: readonly QueryRow[] = [
  asked({
    query: ListCases,
    path: '/api/cases',
    tag: 'cases',
    summary: 'Cases, newest received first 办件列表',
    by: readers,
    parameters: {
      query: {
        search: z.string().min(1).max(1_000).optional().describe('Words that must all be found.'),
        state: caseDocument.shape.status.optional(),
        department: name.optional().describe('Cases that it leads or assists with.'),
        channel: name.optional(),
        ...paging,
      },
    },
    answer: pageOf(caseDocument),
  }),
  asked({
    query: GetCase,
    path: '/api/cases/{number}',
    tag: 'cases',
    summary: 'One case: now, or as it was 办件详情与回放',
    by: readers,
    parameters: {
      path: { number: id.describe('Its number 受理编号, or its id.') },
      query: {
        history: flag.optional().describe('Whether its events are wanted, too.'),
        at: moment.optional().describe('What was recorded by then: who knew what.'),
        asOf: moment.optional().describe('What had happened by then, whenever it was recorded.'),
      },
    },
    answer: caseAnswer,
    revisionOf: ({ detail }: z.infer<typeof caseAnswer>) => detail.revision,
  }),
  asked({
    query: ListItems,
    path: '/api/items',
    tag: 'items',
    summary: 'What came in, and where it is 收件箱',
    by: readers,
    parameters: {
      query: {
        place: itemDocument.shape.place.optional().describe('`waiting`, where nothing is said.'),
        channel: name.optional(),
        ...paging,
      },
    },
    answer: pageOf(itemDocument),
  }),
  asked({
    query: ListCommitments,
    path: '/api/commitments',
    tag: 'commitments',
    summary: 'Promises, the soonest due first 承诺台账',
    by: readers,
    parameters: {
      query: { state: commitmentDocument.shape.status.optional(), responsible: name.optional(), ...paging },
    },
    answer: pageOf(commitmentDocument),
  }),
  asked({
    query: ListResponses,
    path: '/api/responses',
    tag: 'responses',
    summary: 'Answers given, the newest first 舆情回应台账',
    by: readers,
    parameters: {
      query: { department: name.optional(), caseKind: responseDocument.shape.caseKind.optional(), ...paging },
    },
    answer: pageOf(responseDocument),
  }),
  asked({
    query: ListWorkloads,
    path: '/api/workloads',
    tag: 'workloads',
    summary: 'What each department has in hand 单位工作量',
    by: readers,
    parameters: { query: paging },
    answer: pageOf(workloadDocument),
  }),
  asked({
    query: ListWatchLists,
    path: '/api/watch-lists',
    tag: 'watch-lists',
    summary: 'Daily lists and weekly reminders of departments, the newest first 日监测、周提醒',
    by: readers,
    parameters: { query: { department: name.optional(), date: localDate.optional(), ...paging } },
    answer: pageOf(watchDocument),
  }),
  asked({
    query: GetWatchList,
    path: '/api/watch-lists/{department}',
    tag: 'watch-lists',
    summary: 'What is due, overdue and waiting in a department, with what it is about 今日清单',
    by: readers,
    parameters: {
      path: { department: name },
      query: { date: localDate.optional().describe('A business day; the newest list, where nothing is said.') },
    },
    answer: watchAnswer,
  }),
  asked({
    query: ListFeeds,
    path: '/api/feeds',
    tag: 'imports',
    summary: 'Feeds that are looked at, and which cannot be read 订阅源',
    by: county,
    parameters: { query: paging },
    answer: pageOf(feedDocument),
  }),
  asked({
    query: ListImportRuns,
    path: '/api/imports',
    tag: 'imports',
    summary: 'What was brought in, the newest first 导入记录',
    by: county,
    parameters: { query: { channel: name.optional(), ...paging } },
    answer: pageOf(importRunDocument),
  }),
  asked({
    query: ListRefusedRows,
    path: '/api/refused-rows',
    tag: 'imports',
    summary: 'Rows that imports refused, the oldest first 拒收行',
    by: county,
    parameters: { query: { state: refusedRowDocument.shape.state.optional(), ...paging } },
    answer: pageOf(refusedRowDocument),
  }),
  asked({
    query: GetStatistics,
    path: '/api/statistics',
    tag: 'statistics',
    summary: 'How many were received, answered, answered in time 留言办理统计',
    by: county,
    parameters: { query: { from: localDate.optional(), to: localDate.optional() } },
    answer: statisticsAnswer,
  }),
  {
    query: ExplainDeadline,
    path: '/api/deadline',
    tag: 'deadline',
    summary: 'When something received then would have to be answered, day by day 时限计算',
    by: staff,
    parameters: {
      path: z.strictObject({}),
      query: z.strictObject({ channel: name, received: moment, type: name.optional() }),
    },
    answer: deadline.nullable().describe('Null where no norm applies.'),
    ask: ({ channel, received, type = null }: { channel: string; received: string; type?: string | null }) =>
      new ExplainDeadline(channel, received, type),
    parametersOf: ({ channel, received, type }: ExplainDeadline) => ({ channel, received, type }),
  },
  {
    query: GetSettings,
    path: '/api/settings',
    tag: 'settings',
    summary: 'Departments, channels, approval policies and limits in force 现行设置',
    by: staff,
    parameters: { path: z.strictObject({}), query: z.strictObject({}) },
    answer: settingsAnswer,
    ask: () => new GetSettings(),
    parametersOf: () => ({}),
  },
]
