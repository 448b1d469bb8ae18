import { pipeline } from 'node:stream/promises'
import { Argument, Command, Option } from 'commander'
import { reportParameters, reports } from '#application'
import type { Report, ReportParameters } from '#application'
import { tableFormats, writeTable } from '#spreadsheet'
import type { TableFormat } from '#spreadsheet'
import { exitCodes } from '#processes'
import { checkNewFile, writeNewFile } from '../new-file.ts'
import { onStore, Refusal } from '../session.ts'
import { dayOf, local } from '../times.ts'

interface Options {
  from: string
  to: string
  format: TableFormat
  out: string
  department?: string
  channel?: string
  force: boolean
}

const STANDARD_OUTPUT = '-'

export function reportCommand(): Command {
  const names = [...reports.values()].map(({ name, title }) => `${name} ${title}`)
  return new Command('report')
    .description('write a report for a spreadsheet or a script')
    .addArgument(new Argument('<report>', names.join(', ')).choices([...reports.keys()]))
    .requiredOption('--from <date>', 'received, of promises made, from this day on')
    .requiredOption('--to <date>', 'received, of promises made, until this day')
    .addOption(new Option('--format <format>', 'what to write').choices(tableFormats).makeOptionMandatory())
    .option('--out <file>', 'where to; - is standard output, for csv and json', STANDARD_OUTPUT)
    .option('--department <department>', 'what this department answered, owes or promised: its id or name')
    .option('--channel <id>', 'what came by this channel')
    .option('--force', 'replace the file where there is one', false)
    .addHelpText('after', '\nWhat each figure is: docs/reports.md.')
    .hook('preAction', (command) => {
      const { format, out, json } = { ...command.parent?.opts(), ...command.opts<Options & { json?: boolean }>() }
      if (out !== STANDARD_OUTPUT) return
      if (format === 'xlsx') command.error("error: an xlsx report needs a file, option '--out <file>'")
      if (json && format !== 'json') {
        command.error(`error: with --json, standard output takes no ${format}: give --format json or --out <file>`)
      }
    })
    .action(
      onStore<[string], Options>(async ({ huiying, output }, name, options) => {
        const { format, out, force } = options
        const isFile = out !== STANDARD_OUTPUT
        const parameters = parametersOf(options)
        if (isFile) await checkNewFile(out, { replace: force })
        // What was still on its way when the store was last closed belongs into the report.
        await huiying.settled()
        const report = await huiying.query(new (reports.get(name)!.query)({ asker: 'operator', ...parameters }))
        const counted = counting(report)
        const content = writeTable(counted, format, { at: Date.parse(report.generatedAt) })
        if (!isFile) {
          await pipeline(content, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
            // Who reads no further has read enough.
            if (error.code !== 'EPIPE') throw error
          })
          return exitCodes.done
        }
        await writeNewFile(out, content, { replace: force })
        const { asOf } = report
        output.data({ report: name, file: out, format, rows: counted.count, asOf })
        output.line(`${report.name}：${counted.count} 行，已写入 ${out}（数据截至 ${local(asOf) || '尚无记录'}）。`)
        return exitCodes.done
      }),
    )
}

function parametersOf({ from, to, department, channel }: Options): ReportParameters {
  const given = { from: dayOf(from), to: dayOf(to), department: department ?? null, channel: channel ?? null }
  const result = reportParameters.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `--${path.join('.')}：${message}`)
  throw new Refusal('INVALID_QUERY', problems.join('；'))
}

/** The same report, which knows how many of its rows were taken. */
function counting(report: Report): Report & { count: number } {
  async function* rows() {
    for await (const row of report.rows) {
      counted.count += 1
      yield row
    }
  }
  const counted = { ...report, count: 0, rows: rows() }
  return counted
}
