import { writeFile } from 'node:fs/promises'
import { departments } from '../county/people.ts'
import { somebody } from '../county/places.ts'
import { Happening } from '../matters/happening.ts'
import type { Random } from '../random.ts'
import { matters } from './cast.ts'

/** 往年留言: what was asked and answered before the system, as the old platform exports it. */

const HEADINGS = ['留言编号', '留言用户', '留言主题', '留言时间', '留言内容', '承办单位', '答复内容', '答复时间'] as const
const FIRST_DAY_MS = Date.parse('2026-02-02T00:00:00+08:00')
const DAYS = 170

/** So many messages that were answered, in CSV. */
export async function writePast(path: string, count: number, random: Random): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => pastRow(at, count, random))
  await write(path, rows)
}

function pastRow(at: number, count: number, random: Random): string[] {
  const happening = new Happening(random.pick(matters), random)
  const { name } = somebody(random)
  const { title, body } = happening.ask(at)
  const minutes = Math.floor(((at + 0.5) / count) * DAYS * 1_440) + random.between(0, 600)
  const asked = FIRST_DAY_MS + minutes * 60_000
  const answered = asked + random.between(2 * 1_440, 14 * 1_440) * 60_000
  const department = departments[happening.matter.department]
  const reply = `${name}：您好！您反映的“${title}”收悉。${happening.answer}${department}`
  return [`LS-2026-${String(at + 1).padStart(3, '0')}`, name, title, timeOf(asked), body, department, reply, timeOf(answered)]
}

/** Rows with something wrong, each refused for a reason of its own; the last is right when its day has come. */
export async function writeBadRows(path: string): Promise<void> {
  const row = (id: string, title: string, asked: string, answered: string) => [
    id,
    '网友',
    title,
    asked,
    '路灯不亮，请修一下。',
    departments['urban-management'],
    '已安排维修。',
    answered,
  ]
  await write(path, [
    row('', '没有编号', '2026-05-06 10:00:00', '2026-05-08 10:00:00'),
    row('BC-2', '日子不存在', '2026-02-30', '2026-03-06 10:00:00'),
    row('BC-3', '先答后问', '2026-05-08 09:00:00', '2026-05-07 09:00:00'),
    row('BC-4', '时钟快了两天', '2026-08-26 08:10:00', '2026-08-26 16:30:00'),
  ])
}

async function write(path: string, rows: readonly (readonly string[])[]): Promise<void> {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = [HEADINGS, ...rows].map((row) => row.map(cell).join(','))
  await writeFile(path, `${lines.join('\r\n')}\r\n`)
}

/** Beijing time, as the old platform writes it. */
function timeOf(epochMilliseconds: number): string {
  return new Date(epochMilliseconds + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
}
