import { Command } from 'commander'
import { migrateFolder } from '../../../standalone/src/migrate.ts'
import type { MigratePhase, MigrateReport } from '../../../standalone/src/migrate.ts'
import { exitCodes } from '#processes'
import { progressBar } from '../output.ts'
import type { Output } from '../output.ts'
import { onFolder } from '../session.ts'

interface Options {
  toEvents: string
  toBlobs?: string
  verifyOnly: boolean
}

const phases: Record<MigratePhase, string> = {
  'verify-source': '核验源库',
  compare: '逐条比对',
  copy: '迁移事件',
  'verify-target': '核验目标库',
  files: '迁移附件',
}

export function migrateCommand(): Command {
  return new Command('migrate')
    .description(
      'copy every event, and the files, to other stores, in order and byte for byte; verified before and after',
    )
    .requiredOption('--to-events <address>', 'the new event store, such as kurrentdb://host:2113?tls=true')
    .option('--to-blobs <address>', 'the new store of files, such as s3://bucket/prefix; else they stay where they are')
    .option('--verify-only', 'copy nothing: compare what was copied with what is here', false)
    .addHelpText(
      'after',
      '\nStop the server first. Broken off anywhere, the same command goes on. Done, the folder takes nothing more: see docs/operations.md.',
    )
    .action(
      onFolder<[], Options>(async ({ folder, output }, { toEvents, toBlobs, verifyOnly }) => {
        const bars = new Map<MigratePhase, ReturnType<typeof progressBar>>()
        const barOf = (phase: MigratePhase) => {
          const bar = bars.get(phase) ?? progressBar(phases[phase])
          bars.set(phase, bar)
          return bar
        }
        try {
          const report = await migrateFolder({
            folder,
            toEvents,
            toBlobs: toBlobs ?? null,
            verifyOnly,
            onProgress: ({ phase, done, total }) => barOf(phase).update(done, total),
          })
          for (const bar of bars.values()) bar.end()
          show(report, output, verifyOnly)
          return exitCodes.done
        } finally {
          for (const bar of bars.values()) bar.end()
        }
      }),
    )
}

function show({ durationMs, ...report }: MigrateReport, output: Output, verifyOnly: boolean): void {
  const { events, streams, bytes, copied, files, digest, target } = report
  const seconds = Math.round(durationMs / 100) / 10
  output.data({ ...report, seconds })
  output.line(
    verifyOnly
      ? `比对 ${streams} 条链、${events} 个事件（${bytes} 字节），与源库逐字节一致。`
      : `已迁移：${streams} 条链、${events} 个事件（${bytes} 字节），本次写入 ${copied} 个，与源库逐字节一致。`,
  )
  output.line(`  摘要（SHA-256）：${digest}`)
  if (files !== null) output.line(`  附件：${files.files} 个（${files.bytes} 字节），本次写入 ${files.copied} 个。`)
  output.line(`  用时 ${seconds} 秒。`)
  if (verifyOnly) return
  output.line()
  output.line('下一步：')
  output.line(`  HUIYING_EVENTS=${target.events}`)
  output.line(
    files === null ? '  附件仍在 blobs/ 文件夹：HUIYING_BLOBS=file:…/blobs' : `  HUIYING_BLOBS=${target.blobs}`,
  )
  output.line(
    '  keys.db 与 master.key 原样带走：HUIYING_KEYS=sqlite:…/keys.db，HUIYING_MASTER_KEY 不变；没有它们什么也读不出。',
  )
  output.line('  读模型与检索不迁移，由 projector 从事件重建。')
  output.line('  本文件夹已标记为迁出（migrated.json），不再写入；请作为备份保留。')
}
