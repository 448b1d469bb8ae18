import type { PolicyRetry } from '#application'
import { errorFields } from '#observability'
import type { Log } from '#observability'
import { pause } from './pause.ts'

const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 60_000

/** How a process that goes on serving tries policies again that failed. */
export function policyRetry(log: Log): PolicyRetry {
  return {
    pauseMs: PAUSE_MS,
    pauseMsMax: PAUSE_MS_MAX,
    wait: pause,
    onFailure: (error, failures) =>
      log('error', 'policies fail and will be tried again', { failures, ...errorFields(error) }),
  }
}
