import { describe, expect, test } from 'vitest'
import { staff } from '../support/county.ts'
import { Senders } from './inbound.ts'
import { faultsAtTheEnd, readTopic } from './judge.ts'
import { answerCase, defineDepartments, overHttp, PROMISE } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 120_000
const SERVICES = ['gateway', 'ingest', 'projector', 'sentinel', 'relay'] as const

describe.skipIf(!canDistribute)('the whole distributed profile', () => {
  test(
    'started all at once on nothing, a message goes from the broker to a case, its answer, its promise and what other systems are told',
    withInstallation(async (installation) => {
      const processes = await Promise.all(SERVICES.map((service) => installation.start(service)))
      await Promise.all(processes.map((one) => one.ready()))
      const http = await overHttp(installation, processes[0]!)
      await defineDepartments(http)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      await senders.send(1)
      await watch.reached('CaseOpened', 1)
      await http.county.settled()
      const list = await http.get<{ documents: { id: string; title: string }[] }>('/api/cases', { as: staff.auditor })
      expect(list.body.documents).toMatchObject([
        { title: '路灯不亮 G-1', channel: 'governor-suggestions', status: 'new' },
      ])
      const { id } = list.body.documents[0]!
      await answerCase(http, id)
      await watch.reached('CommitmentMade', 1)
      await http.county.settled()
      const page = await http.get(`/api/cases/${id}`, { as: staff.auditor })
      expect(page.body).toMatchObject({ case: { status: 'answered' }, commitments: [{ quote: PROMISE }] })
      await watch.stop()

      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged, isTold: true })).toEqual([])
      const told = await readTopic(installation, installation.topics.events.name)
      const types = told.map(({ value }) => (JSON.parse(Buffer.from(value).toString()) as { type: string }).type)
      const short = types.map((type) => /[a-z]+\.[a-z-]+\.v\d$/.exec(type)?.[0])
      for (const type of ['case.opened.v1', 'case.routed.v1', 'case.answered.v1', 'commitment.recorded.v1']) {
        expect(short).toContain(type)
      }
      // Who sent it is nobody else's affair.
      expect(told.map(({ value }) => Buffer.from(value).toString()).join()).not.toContain('张某')
    }),
    TEST_MS,
  )
})
