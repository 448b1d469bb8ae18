import { describe, expect, test } from 'vitest'
import { staff } from '../support/county.ts'
import { LiveClient } from '../support/live.ts'
import { until } from '../support/until.ts'
import { Senders } from './inbound.ts'
import { faultsAtTheEnd } from './judge.ts'
import { defineDepartments, overHttp } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 120_000

describe.skipIf(!canDistribute)('gateways', () => {
  test(
    'one of two gateways dies: the other serves on, knows what was done there, follows its settings and goes on with its live updates',
    withInstallation(async (installation) => {
      const [dying, staying] = await Promise.all([
        installation.start('gateway'),
        installation.start('gateway'),
        installation.start('ingest'),
        installation.start('projector'),
        installation.start('sentinel'),
      ])
      const [one, other] = [await overHttp(installation, dying), await overHttp(installation, staying)]
      await defineDepartments(one)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      const live = await LiveClient.open(one, staff.auditor)
      await senders.send(10)
      await watch.reached('CaseOpened', 10)
      await live.until(() => live.events.filter(({ type }) => type === 'CaseOpened').length >= 5)
      await one.county.settled()

      const [{ id }] = (await one.get<{ documents: [{ id: string }] }>('/api/cases', { as: staff.auditor })).body
        .documents
      const triage = {
        type: 'complaint',
        subject: '城乡建设',
        demands: ['修复路灯'],
        sensitivities: [],
        accused: { departments: [], persons: [] },
        opinionGrade: null,
        incident: null,
        simple: false,
        suggestion: null,
        note: null,
      }
      const given = { as: staff.monitor, key: 'triage-once' }
      const first = await one.ask('TriageCase', id, triage, given)
      expect(first.status).toBe(200)
      const department = { id: 'schools', name: '教育局', active: true }
      await one.give('DefineDepartment', null, { department, reason: null }, staff.administrator)

      await dying.kill()
      await live.ended()
      const seen = live.events.length

      // Whoever did not hear the answer asks the other gateway, and is answered as the first time.
      const again = await other.ask('TriageCase', id, triage, given)
      expect(again.status).toBe(200)
      expect(again.body.events).toEqual(first.body.events)
      const basis = { kind: 'person', reason: null }
      await until('the other gateway follows the settings', async () => {
        const routed = await other.ask(
          'RouteCase',
          id,
          { lead: 'schools', assisting: [], basis },
          { as: staff.coordinator },
        )
        return routed.status === 200
      })

      const resumed = await LiveClient.open(other, staff.auditor, live.lastId)
      expect(resumed.status).toBe(200)
      await senders.send(10)
      await watch.reached('CaseOpened', 20)
      await other.county.settled()
      const { head } = await other.county.extent()
      await resumed.until(() => resumed.lastId! >= head)
      await resumed.close()
      const told = [...live.events, ...resumed.events].map(({ position }) => position)
      expect(seen).toBeGreaterThan(0)
      expect(new Set(told).size).toBe(told.length)
      const opened = [...live.events, ...resumed.events].filter(({ type }) => type === 'CaseOpened')
      expect(opened).toHaveLength(20)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
    }),
    TEST_MS,
  )
})
