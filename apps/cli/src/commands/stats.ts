import { Command } from 'commander'
import { GetStatistics, NONE } from '#application'
import { exitCodes } from '#processes'
import { table } from '../output.ts'
import { onStore, Refusal } from '../session.ts'
import { dayOf } from '../times.ts'

interface Options {
  from?: string
  to?: string
}

export function statsCommand(): Command {
  return new Command('stats')
    .description('how many messages were received, answered, answered in time; how promises stand')
    .option('--from <date>', 'received from this day on')
    .option('--to <date>', 'received until this day')
    .action(
      onStore<[], Options>(async ({ huiying, output }, { from, to }) => {
        const first = from === undefined ? null : dayOf(from)
        const last = to === undefined ? null : dayOf(to)
        if (first !== null && last !== null && first > last) {
          throw new Refusal('INVALID_QUERY', `--from ${first} 晚于 --to ${last}；请对调。`)
        }
        const statistics = await huiying.query(new GetStatistics({ asker: 'operator', from: first, to: last }))
        output.data(statistics)
        const { received, answered, answeredInTime, commitments } = statistics
        output.line(
          `留言 ${received} 件，已答复 ${answered} 件，按时答复 ${answeredInTime} 件（及时率 ${share(answeredInTime, received)}）。`,
        )
        for (const [title, groups] of [
          ['时限规则', statistics.byNorm],
          ['渠道', statistics.byChannel],
          ['单位', statistics.byDepartment],
        ] as const) {
          const rows = Object.entries(groups)
            .sort(([, a], [, b]) => b.received - a.received)
            .slice(0, 20)
            .map(([name, counts]) => [
              name === NONE ? '未指明' : name,
              String(counts.received),
              String(counts.answered),
              String(counts.answeredInTime),
              share(counts.answeredInTime, counts.received),
            ])
          if (rows.length === 0) continue
          output.line()
          for (const text of table([title, '留言数', '答复数', '按时', '及时率'], rows)) output.line(text)
        }
        const { made, open, overdue, settled, broken, withdrawn } = commitments
        output.line()
        output.line(
          `承诺 ${made} 项：进行中 ${open}（逾期 ${overdue}），已销号 ${settled}，未兑现 ${broken}，已撤回 ${withdrawn}。`,
        )
        return exitCodes.done
      }),
    )
}

function share(part: number, whole: number): string {
  return whole === 0 ? '—' : `${((100 * part) / whole).toFixed(1)} %`
}
