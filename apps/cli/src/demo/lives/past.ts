import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { instantAt } from '#application'
import type { ImportReport } from '#application'
import { local } from '../../times.ts'
import { departments, staffOf } from '../county/people.ts'
import { somebody } from '../county/places.ts'
import { DemoFault } from '../fault.ts'
import { Happening } from '../matters/happening.ts'
import type { Stage } from '../play/stage.ts'
import { call } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import { momentAt } from '../play/working-time.ts'
import type { Random } from '../random.ts'
import { matters } from './cast.ts'

/** 往年留言: what was asked and answered before the system, as an old platform exports it. */

/** Of all items. */
const SHARE = 0.12
const CHANNEL = 'leaders-mailbox'
const HEADINGS = ['留言编号', '留言用户', '留言主题', '留言时间', '留言内容', '承办单位', '答复内容', '答复时间']
const FIRST_MS = momentAt('2026-02-02 00:00')
const DAY_MINUTES = 1_440
const DAYS = 170

export class PastImport {
  /** How many messages there are. */
  readonly rows: number
  readonly #file: string
  readonly #badFile: string
  readonly #random: Random
  #run = ''

  constructor(folder: string, items: number, random: Random) {
    this.rows = Math.round(items * SHARE)
    this.#file = join(folder, '往年留言.csv')
    this.#badFile = join(folder, '补传留言.csv')
    this.#random = random
  }

  /** Imports them, and then a file in which every row has something wrong. Throws where it comes out otherwise. */
  async run(stage: Stage, onImport: (name: string, report: ImportReport) => void = () => {}): Promise<void> {
    await write(
      this.#file,
      Array.from({ length: this.rows }, (_, at) => pastRow(at, this.rows, this.#random)),
    )
    await write(this.#badFile, badRows)
    for (const [path, refused] of [
      [this.#file, 0],
      [this.#badFile, badRows.length],
    ] as const) {
      const request = { path, channelId: CHANNEL, kind: 'message', dryRun: false } as const
      const report = await stage.huiying.application.importFile(request)
      await stage.huiying.settled()
      if (report.refused !== refused) throw new DemoFault(`${path}：应拒收 ${refused} 行，实为 ${report.refused} 行`)
      onImport(basename(path), report)
      this.#run = report.run!
    }
  }

  /** Days later the refused rows are tried again: of one the day has come. Of another somebody says that it need not be taken. */
  *second(): Life {
    yield* call(momentAt('2026-08-28 09:40'), async ({ huiying }) => {
      await huiying.settled()
      const { taken } = await huiying.application.retryRefusedRows()
      if (taken !== 1) throw new DemoFault(`重试应收下 1 行，实为 ${taken} 行`)
    })
    yield* call(momentAt('2026-08-28 09:55'), async (stage) => {
      const payload = { row: 2, reason: '原平台测试数据，没有编号，不收' }
      const [by] = staffOf('open-government', 'monitor')
      await stage.give({ by, command: 'DismissRefusedRow', target: this.#run, payload })
    })
  }
}

function pastRow(at: number, count: number, random: Random): string[] {
  const happening = new Happening(random.pick(matters), random)
  const { name } = somebody(random)
  const { title, body } = happening.ask(at)
  const asked = Math.floor(((at + 0.5) / count) * DAYS * DAY_MINUTES) + random.between(0, 600)
  const answered = asked + random.between(2 * DAY_MINUTES, 12 * DAY_MINUTES)
  const department = departments[happening.matter.department]
  const reply = `${name}：您好！您反映的“${title}”收悉。${happening.answer}${department}`
  const id = `LS-2026-${String(at + 1).padStart(3, '0')}`
  return [id, name, title, timeAfter(asked), body, department, reply, timeAfter(answered)]
}

/** The last is right once its day has come: the old platform's clock was two days fast. */
const badRows = [
  badRow('', '没有编号', '2026-05-06 10:00:00', '2026-05-08 10:00:00'),
  badRow('BC-2', '日子不存在', '2026-02-30', '2026-03-06 10:00:00'),
  badRow('BC-3', '先答后问', '2026-05-08 09:00:00', '2026-05-07 09:00:00'),
  badRow('BC-4', '时钟快了两天', '2026-08-26 08:10:00', '2026-08-26 16:30:00'),
]

function badRow(id: string, title: string, asked: string, answered: string): string[] {
  const department = departments['urban-management']
  return [id, '网友', title, asked, '路灯不亮，请修一下。', department, '已安排维修。', answered]
}

async function write(path: string, rows: readonly (readonly string[])[]): Promise<void> {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = [HEADINGS, ...rows].map((row) => row.map(cell).join(','))
  await writeFile(path, `${lines.join('\r\n')}\r\n`)
}

/** So many minutes after the first, in Beijing time, as the old platform writes it. */
function timeAfter(minutes: number): string {
  return `${local(instantAt(FIRST_MS + minutes * 60_000))}:00`
}
