import { replayCase } from '#application'
import type { EventStore } from '#event-store'
import { median, quantile, say, timed } from './measure.ts'
import { atMost, rounded } from './row.ts'
import type { BenchRow } from './row.ts'

const TIMES = 50

/** A case of many events, replayed from its streams as an auditor's question is answered. */
export async function replayRow(store: EventStore, caseId: string): Promise<BenchRow> {
  say('replay of one case')
  const { events } = await store.readStream(`case-${caseId}`)
  const times: number[] = []
  for (let time = 0; time < TIMES; time++) times.push(await timed(() => replayCase(store, caseId, {})))
  return atMost({
    name: "one case's replay with 1,000 events, sealed",
    value: median(times),
    target: 20,
    unit: 'ms',
    details: { events: events.length, p99Ms: rounded(quantile(times, 0.99)), times: TIMES },
  })
}
