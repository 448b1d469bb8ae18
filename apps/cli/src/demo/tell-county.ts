import { GetStatistics, ListCases, ListCommitments, ListItems, ListRefusedRows } from '#application'
import type { CaseStatus, CommitmentStatus, Statistics } from '#application'
import stringWidth from 'string-width'
import type { Embedded } from '../../../standalone/src/embedded.ts'
import { progressBar } from '../output.ts'
import { commitmentWords, statusWords } from '../words.ts'
import { channels } from './lives/arrival.ts'
import { departments, everybody, someoneWith } from './county/people.ts'
import { ENDS_AT, liveThreeMonths, STARTS_AT } from './county-life.ts'
import type { LifeOptions, LivedCounty } from './county-life.ts'
import type { Narrator } from './narrator.ts'
import { dateOf } from './play/working-time.ts'

/** How the county stands is told so often. */
const DAYS_BETWEEN = 14
const COLUMNS = ['到', '收到', '已答复', '按时', '承诺', '已销号', '逾期'] as const
const COLUMN_WIDTH = 8

const asker = someoneWith('coordinator').actor

/** Lives through three months and tells how the county fares meanwhile: a line a fortnight and, on a terminal, a bar. */
export async function tellCounty(options: LifeOptions, narrator: Narrator): Promise<LivedCounty> {
  introduce(narrator)
  const bar = progressBar('三个月')
  let told = STARTS_AT.slice(0, 10)
  narrator.blank()
  try {
    return await liveThreeMonths({
      ...options,
      onImport: (name, { rows, taken, refused }) =>
        narrator.say(`导入“${name}”${rows} 行：收 ${taken}，拒收 ${refused}`),
      onHalfDay: async (huiying, nowMs, share) => {
        const day = dateOf(nowMs)
        if (Temporal.PlainDate.from(told).until(day).days >= DAYS_BETWEEN) {
          const statistics = await huiying.query(new GetStatistics({ asker, from: null, to: null }))
          bar.end()
          if (told === STARTS_AT.slice(0, 10)) {
            narrator.blank()
            narrator.lines([row(COLUMNS)])
          }
          narrator.lines([row(countsOf(day, statistics))])
          told = day
        }
        bar.update(share, 1)
      },
    })
  } finally {
    bar.end()
  }
}

function introduce(narrator: Narrator): void {
  narrator.title('回应 Huiying 演示：云溪县的三个月')
  narrator.say(
    `云溪县并不存在，人、单位、地名和留言都是虚构的：${Object.keys(departments).length} 个单位，${everybody.length} 个岗位，` +
      `${Object.keys(channels).length + 1} 个渠道。每一件事都由有权的人以真实的命令办理，只有时钟由演示拨动，` +
      `从 ${STARTS_AT.slice(0, 10)} 到 ${ENDS_AT.slice(0, 10)}，一分钟以内走完。`,
  )
}

function countsOf(day: string, { received, answered, answeredInTime, commitments }: Statistics): string[] {
  const { made, settled, overdue } = commitments
  return [day.slice(5), ...[received, answered, answeredInTime, made, settled, overdue].map(String)]
}

/** Right under each other, where a Han character is two wide. */
function row(cells: readonly string[]): string {
  return cells.map((cell) => ' '.repeat(Math.max(0, COLUMN_WIDTH - stringWidth(cell))) + cell).join('')
}

/** What lies on the county's desks on its last day. */
export async function tellDesks(huiying: Embedded, narrator: Narrator): Promise<void> {
  const total = async (query: Promise<{ total: number }>) => (await query).total
  const cases = (state: string) => total(huiying.query(new ListCases({ asker, state: state as CaseStatus, limit: 1 })))
  const promises = (state: string) =>
    total(huiying.query(new ListCommitments({ asker, state: state as CommitmentStatus, limit: 1 })))
  const counted = async (words: Readonly<Record<string, string>>, count: (state: string) => Promise<number>) =>
    (await Promise.all(Object.entries(words).map(async ([state, word]) => `${word} ${await count(state)}`))).join('，')

  narrator.fact('办件', await counted(statusWords, cases))
  narrator.fact('承诺', await counted(commitmentWords, promises))
  const waiting = await total(huiying.query(new ListItems({ asker, limit: 1 })))
  const refused = await total(huiying.query(new ListRefusedRows({ asker, limit: 1 })))
  narrator.fact('收件箱', `待归并的舆情信息 ${waiting} 条，待处理的拒收行 ${refused} 行`)
  const { received, answered, answeredInTime } = await huiying.query(
    new GetStatistics({ asker, from: STARTS_AT.slice(0, 10), to: ENDS_AT.slice(0, 10) }),
  )
  const share = ((100 * answeredInTime) / answered).toFixed(1)
  narrator.fact('三个月', `收到 ${received} 件，答复 ${answered} 件，其中按时 ${answeredInTime} 件（${share} %）`)
}
