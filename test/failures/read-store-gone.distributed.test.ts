import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { staff } from '../support/county.ts'
import { until } from '../support/until.ts'
import { Senders } from './inbound.ts'
import { faultsAtTheEnd } from './judge.ts'
import { defineDepartments, overHttp } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { ABSENCE_MS, canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 180_000 + ABSENCE_MS

describe.skipIf(!canDistribute)('a read store that goes away', () => {
  test(
    'MongoDB gone during projection: lists say so, intake and commands go on, and read models come out as a rebuild makes them',
    withInstallation(async (installation) => {
      const [gateway, projector] = await Promise.all([
        installation.start('gateway'),
        installation.start('projector'),
        installation.start('ingest'),
        installation.start('sentinel'),
      ])
      const http = await overHttp(installation, gateway)
      await defineDepartments(http)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      await senders.send(60)
      await watch.reached('ItemReceived', 30)

      installation.viewsLine.refuse()
      const goneAt = performance.now()
      await senders.send(60)
      // Neither the decision nor what it rests on needs a read model.
      await watch.reached('CaseOpened', 120)
      const department = { id: 'schools', name: '教育局', active: true }
      await http.give('DefineDepartment', null, { department, reason: null }, staff.administrator)
      const list = await http.get('/api/cases', { as: staff.auditor })
      expect(list).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } })
      expect(list.headers.get('retry-after')).toMatch(/^\d+$/)
      await until('projector and gateway say that they are not ready', async () => {
        const [projecting, serving] = await Promise.all([projector.readiness(), gateway.readiness()])
        return !projecting.ready && !serving.ready
      })
      await setTimeout(Math.max(0, ABSENCE_MS - (performance.now() - goneAt)))
      installation.viewsLine.letThrough()

      await Promise.all([projector.ready(), gateway.ready()])
      await http.county.settled()
      const shown = await http.get<{ total: number }>('/api/cases', { as: staff.auditor })
      expect(shown).toMatchObject({ status: 200, body: { total: 120 } })
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )
})
