import { basename } from 'node:path'
import { Command } from 'commander'
import { ListImportRuns } from '#application'
import { exitCodes } from '#processes'
import { clip, table } from '../output.ts'
import { onStore } from '../session.ts'
import { local } from '../times.ts'
import { limit } from './cases.ts'

interface Options {
  limit: number
  cursor?: string
}

export function importsCommand(): Command {
  return new Command('imports')
    .description('what was brought in, and what became of its rows, the newest first')
    .option('--limit <n>', 'how many, 1 to 200', limit, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action(
      onStore<[], Options>(async ({ huiying, output }, { limit, cursor }) => {
        const page = await huiying.query(new ListImportRuns({ asker: 'operator', limit, cursor: cursor ?? null }))
        output.data({ total: page.total, imports: page.documents, next: page.next })
        if (page.documents.length === 0) {
          output.line('还没有导入过。')
          return exitCodes.done
        }
        const rows = page.documents.map(({ startedAt, finishedAt, channel, source, fileName, counts, problem }) => [
          local(startedAt),
          channel,
          source === 'webhook' ? '平台推送' : clip(basename(fileName ?? ''), 30),
          ...['rows', 'taken', 'unchanged', 'revised', 'refused'].map((name) => String(counts?.[name] ?? '')),
          resultOf(source, finishedAt, problem),
        ])
        const head = ['时间', '渠道', '文件', '行', '新收', '未变', '更新', '拒收', '结果']
        for (const text of table(head, rows)) output.line(text)
        if (page.next !== null) output.line(`下一页：--cursor ${page.next}`)
        return exitCodes.done
      }),
    )
}

/** What a platform sends in a day is never finished. */
function resultOf(
  source: string,
  finishedAt: string | null,
  problem: { code: string; message: string } | null,
): string {
  if (problem) return `${problem.code} ${clip(problem.message, 40)}`
  if (source === 'webhook') return '按日合计'
  return finishedAt ? '完成' : '中断，重新导入即可续完'
}
