import { GetCase, GetStatistics, ListCases, ListCommitments } from '#application'
import type { StoredFile } from '#domain'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { publish, takeInHand } from '../support/answering.ts'
import type { MovedClock } from '../support/clock.ts'
import { answer, County, staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'

const ROWS = 60
const PLACE = '黄桷垭玄武井边'
const asker = 'operator'

export interface CountyToMove {
  folder: string
  clock: MovedClock
  caseWithPromise: string
  erasedItem: string
  file: StoredFile
  /** What people were shown before it was closed. */
  answered: unknown
  answersOf(system: Embedded): Promise<unknown>
}

/** A county that imported rows, made a promise, has a file, and erased a message; closed. */
export async function countyToMove(): Promise<CountyToMove> {
  const county = await County.open('2026-03-03 09:00')
  const rows = Array.from({ length: ROWS }, (_, index) =>
    row(`M-${index}`, index % 3 === 0 ? { reply: '已修复。', reply_time: '2026-03-02T15:00:00+08:00' } : {}),
  )
  await county.huiying.application.importFile({
    path: await fileIn(county.folder, 'rows.jsonl', jsonLines(rows)),
    channelId: 'leaders-mailbox',
    kind: 'message',
    dryRun: false,
  })
  await county.huiying.settled()
  const { case: caseWithPromise } = await county.message('L-1', '路面破损', '城东路坑洼。')
  await takeInHand(county, caseWithPromise)
  const file = await county.huiying.application.files.storeFile(`case-${caseWithPromise}`, '收据.pdf', receipt(), {
    asker: staff.transportOfficer,
  })
  const supplement = { request: null, text: '补充收据', attachments: [file], receivedAt: null }
  await county.give('RecordSupplement', caseWithPromise, supplement, staff.monitor)
  await publish(county, caseWithPromise, answer('我局将于九月底前修复破损路面。', '九月底前修复破损路面'))
  const { item: erasedItem } = await county.message('E-1', `${PLACE}的事`, `住在${PLACE}的人问。`)
  await county.give('EraseItem', erasedItem, { ground: 'asked-by-author', basis: '第 47 条' }, staff.coordinator)

  const answersOf = async (system: Embedded): Promise<unknown> => {
    const { documents, total } = await system.query(new ListCases({ asker, limit: 100 }))
    return {
      total,
      cases: documents.map(({ number, title, status }) => ({ number, title, status })),
      promise: await system.query(new GetCase({ number: caseWithPromise, asker })),
      commitments: (await system.query(new ListCommitments({ asker }))).documents,
      statistics: await system.query(new GetStatistics({ asker, from: '2026-01-01', to: '2026-12-31' })),
    }
  }
  const answered = await answersOf(county.huiying)
  await county.huiying.close()
  const { folder, clock } = county
  return { folder, clock, caseWithPromise, erasedItem, file, answered, answersOf }
}

async function* receipt(): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100_000, 7)])
}
