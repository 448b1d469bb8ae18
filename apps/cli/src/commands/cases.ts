import { InvalidArgumentError, Command } from 'commander'
import { instantAt, ListCases, systemClock } from '#application'
import type { CaseStatus } from '#application'
import { exitCodes } from '#processes'
import { clip, table } from '../output.ts'
import { onStore, Refusal } from '../session.ts'
import { local } from '../times.ts'
import { deadlineWord, statusWords } from '../words.ts'

interface Options {
  search?: string
  state?: string
  department?: string
  limit: number
  cursor?: string
}

export function casesCommand(): Command {
  return new Command('cases')
    .description('list cases, newest received first')
    .option('--search <text>', 'words that must all be found, each as a run of characters')
    .option('--state <state>', `one of ${Object.keys(statusWords).join(', ')}`)
    .option('--department <id>', 'cases that it leads or assists with')
    .option('--limit <n>', 'how many, 1 to 200', limit, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action(
      onStore<[], Options>(async ({ huiying, output }, { search, state, department, limit, cursor }) => {
        if (state !== undefined && !(state in statusWords)) {
          throw new Refusal('INVALID_QUERY', `没有状态 ${state}；可用：${Object.keys(statusWords).join(', ')}`)
        }
        const page = await huiying.query(
          new ListCases({
            asker: 'operator',
            search: search ?? null,
            state: (state as CaseStatus | undefined) ?? null,
            department: department ?? null,
            limit,
            cursor: cursor ?? null,
          }),
        )
        output.data({ total: page.total, cases: page.documents, next: page.next })
        if (page.documents.length === 0) {
          output.line(search ? `没有找到含“${search}”的办件。` : '还没有办件；huiying import 导入留言。')
          return exitCodes.done
        }
        const now = instantAt(systemClock.now())
        const rows = page.documents.map((document) => [
          document.number,
          local(document.receivedAt),
          statusWords[document.status] ?? document.status,
          document.final
            ? `${local(document.final.due).slice(0, 10)} ${deadlineWord(document.final.state, document.final.due, now)}`
            : '',
          document.lead ?? document.coordinating ?? document.answeredBy ?? '',
          clip(document.title, 48),
        ])
        for (const text of table(['受理编号', '收件时间', '状态', '答复时限', '单位', '标题'], rows)) output.line(text)
        output.line(`共 ${page.more ? '10,000 以上' : page.total} 件，显示 ${page.documents.length} 件。`)
        if (page.next !== null) output.line(`下一页：--cursor ${page.next}`)
        return exitCodes.done
      }),
    )
}

/** `--limit`: 1 to 200. */
export function limit(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 200)
    throw new InvalidArgumentError('a whole number from 1 to 200')
  return value
}
