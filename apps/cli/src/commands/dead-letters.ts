import { Command } from 'commander'
import type { DeadLetters } from '#application'
import { openMessaging } from '#messaging'
import { addressesIn, brokerOf, Closing, exitCodes, openStores, SharedApplication, topicsIn } from '#processes'
import { clip, table } from '../output.ts'
import { onFolder } from '../session.ts'
import { local } from '../times.ts'
import { limit } from './cases.ts'

interface Options {
  limit: number
  replay?: boolean
  id?: string[]
  reason?: string[]
}

export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .description('messages of a broker that could not be taken in (distributed profile)')
    .option('--replay', 'take them in anew; what is refused again stays here')
    .option('--id <id...>', 'only these')
    .option('--reason <code...>', 'only those that were refused with one of these codes')
    .option('--limit <n>', 'how many, 1 to 200', limit, 50)
    .addHelpText(
      'after',
      '\nIt asks the broker and the stores that the environment names, as the ingesters do: docs/distributed.md.' +
        '\nReplaying again changes nothing that was taken in already.',
    )
    .action(
      onFolder<[], Options>(async ({ output }, { limit, replay = false, id: ids, reason: reasons }) =>
        withDeadLetters(async (deadLetters) => {
          if (replay) {
            const report = await deadLetters.replay({ limit, ...(ids && { ids }), ...(reasons && { reasons }) })
            output.data(report)
            output.line(
              `重试 ${report.read} 条：接收 ${report.taken}，未变 ${report.unchanged}，更新 ${report.revised}，` +
                `再次拒收 ${report.refused}，无法解读 ${report.unreadable}；其余 ${report.left} 条下次再试。`,
            )
            return report.refused + report.unreadable > 0 ? exitCodes.refused : exitCodes.done
          }
          const { total, letters } = await deadLetters.list({ limit })
          output.data({ total, deadLetters: letters })
          if (letters.length === 0) {
            output.line('没有死信。')
            return exitCodes.done
          }
          const rows = letters.map(({ id, channelId, code, message, refusedAt, attempts }) => [
            id,
            channelId ?? '—',
            local(refusedAt),
            `${attempts} 次`,
            `${clip(message.zh, 40)}（${code}）`,
          ])
          for (const text of table(['编号', '渠道', '拒收时间', '已试', '原因'], rows)) output.line(text)
          output.line(`共 ${total} 条；huiying dead-letters --replay 重试。`)
          return exitCodes.done
        }),
      ),
    )
}

async function withDeadLetters<Result>(work: (deadLetters: DeadLetters) => Promise<Result>): Promise<Result> {
  const addresses = addressesIn(process.env)
  const broker = brokerOf(addresses)
  const topics = topicsIn(process.env)
  const log = () => {
    // What goes wrong is thrown; a terminal needs no account of the rest.
  }
  const closing = new Closing()
  try {
    const stores = closing.add(await openStores(addresses), (open) => open.close())
    const messaging = closing.add(openMessaging(broker), (open) => open.close())
    const shared = closing.add(await SharedApplication.open({ stores, log }), (open) => open.close())
    const parts = { messaging, keys: stores.keys, deadLetterTopic: topics.deadLetters.name }
    return await work(shared.application.inbound(parts).deadLetters)
  } finally {
    await closing.close()
  }
}
