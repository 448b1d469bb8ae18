import { Command } from 'commander'
import { parse } from 'yaml'
import { exitCodes } from '#processes'
import { progressBar, table, clip } from '../output.ts'
import { onStore, readGiven, Refusal } from '../session.ts'

interface Options {
  channel: string
  sheet?: string
  map?: string
  dryRun: boolean
}

const SHOWN = 20

/** A column map as YAML, which JSON is, too. */
function mappingIn(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal('MAPPING_INVALID', `列对应表 ${file} 不是合法的 YAML 或 JSON：${why}`)
  }
}

export function importCommand(): Command {
  return new Command('import')
    .description('take in a file of messages: XLSX, CSV, JSON Lines or a JSON list; texts in UTF-8 or GB18030')
    .argument('<file>', 'the file')
    .requiredOption('--channel <id>', 'the channel that the rows came by, such as governor-suggestions')
    .option('--sheet <name>', "a workbook's sheet, by name or number; else the first visible one with known headings")
    .option('--map <file>', 'a YAML or JSON file that says which column is which field')
    .option('--dry-run', 'say what would happen and change nothing', false)
    .addHelpText(
      'after',
      '\nRunning it again takes nothing twice. A row that is refused is kept: see `huiying refused`.',
    )
    .action(
      onStore<[string], Options>(async ({ huiying, output }, file, { channel, sheet, map, dryRun }) => {
        const { channels } = huiying.application.settings.current
        const known = channels.get(channel)
        if (known?.active !== true) {
          const active = [...channels.values()].filter(({ active }) => active)
          const list = active.map(({ id, name }) => `${id} ${name}`).join('、')
          throw new Refusal('UNKNOWN_CHANNEL', `没有渠道 ${channel}；可用的渠道：${list}`)
        }
        const mapping = map === undefined ? undefined : mappingIn(map, await readGiven(map))
        const bar = progressBar('导入')
        try {
          const report = await huiying.application.importFile({
            path: file,
            channelId: channel,
            kind: known.kind,
            sheet,
            mapping,
            dryRun,
            onProgress: bar.update,
          })
          bar.end()
          if (!dryRun) await huiying.settled()
          const { rows, taken, unchanged, revised, refused, refusals } = report
          output.data({ rows, taken, unchanged, revised, refused, refusals })
          output.line(
            `${dryRun ? '试导入，未写入。' : ''}共 ${rows} 行：新收 ${taken}，未变 ${unchanged}，更新 ${revised}，拒收 ${refused}。`,
          )
          if (report.sheet !== null) output.line(`  工作表：${report.sheet}`)
          for (const { column, field } of report.columns?.used ?? []) output.line(`  ${column} → ${field}`)
          if (report.columns?.ignored.length) output.line(`  未使用的列：${report.columns.ignored.join('、')}`)
          if (refusals.length > 0) {
            output.line()
            const shown = refusals
              .slice(0, SHOWN)
              .map(({ row, code, message }) => [String(row), code, clip(message, 80)])
            for (const text of table(['行', '代码', '原因'], shown)) output.line(text)
            if (refused > SHOWN) output.line(`… 另有 ${refused - SHOWN} 行；huiying refused 查看全部`)
          }
          return exitCodes.done
        } finally {
          bar.end()
        }
      }),
    )
}
