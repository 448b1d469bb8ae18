import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Embedded } from '../../../apps/standalone/src/embedded.ts'
import { say } from './journal.ts'

/** Rows of its own in a file; with them come the last ones of the file before, some of them changed, and some bad ones. */
export const FILE_ROWS = 60
const REPEATED = 10
export const FILE_BAD_ROWS = 2

/** A file after the other, each again from its beginning where an earlier process died in it. */
export async function importFiles(huiying: Embedded, folder: string, nextFile: number): Promise<void> {
  for (let file = nextFile; ; file += 1) {
    const path = join(folder, `rows-${file}.csv`)
    writeFileSync(path, fileText(file))
    say({ kind: 'file-begun', file })
    const request = { path, channelId: 'leaders-mailbox', kind: 'message', dryRun: false } as const
    const { rows, refused } = await huiying.application.importFile(request)
    say({ kind: 'file-taken', file, rows, refused })
  }
}

export function externalIdOf(file: number, row: number): string {
  return `file-${file}-${row}`
}

/** Every second row is history and has its answer. */
export function isAnswered(row: number): boolean {
  return row % 2 === 0
}

function fileText(file: number): string {
  const own = Array.from({ length: FILE_ROWS }, (_, row) => lineOf(file, row, ''))
  const repeated = Array.from({ length: file === 0 ? 0 : REPEATED }, (_, row) =>
    lineOf(file - 1, row, row % 3 === 0 ? '（补充）' : ''),
  )
  const bad = [`${externalIdOf(file, 9_000)},无日期,内容,不是日期,,`, `,没有编号,内容,2025-03-01 10:00:00,,`]
  return ['编号,主题,内容,时间,答复,答复时间', ...own, ...repeated, ...bad, ''].join('\n')
}

function lineOf(file: number, row: number, more: string): string {
  const answer = isAnswered(row) ? '已经修好,2025-03-05 09:00:00' : ','
  return `${externalIdOf(file, row)},路灯 row${file}x${row}end,第${row}盏路灯不亮${more},2025-03-01 10:00:00,${answer}`
}
