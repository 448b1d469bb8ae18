import { Command } from 'commander'
import { exitCodes } from '#processes'
import { table } from '../output.ts'
import { onStore } from '../session.ts'
import { differenceWords } from '../words.ts'

export function rebuildCommand(): Command {
  return new Command('rebuild')
    .description('make every read model and the search index anew from the events; readers see the old ones meanwhile')
    .option('--check', 'change nothing: compare what a rebuild gives, document by document, with what is in use', false)
    .action(
      onStore<[], { check: boolean }>(async ({ huiying, output }, { check }) => {
        await huiying.settled()
        const started = performance.now()
        if (!check) {
          await huiying.projector.rebuild()
          const seconds = Math.round((performance.now() - started) / 100) / 10
          output.data({ rebuilt: true, seconds })
          output.line(`已重建，用时 ${seconds} 秒。`)
          return exitCodes.done
        }
        const { documents, differing, differences } = await huiying.projector.compare()
        output.data({ documents, differing, differences })
        if (differing === 0) {
          output.line(`逐份核对 ${documents} 份文档，完全一致。`)
          return exitCodes.done
        }
        output.line(`核对 ${documents} 份文档，${differing} 份不同：`)
        const rows = differences.map(({ collection, id, kind }) => [collection, id, differenceWords[kind]])
        for (const text of table(['集合', '编号', '差异'], rows)) output.line(text)
        if (differing > differences.length) output.line(`… 另有 ${differing - differences.length} 份。`)
        output.line('huiying rebuild 重建全部读模型。')
        return exitCodes.difference
      }),
    )
}
