import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { staff } from '../support/county.ts'
import { until } from '../support/until.ts'
import { Senders } from './inbound.ts'
import { faultsAtTheEnd } from './judge.ts'
import { answerCase, defineDepartments, newCase, overHttp } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { ABSENCE_MS, canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 240_000 + 2 * ABSENCE_MS

describe.skipIf(!canDistribute)('an event store that goes away', () => {
  test(
    'event store gone and back while everything runs, then silent for a while: all go on by themselves, nothing lost, nothing twice',
    withInstallation(async (installation) => {
      const [gateway, ingest] = await Promise.all([
        installation.start('gateway'),
        installation.start('ingest'),
        installation.start('projector'),
        installation.start('sentinel'),
        installation.start('relay'),
      ])
      const http = await overHttp(installation, gateway)
      await defineDepartments(http)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      await senders.send(60)
      await watch.reached('CaseOpened', 60)
      await http.county.settled()

      const away = [() => installation.eventsLine.refuse(), () => installation.eventsLine.hold()] as const
      for (const [round, begin] of away.entries()) {
        await answerCase(http, await newCase(http))
        const stopSending = senders.keepSending()
        await watch.reached('ItemReceived', watch.count('ItemReceived') + 10)
        begin()
        const goneAt = performance.now()
        const department = { id: `department-${round}`, name: `部门${round}`, active: true }
        const given = { as: staff.administrator, key: `define-${round}` }
        const define = () => http.ask('DefineDepartment', null, { department, reason: null }, given)
        const waiting = define()
        // Whoever asks for what read models show is answered.
        expect((await http.get('/api/cases', { as: staff.auditor })).status).toBe(200)
        await until('the gateway says that it should not be asked', async () => !(await gateway.readiness()).ready)
        await setTimeout(Math.max(0, ABSENCE_MS - (performance.now() - goneAt)))
        installation.eventsLine.letThrough()

        // A command that waited was accepted or refused as a whole; given again, it is accepted, once.
        expect([200, 503]).toContain((await waiting).status)
        let again = await define()
        await until('the command is taken', async () => (again = await define()).status === 200)
        expect(again.body.events.map(({ type }) => type)).toEqual(['DepartmentDefined'])
        await stopSending()
        await watch.reached('CaseOpened', senders.acknowledged.size)
        await Promise.all([gateway.ready(), ingest.ready()])
      }
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged, isTold: true })).toEqual([])
    }),
    TEST_MS,
  )
})
