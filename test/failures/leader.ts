import type { Installation } from '../support/processes-installation.ts'
import type { LogLine, Service, ServiceProcess } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** What a process says of a lease: that it has it, or that it has it no longer. */
function saysOf(lease: RegExp): (line: LogLine) => boolean {
  return (line) => lease.test(String(line['lease'])) && /^(leads|fails)/.test(line.message)
}

/** Which process of a kind holds a lease; `besides`: not this one, which does not know that it has lost it. */
export async function leader(
  installation: Installation,
  service: Service,
  lease: RegExp,
  besides: ServiceProcess | null = null,
): Promise<ServiceProcess> {
  let found: ServiceProcess | undefined
  await until(`a ${service} holds the lease ${lease}`, () => {
    found = installation
      .running(service)
      .find((one) => one !== besides && one.log.findLast(saysOf(lease))?.message === 'leads')
    return found !== undefined
  })
  return found!
}

/** Resolves when a process has found out, after so many lines of its log, that the lease is no longer its own. */
export async function lost(process: ServiceProcess, lease: RegExp, since: number): Promise<void> {
  await until(`${process.name} finds out that it has lost ${lease}`, () =>
    process.log.slice(since).some((line) => saysOf(lease)(line) && line.message !== 'leads'),
  )
}
