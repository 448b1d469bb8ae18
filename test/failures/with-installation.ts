import { Installation } from '../support/processes-installation.ts'
import type { InstallationOptions } from '../support/processes-installation.ts'
import { servers } from '../support/servers.ts'

/** Whether the servers that every one of these tests needs are there. */
export const canDistribute = servers.kafka !== null && servers.mongodb !== null

/** How long something is gone where a test takes it away: 15 s, or what the environment says, up to minutes. */
export const ABSENCE_MS = Number(process.env['HUIYING_ABSENCE_SECONDS'] ?? 15) * 1_000

/** A test on an installation of its own, which is gone afterwards; where it fails, it ends with what the processes said last. */
export function withInstallation(
  work: (installation: Installation) => Promise<void>,
  options?: () => InstallationOptions,
): () => Promise<void> {
  return async () => {
    const installation = await Installation.open(options?.())
    try {
      await work(installation)
    } catch (error) {
      process.stderr.write(`${installation.lastWords()}\n`)
      throw error
    } finally {
      await installation.close()
    }
  }
}
