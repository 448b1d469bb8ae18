import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { RecordedEvent } from '#event-store'
import { LEASE_SECONDS } from '../support/processes-installation.ts'
import { Senders } from './inbound.ts'
import { allEvents, faultsAtTheEnd } from './judge.ts'
import { leader } from './leader.ts'
import { answerCase, defineDepartments, overHttp } from './over-http.ts'
import { StoreWatch } from './store-watch.ts'
import { canDistribute, withInstallation } from './with-installation.ts'

const TEST_MS = 240_000
/** Long ago, so that every deadline is missed by now. */
const LONG_AGO = '2026-03-02T09:00:00+08:00'

const SENTINEL = /^sentinel$/

/** What time brings to one deadline or promise, by what it is about. */
function broughtByTime(events: readonly RecordedEvent[]): string[] {
  return events.flatMap(({ stream, type, data }) =>
    ['DeadlineMissed', 'CommitmentOverdue'].includes(type) ? [`${stream} ${type} ${JSON.stringify(data)}`] : [],
  )
}

describe.skipIf(!canDistribute)('sentinels', () => {
  test(
    'two sentinels at once, where one is held and wakes up as the leader that it no longer is: everything that time brings happens once',
    withInstallation(async (installation) => {
      const [gateway] = await Promise.all([
        installation.start('gateway'),
        installation.start('ingest'),
        installation.start('projector'),
      ])
      const http = await overHttp(installation, gateway)
      await defineDepartments(http)
      const { store } = await installation.stores()
      const watch = new StoreWatch(store)
      const senders = await Senders.of(installation)
      await senders.send(120, { receivedAt: LONG_AGO })
      await watch.reached('CaseOpened', 120)
      const deadlines = new Set(
        (await allEvents(await installation.stores()))
          .filter(({ type }) => type === 'DeadlineSet')
          .map(({ stream, data }) => `${stream} ${JSON.stringify(data['deadlineId'])}`),
      )
      expect(deadlines.size).toBeGreaterThanOrEqual(120)

      // What the leader does takes it long enough to be held in the middle of it.
      installation.eventsLine.slowDown(15)
      await Promise.all([installation.start('sentinel'), installation.start('sentinel')])
      await watch.reached('DeadlineMissed', 10)
      const held = await leader(installation, 'sentinel', SENTINEL)
      held.freeze()
      await setTimeout(LEASE_SECONDS * 1_000)
      const other = await leader(installation, 'sentinel', SENTINEL, held)
      await watch.reached('DeadlineMissed', Math.min(60, watch.count('DeadlineMissed') + 10))
      held.thaw()
      installation.eventsLine.slowDown(0)
      await watch.reached('DeadlineMissed', 120)

      // And the other way round, with a promise to be recorded by whoever leads.
      const [{ id }] = (
        await http.get<{ documents: [{ id: string }] }>('/api/cases', {
          as: { person: 'auditor-1', department: 'audit', role: 'auditor' },
        })
      ).body.documents
      await answerCase(http, id)
      other.freeze()
      await watch.reached('CommitmentMade', 1)
      other.thaw()
      await watch.reached('CommitmentOverdue', 1)
      await watch.stop()
      expect(await faultsAtTheEnd(installation, { items: senders.acknowledged })).toEqual([])
      const brought = broughtByTime(await allEvents(await installation.stores()))
      expect(new Set(brought).size).toBe(brought.length)
      expect(brought.filter((each) => each.includes('CommitmentOverdue'))).toHaveLength(1)
    }),
    TEST_MS,
  )
})
