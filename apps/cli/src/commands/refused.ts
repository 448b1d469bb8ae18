import { Command } from 'commander'
import { ListRefusedRows } from '#application'
import { exitCodes } from '#processes'
import { clip, table } from '../output.ts'
import { onStore } from '../session.ts'
import { limit } from './cases.ts'

interface Options {
  retry: boolean
  limit: number
  cursor?: string
}

export function refusedCommand(): Command {
  return new Command('refused')
    .description('rows that imports refused and nobody has settled, and why')
    .option('--retry', 'try each of them once more', false)
    .option('--limit <n>', 'how many, 1 to 200', limit, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action(
      onStore<[], Options>(async ({ huiying, output }, { retry, limit, cursor }) => {
        if (retry) {
          const { tried, taken, refused, notKept } = await huiying.application.retryRefusedRows()
          await huiying.settled()
          output.data({ tried, taken, refused, notKept })
          output.line(
            `重试 ${tried} 行：收下 ${taken}，仍拒收 ${refused}；未完整保存、需随文件重新导入 ${notKept} 行。`,
          )
          return exitCodes.done
        }
        const page = await huiying.query(new ListRefusedRows({ asker: 'operator', limit, cursor: cursor ?? null }))
        output.data({ total: page.total, rows: page.documents, next: page.next })
        if (page.documents.length === 0) {
          output.line('没有待处理的拒收行。')
          return exitCodes.done
        }
        const rows = page.documents.map(({ channel, row, code, message, excerpt }) => [
          channel,
          String(row),
          code,
          clip(message, 60),
          clip(excerpt ?? '', 30),
        ])
        for (const text of table(['渠道', '行', '代码', '原因', '开头'], rows)) output.line(text)
        output.line(`共 ${page.total} 行待处理。`)
        if (page.next !== null) output.line(`下一页：--cursor ${page.next}`)
        return exitCodes.done
      }),
    )
}
