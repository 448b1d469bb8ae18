import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GetCase, GetStatistics, ListResponses } from '#application'
import { County, staff } from '../support/county.ts'

const asker = 'operator'

let county: County
beforeAll(async () => {
  county = await County.open('2026-03-02 09:00')
})
afterAll(() => county.close())

const heard = {
  channelId: 'window',
  title: '身份证丢了怎么补办',
  content: '老人身份证丢失，问在哪里补办、要带什么。<script>alert(1)</script>',
  author: { name: '张某', contact: '13800000000' },
  wish: 'private',
  place: '城东街道',
  type: 'consultation',
  caller: '张某之女',
  consent: null,
  recording: null,
  answer: null,
}
const answer = { subject: '户政', text: '请带户口簿到任一派出所户籍窗口补办。', means: 'in-person' }

const register = (changes: object = {}, key?: string, actor = staff.monitor) =>
  county.give('RegisterItem', null, { ...heard, ...changes }, actor, key === undefined ? {} : { key })
const caseOf = async (item: string) => {
  const [received] = await county.events(`item-${item}`)
  return `case-${received!.metadata.caseId!}`
}

describe('registered by hand', () => {
  test('an item has its case, number and deadlines at once, and says who called for whom', async () => {
    const { id, events, token } = await register()
    expect(events).toMatchObject([
      {
        type: 'ItemReceived',
        data: {
          externalId: expect.stringMatching(/^registered-[0-9a-f-]{36}$/),
          content: heard.content,
          arrival: { kind: 'registered', caller: '张某之女', consent: null, recording: null },
        },
        metadata: { actor: staff.monitor },
      },
    ])
    const { case: of, detail } = await county.huiying.query(
      new GetCase({ number: (await caseOf(id)).slice('case-'.length), asker, token }),
    )
    expect(of).toMatchObject({ number: '2026-000001', channel: 'window', type: 'consultation', status: 'new' })
    expect(detail.queryCode).toMatch(/^\d{8}$/)
    expect(of.final).toMatchObject({ state: 'open' })
  })

  test('twice with one key it is one, in whatever process', async () => {
    const first = await register({ title: '重复' }, 'register-1')
    expect(await register({ title: '重复' }, 'register-1')).toEqual(first)
    await county.reopen()
    const { events } = await county.extent()
    expect(await register({ title: '重复' }, 'register-1')).toEqual(first)
    expect((await county.extent()).events).toBe(events)
    expect(await county.types(await caseOf(first.id))).toContain('CaseOpened')
  })

  test('the same key with anything else is an error: other words, another answer, another channel', async () => {
    for (const changes of [{ title: '另一件' }, { title: '重复', answer }, { title: '重复', channelId: 'phone' }]) {
      const payload = { ...heard, ...changes }
      expect(await county.refused('RegisterItem', null, payload, staff.monitor, { key: 'register-1' })).toBe(
        'IDEMPOTENCY_KEY_REUSED',
      )
    }
  })

  test('without a key each is another', async () => {
    const [one, other] = [await register(), await register()]
    expect(one.id).not.toBe(other.id)
  })

  test('a target is not the sender’s to choose', async () => {
    const payload = { ...heard, title: '指定' }
    const target = '0199a0b2-1111-7222-8333-444455556666'
    expect(await county.refused('RegisterItem', target, payload, staff.monitor)).toBe('INVALID_COMMAND')
  })

  test('not by an auditor, an administrator or a channel', async () => {
    for (const actor of [staff.auditor, staff.administrator, staff.channel]) {
      expect(await county.refused('RegisterItem', null, heard, actor)).toBe('ROLE_NOT_ALLOWED')
    }
  })
})

describe('answered on the spot', () => {
  test('is registered, answered and completed in one request; the ledger says that nobody approved it', async () => {
    const { id, events, token } = await register({ title: '即时办结', answer }, 'spot-1')
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['ItemReceived', 'AnsweredOnTheSpot']))
    const { case: of, detail } = await county.huiying.query(
      new GetCase({ number: (await caseOf(id)).slice('case-'.length), asker, token }),
    )
    expect(of).toMatchObject({ status: 'completed', isAnswered: true, answeredBy: 'office', lead: 'office' })
    expect(of.final).toMatchObject({ state: 'met' })
    expect(detail.responses).toMatchObject([
      { kind: 'final', state: 'answered-on-the-spot', text: answer.text, publicText: null, rule: 1 },
    ])
    const { documents } = await county.huiying.query(new ListResponses({ asker }))
    expect(documents).toMatchObject([
      {
        source: 'on-the-spot',
        means: 'in-person',
        address: null,
        inTime: true,
        title: '即时办结',
        department: 'office',
      },
    ])
    const { answered, answeredInTime } = await county.huiying.query(new GetStatistics({ asker }))
    expect([answered, answeredInTime]).toEqual([1, 1])
  })

  test('again it changes nothing and answers the same', async () => {
    const { events: before } = await county.extent()
    const again = await register({ title: '即时办结', answer }, 'spot-1')
    expect(again.events.map(({ type }) => type)).toContain('AnsweredOnTheSpot')
    expect((await county.extent()).events).toBe(before)
  })

  test.each([1, 2])('cut off after %d writes, the same request finishes it and does nothing twice', async (writes) => {
    const { store } = county.huiying.application.ports
    const append = store.append.bind(store)
    let left = writes
    store.append = (...given) => ((left -= 1) < 0 ? Promise.reject(new Error('cut off')) : append(...given))
    const payload = { ...heard, title: `中断 ${writes}`, answer }
    const key = `cut-${writes}`
    await expect(county.ask('RegisterItem', null, payload, staff.monitor, { key })).rejects.toThrow('cut off')
    store.append = append
    // The policies stopped at it, too.
    await county.huiying.close().catch(() => {})
    await county.reopen()
    const { id } = await county.give('RegisterItem', null, payload, staff.monitor, { key })
    const types = await county.types(await caseOf(id))
    for (const type of ['CaseOpened', 'AnsweredOnTheSpot']) {
      expect(types.filter((each) => each === type)).toHaveLength(1)
    }
    expect(await county.types(`item-${id}`)).toEqual(['ItemReceived'])
  })

  test('what may not be answered so is refused as a whole: nothing is registered', async () => {
    const { events } = await county.extent()
    for (const type of ['report', 'complaint', 'help', 'suggestion', null]) {
      expect(await county.refused('RegisterItem', null, { ...heard, type, answer }, staff.monitor)).toBe(
        'ON_THE_SPOT_ONLY_CONSULTATION',
      )
    }
    const rule = { version: 2, roles: ['officer'], means: ['phone'] }
    await county.give('SetOnTheSpotRule', null, { rule, reason: null }, staff.administrator)
    expect(await county.refused('RegisterItem', null, { ...heard, answer }, staff.monitor)).toBe(
      'ON_THE_SPOT_NOT_ALLOWED',
    )
    expect((await county.extent()).events).toBe(events + 1)
    const byPhone = { ...heard, channelId: 'phone', answer: { ...answer, means: 'phone' } }
    const { id } = await county.give('RegisterItem', null, byPhone, staff.transportOfficer)
    const answered = (await county.events(await caseOf(id))).find(({ type }) => type === 'AnsweredOnTheSpot')
    expect(answered).toMatchObject({
      data: { rule: 2, department: 'transport' },
      metadata: { actor: staff.transportOfficer },
    })
  })
})
