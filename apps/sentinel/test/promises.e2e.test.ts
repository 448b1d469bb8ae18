import { GetWatchList } from '#application'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publish, takeInHand } from '../../../test/support/answering.ts'
import { answer, County, promise, staff } from '../../../test/support/county.ts'
import { tick, tickAt } from './ticking.ts'

const PROMISE = '确保9月底前完成修复'

let county: County
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
})
afterAll(() => county.close())

let messages = 0
/** A case answered with a promise with this due; the promise's id. */
async function promised(due: object): Promise<string> {
  messages += 1
  const { case: id } = await county.message(`V-${messages}`, `路面破损之${messages}`, '请修复。')
  await takeInHand(county, id)
  const content = answer(`您好，${PROMISE}。`, PROMISE)
  const [mark] = content.marks
  await publish(county, id, { ...content, marks: [{ ...mark!, terms: { ...promise(PROMISE), due } as never }] })
  const { documents } = await county.huiying.application.ports.views.query('commitments', {
    where: { caseId: { eq: id } },
    sort: { field: 'due', direction: 'ascending' },
    limit: 1,
    reader: 'system',
  })
  return documents[0]!.id
}
const onDate = (date: string) => ({ kind: 'date', date, precision: 'day', words: null })
const told = async (id: string, type: string) =>
  (await county.events(`commitment-${id}`)).filter((event) => event.type === type).map(({ data }) => data)
const report = { statement: '已完工', evidence: [] }

describe('a promise', () => {
  test('is overdue the day after its date, once', async () => {
    const id = await promised(onDate('2026-03-20'))
    await tickAt(county, '2026-03-20 23:59')
    expect(await told(id, 'CommitmentOverdue')).toEqual([])
    expect(await tickAt(county, '2026-03-21 00:00')).toMatchObject({ MarkOverdue: 1 })
    await tick(county)
    await county.reopen()
    await tickAt(county, '2026-03-22 10:00')
    expect(await told(id, 'CommitmentOverdue')).toEqual([{ matter: 'due-date', due: '2026-03-20', occasion: 1 }])
  })

  test('that was reported in time is not, unless the report turns out not to hold', async () => {
    const id = await promised(onDate('2026-03-27'))
    await county.give('ReportFulfilment', id, report, staff.transportOfficer)
    await tickAt(county, '2026-04-02 09:00')
    expect(await told(id, 'CommitmentOverdue')).toEqual([])
    await county.give('RejectFulfilment', id, { report: 1, reason: '现场未完工' }, staff.verifier)
    await tick(county)
    expect(await told(id, 'CommitmentOverdue')).toMatchObject([{ matter: 'due-date', due: '2026-03-27' }])
  })

  test('without a date is overdue when nobody looked on the day set; after a look, not until the next', async () => {
    const id = await promised({ kind: 'none', words: '尽快', reviewOn: '2026-04-10' })
    await tickAt(county, '2026-04-11 01:00')
    const review = { finding: '材料已备', nextReviewOn: '2026-04-20' }
    await county.give('ReviewCommitment', id, review, staff.verifier)
    await tickAt(county, '2026-04-20 12:00')
    expect(await told(id, 'CommitmentOverdue')).toEqual([{ matter: 'review', due: '2026-04-10', occasion: null }])
    await tickAt(county, '2026-04-21 12:00')
    expect(await told(id, 'CommitmentOverdue')).toHaveLength(2)
  })

  test('whose rectification is not reported by its day is overdue with it', async () => {
    const id = await promised(onDate('2026-12-31'))
    await county.give('ReportFulfilment', id, report, staff.transportOfficer)
    const verdict = { report: 1, degree: 'partial', method: 'site-visit', statement: '差一段', evidence: [] }
    await county.give('VerifyFulfilment', id, verdict, staff.verifier)
    await county.give('OrderRectification', id, { requirement: '补齐', dueOn: '2026-04-30' }, staff.verifier)
    await tickAt(county, '2026-05-01 00:30')
    expect(await told(id, 'CommitmentOverdue')).toEqual([
      { matter: 'rectification', due: '2026-04-30', occasion: null },
    ])
  })

  test('that nothing moves for thirty days stalls, once for each standstill', async () => {
    const id = await promised(onDate('2026-12-31'))
    await tickAt(county, '2026-05-29 12:00')
    expect(await told(id, 'CommitmentStalled')).toEqual([])
    await tickAt(county, '2026-06-02 12:00')
    await tickAt(county, '2026-06-20 12:00')
    expect(await told(id, 'CommitmentStalled')).toHaveLength(1)
    await county.give('ReportProgress', id, { statement: '路基完成', evidence: [] }, staff.transportOfficer)
    await tickAt(county, '2026-07-10 12:00')
    expect(await told(id, 'CommitmentStalled')).toHaveLength(1)
    await tickAt(county, '2026-07-25 12:00')
    expect(await told(id, 'CommitmentStalled')).toHaveLength(2)
  })

  test('that was broken or withdrawn is none any more', async () => {
    const id = await promised(onDate('2026-08-31'))
    await county.give('BreakCommitment', id, { reason: '项目取消' }, staff.coordinator)
    await tickAt(county, '2026-10-09 12:00')
    expect(await told(id, 'CommitmentOverdue')).toEqual([])
    expect(await told(id, 'CommitmentStalled')).toEqual([])
  })
})

test('a settled promise has its recheck scheduled with it, and on its day stands on the daily list', async () => {
  county.clock.moveTo('2026-10-12 09:00')
  const id = await promised(onDate('2026-12-31'))
  await county.give('ReportFulfilment', id, report, staff.transportOfficer)
  const verdict = { report: 1, degree: 'complete', method: 'site-visit', statement: '属实', evidence: [] }
  await county.give('VerifyFulfilment', id, verdict, staff.verifier)
  await county.give(
    'ReportPublication',
    id,
    { address: 'https://www.county.example/road/2.html' },
    staff.transportOfficer,
  )
  const page = { report: 1, pageDigest: 'ab'.repeat(32), wordsFound: ['已完工'] }
  await county.give('VerifyPublication', id, page, staff.verifier)
  expect(await told(id, 'RecheckScheduled')).toEqual([{ recheck: 1, dueOn: '2027-01-10' }])
  await tickAt(county, '2027-01-08 09:00') // Friday
  const listed = async (date: string) => {
    const { list } = await county.huiying.query(
      new GetWatchList({ asker: staff.transportOfficer, department: 'transport', date }),
    )
    return list.list?.rechecksDue.entries
  }
  expect(await listed('2027-01-08')).toEqual([])
  await tickAt(county, '2027-01-11 09:00')
  expect(await listed('2027-01-11')).toEqual([{ commitmentId: id, recheck: 1, dueOn: '2027-01-10' }])
})

test('a promise of imported history gives rise to none of this', async () => {
  county.clock.moveTo('2027-02-01 09:00')
  const source = { kind: 'press-conference', heldOn: '2019-05-01', title: '重点项目发布会' }
  const terms = { ...promise(PROMISE), due: onDate('2019-06-30') }
  const made = { source, origin: 'history', madeAt: '2019-05-01T02:00:00.000Z', terms }
  const { id } = await county.give('MakeCommitment', null, made, staff.coordinator)
  await county.give('ReportPublication', id, { address: 'https://www.county.example/old.html' }, staff.transportOfficer)
  await tickAt(county, '2027-02-01 12:00')
  await tickAt(county, '2028-02-01 12:00')
  expect(await county.types(`commitment-${id}`)).toEqual(['CommitmentMade', 'PublicationReported'])
})
