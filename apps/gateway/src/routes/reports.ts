import { reportParameters, reports } from '#application'
import type { Report } from '#application'
import { mediaTypes, tableFormats, writeTable } from '#spreadsheet'
import { z } from 'zod'
import { askerOf } from '../identity/authenticator.ts'
import { Problem } from '../http/problem.ts'
import { capitalised } from './commands.ts'
import { readers } from './query-table.ts'
import { route } from './route.ts'
import type { Route } from './route.ts'

const shape = reportParameters.shape
const query = z.strictObject({
  from: shape.from,
  to: shape.to,
  department: z.string().min(1).max(200).optional().describe('单位的标识或名称'),
  channel: z.string().min(1).max(64).optional().describe('渠道的标识'),
  format: z.enum(tableFormats).default('json'),
})

/** One route for each report: 舆情回应台账, 留言办理统计, 承诺台账 (docs/reports.md). */
export const reportRoutes: readonly Route[] = [...reports.values()].map(({ name, title, query: Question }) =>
  route({
    name: `Report${capitalised(name)}`,
    method: 'GET',
    path: `/api/reports/${name}`,
    tag: 'reports',
    summary: title,
    description: 'Written as it is read: one that broke off has no end, and JSON that broke off is no document.',
    access: [...readers, 'operator'],
    parameters: { query },
    headers: ['Huiying-Token'],
    answers: [
      {
        status: 200,
        description: `${title}: ${tableFormats.join(', ')}.`,
        headers: { 'Content-Disposition': 'The name to save it under.' },
      },
    ],
    errors: ['UNKNOWN_CHANNEL', 'VIEW_NOT_READY'],
    timeLimit: 'uploadMsMax',
    handle: async ({ parameters, identity, token }, { served }) => {
      const { format, department = null, channel = null, from, to } = parameters
      if (from > to) throw new Problem('PARAMETERS_INVALID', null, { errors: [lateStart] })
      const asked = new Question({ asker: askerOf(identity!), token, from, to, department, channel })
      const report: Report = await served.query(asked)
      return {
        headers: { 'Content-Disposition': saved(`${title}_${from}_${to}.${format}`) },
        mediaType: mediaTypes[format],
        content: writeTable(report, format, { at: Date.parse(report.generatedAt) }),
      }
    },
  }),
)

const lateStart = { place: 'query', field: 'from', zh: '起始日期晚于截止日期', en: 'from is later than to' } as const

/** RFC 6266: the name in UTF-8. */
function saved(name: string): string {
  return `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
}
