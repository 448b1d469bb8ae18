import { errorFields } from '../log.ts'
import type { Log } from '../log.ts'
import { shared, within } from '../within.ts'

/** Why a process is better left alone for the moment. */
export interface HealthHindrance {
  /** `SUBSCRIPTION_BEHIND` */
  code: string
  /** In words, with names of ours and numbers only. */
  detail: string
}

export interface Health {
  /** False: it will not come right by itself and is to be started anew. */
  alive: boolean
  ready: boolean
  hindrances: readonly HealthHindrance[]
}

/** Finds what hinders in one place; nothing, where all is well. May take as long as it likes, or for ever. */
export type Check = () => readonly HealthHindrance[] | Promise<readonly HealthHindrance[]>

export const CHECK_MS_MAX = 2_000

/**
 * The health of a process whose parts each say what hinders them, by name. A part that does not answer within 2 s hinders, and
 * is not asked again before it has; one that throws hinders, and why stands in the log. `isAlive`: as far as that can be told
 * at once.
 */
export function healthOf(
  checks: Readonly<Record<string, Check>>,
  log: Log,
  isAlive: () => boolean = () => true,
): () => Promise<Health> {
  const asked = Object.entries(checks).map(([name, check]) => ({ name, ask: shared(async () => await check()) }))
  /** By check, what its last failure said: that is logged once, and not at every question for as long as it lasts. */
  const told = new Map<string, string>()
  const tell = (check: string, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error)
    if (told.get(check) === reason) return
    told.set(check, reason)
    log('warn', 'a health check failed', { check, ...errorFields(error) })
  }
  const hindrancesOf = async (name: string, ask: () => Promise<readonly HealthHindrance[]>) => {
    const waited = await within(CHECK_MS_MAX, ask())
    switch (waited.kind) {
      case 'answered':
        told.delete(name)
        return waited.result
      case 'silent':
        return [{ code: 'NO_ANSWER', detail: `${name} did not answer within ${CHECK_MS_MAX / 1000} s` }]
      case 'failed':
        tell(name, waited.error)
        return [{ code: 'CHECK_FAILED', detail: `${name} cannot be asked; the log says why` }]
    }
  }
  return async () => {
    const found = await Promise.all(asked.map(({ name, ask }) => hindrancesOf(name, ask)))
    const hindrances = found.flat()
    return { alive: isAlive(), ready: hindrances.length === 0, hindrances }
  }
}
