import { overdueDeadlines } from '#application'
import { ProcessMetrics } from '#observability'
import { serve as serveOverHttp } from '../../gateway/src/serve.ts'
import type { ServeOptions, Serving } from '../../gateway/src/serve.ts'
import { VitalsWatch } from '../../gateway/src/vitals.ts'
import type { Embedded } from './embedded.ts'
import { servedBy } from './served.ts'

export type { Serving } from '../../gateway/src/serve.ts'

/** Serves open stores over HTTP. Throws `ConfigurationError`, and `EADDRINUSE` and the like. */
export async function serve(huiying: Embedded, options: ServeOptions): Promise<Serving> {
  const { metrics = new ProcessMetrics() } = options
  const { views, clock } = huiying.application.ports
  const watch = new VitalsWatch(huiying, options.log)
  metrics.subscriptions(watch.lag)
  metrics.overdue(() => overdueDeadlines(views, clock.now()))
  try {
    const serving = await serveOverHttp(servedBy(huiying, watch), { ...options, metrics })
    return {
      address: serving.address,
      close: async () => {
        await serving.close()
        watch.stop()
      },
    }
  } catch (error) {
    watch.stop()
    throw error
  }
}
