import { Sentinel } from '#application'
import type { TickReport } from '#application'
import type { County } from '../../../test/support/county.ts'

/** Lets time do all that is due, and waits until lists show it; what it did, by command. */
export async function tick(county: County): Promise<Record<string, number>> {
  return await all(county, () => county.huiying.application.sentinel.tick())
}

/** Likewise with pages. */
export async function look(county: County): Promise<Record<string, number>> {
  return await all(county, () => county.huiying.application.pageLooks!.look())
}

/** One more of them on the same stores. */
export function anotherSentinel({ clock, huiying: { application } }: County): Sentinel {
  const { views, reached } = application.ports
  const settings = () => application.settings.current
  return new Sentinel({ views, reached, clock, settings, execute: (request) => application.commander.execute(request) })
}

/** Moves the clock, and lets time do what is due then. */
export async function tickAt(county: County, local: string): Promise<Record<string, number>> {
  county.clock.moveTo(local)
  return await tick(county)
}

async function all(county: County, work: () => Promise<TickReport>): Promise<Record<string, number>> {
  const sum: Record<string, number> = {}
  let report: TickReport
  do {
    await county.huiying.settled()
    report = await work()
    if (report.failures > 0) throw new Error(JSON.stringify(report.failed))
    for (const [command, count] of Object.entries(report.done)) sum[command] = (sum[command] ?? 0) + count
  } while (report.more)
  await county.huiying.settled()
  return sum
}

/** What was written about a deadline's purpose in a case: type, and what tells its kind. */
export async function written(county: County, id: string, purpose: string): Promise<string[]> {
  return (await county.events(`case-${id}`)).flatMap(({ type, data, metadata }) => {
    if (data['purpose'] !== purpose) return []
    const day = new Date(Date.parse(metadata.recordedAt) + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
    const kind = typeof data['cause'] === 'string' ? ` ${data['cause']}` : ''
    return [`${day} ${type}${kind}`]
  })
}
