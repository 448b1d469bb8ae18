import { Command } from 'commander'
import { ExplainDeadline } from '#application'
import { exitCodes } from '#processes'
import { table } from '../output.ts'
import { onStore, Refusal } from '../session.ts'
import { instantOf, local } from '../times.ts'
import { dayReasons } from '../words.ts'

interface Options {
  channel: string
  received: string
  type?: string
}

export function deadlineCommand(): Command {
  return new Command('deadline')
    .description('when a message would have to be answered, day by day')
    .requiredOption('--channel <id>', 'the channel that it came by')
    .requiredOption('--received <time>', 'when it was received')
    .option('--type <type>', 'what triage would call it: consultation, help, complaint, …')
    .action(
      onStore<[], Options>(async ({ huiying, output }, { channel, received, type }) => {
        const deadline = await huiying.query(new ExplainDeadline(channel, instantOf(received), type ?? null))
        if (!deadline) throw new Refusal('NO_NORM', `没有时限规则适用于 ${channel} ${received}`)
        const { norm, due, provisional, days } = deadline
        output.data({
          norm,
          due,
          provisional,
          days: days.map(({ date, counted, reason }) => ({ date, counted, reason })),
        })
        output.line(`依据 ${norm.title}（${norm.id} 第 ${norm.version} 版）`)
        output.line(`应于 ${local(due)} 前答复${provisional ? '（暂定：节假日安排尚未公布）' : ''}`)
        let count = 0
        const rows = days.map(({ date, counted, reason, name }) => [
          date,
          counted ? `第 ${++count} 日` : '不计',
          `${dayReasons[reason] ?? reason}${name ? ` ${name}` : ''}`,
        ])
        for (const text of table(['日期', '计数', '缘由'], rows)) output.line(text)
        for (const other of deadline.others) output.line(`另有规则 ${other.norm.title}：${local(other.due)}`)
        return exitCodes.done
      }),
    )
}
