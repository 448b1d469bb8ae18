import { Command } from 'commander'
import { ListCommitments } from '#application'
import type { CommitmentStatus } from '#application'
import { exitCodes } from '#processes'
import { clip, table } from '../output.ts'
import { onStore, Refusal } from '../session.ts'
import { commitmentWords, fulfilmentWords, publicationWords } from '../words.ts'
import { limit } from './cases.ts'

interface Options {
  state?: string
  limit: number
  cursor?: string
}

export function commitmentsCommand(): Command {
  return new Command('commitments')
    .description('list promises 承诺台账, the soonest due first')
    .option('--state <state>', `one of ${Object.keys(commitmentWords).join(', ')}`)
    .option('--limit <n>', 'how many, 1 to 200', limit, 50)
    .option('--cursor <cursor>', '`next` of the page before')
    .action(
      onStore<[], Options>(async ({ huiying, output }, { state, limit, cursor }) => {
        if (state !== undefined && !(state in commitmentWords)) {
          throw new Refusal('INVALID_QUERY', `没有状态 ${state}；可用：${Object.keys(commitmentWords).join(', ')}`)
        }
        const page = await huiying.query(
          new ListCommitments({
            asker: 'operator',
            state: (state as CommitmentStatus | undefined) ?? null,
            limit,
            cursor: cursor ?? null,
          }),
        )
        output.data({ total: page.total, commitments: page.documents, next: page.next })
        if (page.documents.length === 0) {
          output.line('没有承诺。')
          return exitCodes.done
        }
        const rows = page.documents.map((document) => [
          document.due,
          `${commitmentWords[document.status]}${document.overdue ? '（逾期）' : ''}`,
          fulfilmentWords[document.fulfilment] ?? '',
          publicationWords[document.publication] ?? '',
          document.responsible,
          clip(document.quote, 48),
        ])
        for (const text of table(['到期', '状态', '落实', '公开', '责任单位', '承诺原文'], rows)) output.line(text)
        if (page.next !== null) output.line(`下一页：--cursor ${page.next}`)
        return exitCodes.done
      }),
    )
}
