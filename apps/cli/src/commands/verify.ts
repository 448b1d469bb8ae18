import { Command } from 'commander'
import { exitCodes } from '#processes'
import { table } from '../output.ts'
import { onFolder, verifying } from '../session.ts'

const SHOWN_MAX = 1_000

export function verifyCommand(): Command {
  return new Command('verify').description('walk every chain and schema; say what is wrong and where').action(
    onFolder<[], object>(async ({ folder, output }) => {
      const findings: { code: string; message: string; stream: string; revision: number; position: string }[] = []
      let total = { events: 0, streams: 0, findings: 0 }
      for await (const message of verifying(folder)) {
        if (message.kind === 'finding' && findings.length < SHOWN_MAX) findings.push(message.finding)
        if (message.kind === 'done') total = message
      }
      const { events, streams } = total
      output.data({ events, streams, findings: total.findings, found: findings })
      if (total.findings === 0) {
        output.line(`核验 ${streams} 条链、${events} 个事件，完好无改动。`)
        return exitCodes.done
      }
      output.line(`核验 ${streams} 条链、${events} 个事件，发现 ${total.findings} 处问题：`)
      const rows = findings.map(({ stream, revision, code, message }) => [stream, String(revision), code, message])
      for (const text of table(['流', '修订', '代码', '说明'], rows)) output.line(text)
      return exitCodes.difference
    }),
  )
}
