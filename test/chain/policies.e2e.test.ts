import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GetCase, ListCommitments, ListItems } from '#application'
import { ADDRESS, approve, draft, publish, takeInHand, told } from '../support/answering.ts'
import { answer, complaint, County, promise, staff } from '../support/county.ts'

const asker = 'operator'
const PROMISE = '确保9月底前完成修复'
const TEXT = `您好，${PROMISE}。`

let county: County
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
})
afterAll(() => county.close())

let messages = 0
const message = async () => {
  messages += 1
  return await county.message(`P-${messages}`, `路面破损之${messages}`, '路面破损，请修复。')
}
const joinTo = (lead: string) => ({ lead, relation: 'similar', reason: '同一路段' })
const page = (id: string) => county.huiying.query(new GetCase({ number: id, asker }))
const followersOf = async (id: string) => (await page(id)).case.followers.map((follower) => follower.id).sort()
const answersOf = async (id: string) =>
  (await county.events(`case-${id}`)).filter(({ type }) => type === 'AnsweredByLead').map(({ data }) => data)

describe('messages about one trouble', () => {
  /** Three messages, the oldest first, triaged; the oldest in hand. */
  async function three() {
    const [c, b, a] = [await message(), await message(), await message()]
    await takeInHand(county, c.case)
    for (const { case: id } of [a, b]) await county.give('TriageCase', id, complaint, staff.monitor)
    return { c: c.case, b: b.case, a: a.case }
  }

  test('A follows B, then B joins C: C answers both', async () => {
    const { a, b, c } = await three()
    await county.give('JoinCase', a, joinTo(b), staff.monitor)
    await county.give('JoinCase', b, joinTo(c), staff.monitor)
    expect(await followersOf(c)).toEqual([a, b].sort())
    await publish(county, c, answer(TEXT))
    for (const id of [a, b]) {
      expect(await answersOf(id)).toMatchObject([{ lead: c, text: TEXT }])
      expect((await page(id)).case).toMatchObject({ status: 'answered', final: { state: 'met' } })
    }
  })

  test('B joins C, then A joins B: C answers both', async () => {
    const { a, b, c } = await three()
    await county.give('JoinCase', b, joinTo(c), staff.monitor)
    await county.give('JoinCase', a, joinTo(b), staff.monitor)
    expect(await followersOf(c)).toEqual([a, b].sort())
    await publish(county, c, answer(TEXT))
    expect(await answersOf(a)).toHaveLength(1)
    expect(await answersOf(b)).toHaveLength(1)
  })

  test('who was separated again is not answered, nor who followed through them', async () => {
    const { a, b, c } = await three()
    await county.give('JoinCase', a, joinTo(b), staff.monitor)
    await county.give('JoinCase', b, joinTo(c), staff.monitor)
    await county.give('SeparateCase', b, { reason: '不是同一路段' }, staff.monitor)
    expect(await followersOf(c)).toEqual([])
    expect(await followersOf(b)).toEqual([a])
    await publish(county, c, answer(TEXT))
    expect(await answersOf(b)).toEqual([])
    expect(await answersOf(a)).toEqual([])
    expect((await page(a)).case.final).toMatchObject({ state: 'open' })
  })

  test('a join that the lead hears of after it published is answered, for it came before', async () => {
    const { a, b, c } = await three()
    const drafted = await draft(county, c, answer(TEXT))
    await approve(county, c, drafted)
    await county.huiying.application.policies.stop()
    expect(await county.ask('JoinCase', b, joinTo(c), staff.monitor)).toMatchObject({ outcome: 'accepted' })
    expect(await county.ask('JoinCase', a, joinTo(b), staff.monitor)).toMatchObject({ outcome: 'accepted' })
    const publication = { ...drafted, address: ADDRESS, publishedAt: null }
    await county.ask('PublishResponse', c, publication, staff.transportOfficer)
    expect(await answersOf(b)).toEqual([])
    await county.reopen()
    await county.huiying.settled()
    expect(await answersOf(b)).toHaveLength(1)
    expect(await answersOf(a)).toHaveLength(1)
  })

  test('who joins after the answer is answered by it only when staff say so', async () => {
    const { b, c } = await three()
    const { responseId } = await publish(county, c, answer(TEXT))
    await county.give('JoinCase', b, joinTo(c), staff.monitor)
    expect(await answersOf(b)).toEqual([])
    const published = (await county.events(`case-${c}`)).find(({ type }) => type === 'ResponsePublished')!
    const { content, ...rest } = published.data as { content: object } & Record<string, string>
    const { kind, text, publicText, means, attachments } = content as ReturnType<typeof answer>
    const { digest, address, publishedAt, department } = rest
    const said = { kind, text, publicText, means, attachments, digest, address, publishedAt, department }
    const byHand = { lead: c, through: c, responseId, ...said, correction: false }
    await county.give('AnswerByLead', b, byHand, staff.coordinator)
    expect(await answersOf(b)).toMatchObject([{ by: 'staff' }])
  })

  test('a correction reaches those who were answered, and makes no promise twice', async () => {
    const { a, b, c } = await three()
    await county.give('JoinCase', a, joinTo(b), staff.monitor)
    await county.give('JoinCase', b, joinTo(c), staff.monitor)
    const { responseId } = await publish(county, c, answer(TEXT, PROMISE))
    const corrected = `${TEXT}联系电话见网站。`
    const added = { markId: 'promise-2', terms: promise('联系电话见网站') }
    const content = answer(corrected, PROMISE)
    const correction = { responseId, content: { ...content, marks: [...content.marks, added] }, reason: '补充联系方式' }
    const { events } = await county.give('CorrectResponse', c, correction, staff.transportOfficer)
    const drafted = told(events[0]!.data)
    await approve(county, c, drafted)
    await county.give('PublishResponse', c, { ...drafted, address: ADDRESS, publishedAt: null }, staff.transportOfficer)
    for (const id of [a, b]) {
      expect((await answersOf(id)).map(({ text }) => text)).toEqual([TEXT, corrected])
      expect((await page(id)).detail.responses).toMatchObject([{ text: corrected }])
    }
    const { commitments } = await page(c)
    expect(commitments.map(({ quote }) => quote).sort()).toEqual([PROMISE, '联系电话见网站'].sort())
  })
})

describe('opinion items', () => {
  test('600 of them wait in the inbox, reach the case that they are attached to, and come back when detached', async () => {
    const found = Array.from({ length: 600 }, (_, index) => index)
    const items = await Promise.all(
      found.map(async (index) => {
        const outcome = await county.ask('ReceiveItem', null, opinion(`O-${index}`), staff.monitor)
        return outcome.outcome === 'refused' ? '' : outcome.id
      }),
    )
    await county.huiying.settled()
    const waiting = async () => (await county.huiying.query(new ListItems({ asker }))).total
    expect(await waiting()).toBe(600)

    const opening = {
      discoveredAt: county.clock.instant,
      channel: 'monitoring',
      items: [],
      title: '水管爆裂',
      subject: null,
    }
    const { id } = await county.give('OpenOpinionCase', null, opening, staff.opinionOffice)
    const attachment = { caseId: id, contentRevision: 1, reason: null }
    const stray = await county.refused('AttachItem', items[0]!, { ...attachment, caseId: items[1] }, staff.monitor)
    expect(stray).toBe('NOT_FOUND')
    await Promise.all(items.map((item) => county.ask('AttachItem', item, attachment, staff.monitor)))
    await county.huiying.settled()
    expect(await waiting()).toBe(0)
    expect(new Set((await page(id)).case.items)).toEqual(new Set(items))
    const gathered = (await county.events(`case-${id}`)).filter(({ type }) => type === 'ItemsJoined')
    for (const { data } of gathered) expect((data['items'] as unknown[]).length).toBeLessThanOrEqual(500)

    const detachment = { caseId: id, contentRevision: 1, reason: '另一处水管' }
    await Promise.all(items.slice(0, 10).map((item) => county.ask('DetachItem', item, detachment, staff.monitor)))
    await county.huiying.settled()
    expect(await waiting()).toBe(10)
    expect((await page(id)).case.items).toHaveLength(590)
    // And back again, to the same case.
    await county.give('AttachItem', items[0]!, attachment, staff.monitor)
    expect((await page(id)).case.items).toHaveLength(591)
  }, 30_000)

  function opinion(externalId: string) {
    return {
      channelId: 'monitoring',
      externalId,
      origin: 'live',
      content: {
        kind: 'opinion',
        receivedAt: county.clock.instant,
        title: '水管爆裂',
        content: '人民路水管爆裂。',
        author: { name: null, contact: null },
        wish: null,
        place: null,
        address: null,
        attachments: [],
        workOrder: null,
        sourceDepartment: null,
        sourceType: null,
      },
      reach: null,
      arrival: { kind: 'feed' },
    }
  }
})

describe('a command', () => {
  test('given again with its key changes nothing and answers as the first time, also after a restart', async () => {
    const { case: id } = await message()
    const give = () => county.ask('TriageCase', id, complaint, staff.monitor, { key: 'triage-1' })
    const first = await give()
    expect(first).toMatchObject({ outcome: 'accepted', revision: expect.any(Number) as number })
    await county.huiying.settled()
    const extent = await county.extent()
    expect(await give()).toEqual(first)
    await county.reopen()
    expect(await give()).toEqual(first)
    expect(await county.extent()).toEqual(extent)
  })

  test('that makes something makes one thing, however often it is given', async () => {
    const opening = { discoveredAt: county.clock.instant, channel: null, items: [], title: '停水', subject: null }
    const give = () => county.ask('OpenOpinionCase', null, opening, staff.opinionOffice, { key: 'opinion-1' })
    const [first, ...others] = await Promise.all([give(), give(), give()])
    expect(first).toMatchObject({ outcome: 'accepted' })
    for (const other of others) expect(other).toEqual(first)
  })

  test('with a key that was used for something else is refused', async () => {
    const { case: id } = await message()
    await county.give('TriageCase', id, complaint, staff.monitor, { key: 'triage-2' })
    const other = { ...complaint, subject: '市政' }
    const refused = (actor = staff.monitor) => county.refused('TriageCase', id, other, actor, { key: 'triage-2' })
    expect(await refused()).toBe('IDEMPOTENCY_KEY_REUSED')
    // Another person's key is another key.
    await county.give('TriageCase', id, other, staff.coordinator, { key: 'triage-2' })
  })

  test('based on what is no longer so is refused', async () => {
    const { case: id } = await message()
    const { revision } = await county.give('TriageCase', id, complaint, staff.monitor)
    const again = { ...complaint, subject: '市政' }
    const basedOn = revision - 1
    expect(await county.refused('TriageCase', id, again, staff.monitor, { basedOn })).toBe('VERSION_CONFLICT')
    await county.give('TriageCase', id, again, staff.monitor, { basedOn: revision })
  })

  test('that is unknown, of the wrong shape, by the wrong role or for nothing there is refused', async () => {
    const { case: id } = await message()
    const nobody = '00000000-0000-7000-8000-000000000000'
    expect(await county.refused('Triage', id, complaint, staff.monitor)).toBe('UNKNOWN_COMMAND')
    expect(await county.refused('TriageCase', id, { ...complaint, type: '投诉' }, staff.monitor)).toBe(
      'INVALID_COMMAND',
    )
    expect(await county.refused('TriageCase', id, { ...complaint, extra: 1 }, staff.monitor)).toBe('INVALID_COMMAND')
    expect(await county.refused('TriageCase', null, complaint, staff.monitor)).toBe('INVALID_COMMAND')
    expect(await county.refused('TriageCase', 'case 1', complaint, staff.monitor)).toBe('INVALID_COMMAND')
    expect(await county.refused('TriageCase', nobody, complaint, staff.monitor)).toBe('NOT_FOUND')
    expect(await county.refused('TriageCase', id, complaint, staff.auditor)).toBe('ROLE_NOT_ALLOWED')
    const opening = { caseId: nobody, kind: 'message' }
    expect(await county.refused('OpenCase', nobody, opening, staff.coordinator)).toBe('INVALID_COMMAND')
  })
})

test('an item is known by its channel and the id it has there, whoever delivers it', async () => {
  const received = { externalId: 'same', title: '同一件', content: '内容', channelId: 'phone', kind: 'message' }
  const first = await county.receive(received)
  const { events } = await county.huiying.application.ports.store.readStream(`item-${first.id}`)
  const again = await county.receive({ ...received, title: '同一件（更正）' })
  expect(again.id).toBe(first.id)
  expect(await county.types(`item-${first.id}`)).toEqual(['ItemReceived', 'ItemRevised'])
  expect(events).toHaveLength(1)
})

test('delivering every event again from the start changes nothing', async () => {
  await county.huiying.settled()
  const before = await county.extent()
  const promises = await county.huiying.query(new ListCommitments({ asker }))
  await county.reopen(async () => {
    for (const suffix of ['', '-wal', '-shm']) await rm(join(county.folder, `policies.db${suffix}`), { force: true })
  })
  await county.huiying.settled()
  expect(await county.extent()).toEqual(before)
  expect(await county.huiying.query(new ListCommitments({ asker }))).toEqual(promises)
  expect(await county.huiying.projector.compare()).toMatchObject({ differing: 0 })
})
