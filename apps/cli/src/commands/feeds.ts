import { Command } from 'commander'
import { ListFeeds } from '#application'
import { exitCodes } from '#processes'
import { clip, table } from '../output.ts'
import { onStore } from '../session.ts'
import { local } from '../times.ts'
import { limit } from './cases.ts'

interface Options {
  limit: number
  cursor?: string
}

export function feedsCommand(): Command {
  return new Command('feeds')
    .description('feeds that are looked at, and which of them cannot be read')
    .option('--limit <n>', 'how many, 1 to 200', limit, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .addHelpText(
      'after',
      '\nA feed is defined, changed or stopped by `huiying act DefineFeed`; it is looked at while the server runs.',
    )
    .action(
      onStore<[], Options>(async ({ huiying, output }, { limit, cursor }) => {
        const page = await huiying.query(new ListFeeds({ asker: 'operator', limit, cursor: cursor ?? null }))
        output.data({ total: page.total, feeds: page.documents, next: page.next })
        if (page.documents.length === 0) {
          output.line('没有订阅源；huiying act DefineFeed 设置。')
          return exitCodes.done
        }
        const rows = page.documents.map(({ id, channel, address, everyMinutes, active, failing }) => [
          id,
          channel,
          clip(address, 50),
          `${everyMinutes} 分钟`,
          failing ? `${local(failing.since)} 起读不到（${failing.fault}）` : active ? '正常' : '已停用',
        ])
        for (const text of table(['订阅源', '渠道', '网址', '间隔', '状态'], rows)) output.line(text)
        if (page.next !== null) output.line(`下一页：--cursor ${page.next}`)
        return exitCodes.done
      }),
    )
}
