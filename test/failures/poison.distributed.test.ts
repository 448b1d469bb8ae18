import { describe, expect, test } from 'vitest'
import { huiying } from '../support/cli.ts'
import { staff } from '../support/county.ts'
import { CHANNEL, message, raw, Senders } from './inbound.ts'
import { allEvents, faultsAtTheEnd } from './judge.ts'
import { overHttp } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { canDistribute, withInstallation } from './with-installation.ts'

interface Listed {
  total: number
  deadLetters: { id: string; code: string; channelId: string | null; attempts: number; message: { en: string } }[]
}

const TEST_MS = 180_000
/** A channel that nobody has defined yet. */
const NEW_CHANNEL = 'county-app'

describe.skipIf(!canDistribute)('messages that cannot be taken in', () => {
  test(
    'a poison message among good ones: the good ones go on, it is kept with its reason, and taken in when the cause is mended',
    withInstallation(async (installation) => {
      const cli = async (...given: string[]) => {
        const ran = await huiying(['dead-letters', '--json', ...given], { environment: installation.environment })
        // The client of Kafka makes Node warn of a timer.
        expect(ran.stderr).not.toContain('huiying:')
        return { code: ran.code, answer: JSON.parse(ran.stdout) as Listed & Record<string, number> }
      }
      const [gateway] = await Promise.all([
        installation.start('gateway'),
        installation.start('ingest'),
        installation.start('projector'),
        installation.start('sentinel'),
      ])
      const http = await overHttp(installation, gateway)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      const erased = 'to-be-erased'
      await senders.put([message(erased)])
      senders.acknowledged.add(erased)
      await watch.reached('ItemReceived', 1)
      await http.county.settled()
      const received = (await allEvents(await installation.stores())).find(({ type }) => type === 'ItemReceived')
      const item = received!.stream.slice('item-'.length)
      const approval = { ground: 'asked-by-author', basis: '个人信息保护法第四十七条' }
      await http.give('EraseItem', item, approval, staff.coordinator)

      await senders.send(20)
      await senders.put(
        [
          raw('no-json', '{"externalId": "no-json", "title": '),
          raw('of-nobody', message('of-nobody').value, NEW_CHANNEL),
          raw('too-large', message('too-large', { content: '大'.repeat(200_000) }).value),
          message('empty', { title: '', content: '' }),
          // The domain refuses it: what was erased is never taken in again.
          message(erased, { content: '还是同一件事。' }),
          raw('', new Uint8Array([0xff, 0xfe]), CHANNEL),
        ].map((each, index) => ({ ...each, key: `poison-${index}` })),
      )
      await senders.send(20)
      await watch.reached('CaseOpened', 41)

      const { code, answer } = await cli()
      expect(code).toBe(0)
      expect(answer.total).toBe(6)
      const reasons = answer.deadLetters.map(({ code, channelId, attempts }) => `${code} ${channelId} ${attempts}`)
      expect(reasons.toSorted()).toEqual([
        `ITEM_ERASED ${CHANNEL} 1`,
        `MESSAGE_NOT_JSON ${CHANNEL} 1`,
        `MESSAGE_NOT_UTF_8 ${CHANNEL} 1`,
        `MESSAGE_TOO_LARGE ${CHANNEL} 1`,
        `TEXT_MISSING ${CHANNEL} 1`,
        'UNKNOWN_CHANNEL null 1',
      ])
      // The list can be read without a key, so that it holds nothing of what was sent.
      expect(JSON.stringify(answer)).not.toMatch(/路灯|张某|还是同一件事/)

      const channel = { id: NEW_CHANNEL, name: '县政务客户端', kind: 'message', active: true }
      await http.give('DefineChannel', null, { channel, reason: null }, staff.administrator)
      const replayed = await cli('--replay')
      expect(replayed.answer).toMatchObject({ read: 6, taken: 1, refused: 5, unreadable: 0, left: 0 })
      senders.acknowledged.add('of-nobody')
      await watch.reached('CaseOpened', 42)
      const left = (await cli()).answer
      expect(left.total).toBe(5)
      expect(new Set(left.deadLetters.map(({ attempts }) => attempts))).toEqual(new Set([2]))
      expect((await cli('--replay', '--reason', 'UNKNOWN_CHANNEL')).answer).toMatchObject({ read: 0 })
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )
})
