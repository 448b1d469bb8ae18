import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ProcessMetrics, SubscriptionLag } from '#observability'
import { Metrics } from '../src/http/metrics.ts'

/** Everything that any process of ours measures, once. */
function everything(): ProcessMetrics {
  const process = new ProcessMetrics()
  const lag = new SubscriptionLag({ head: () => Promise.resolve('start'), log: () => {} })
  lag.stop()
  process.subscriptions(lag)
  process.consumerLag(() => Promise.resolve({}))
  process.leading(() => ({}))
  process.overdue(() => Promise.resolve({}))
  const gateway = new Metrics(process, {
    vitals: () =>
      Promise.resolve({
        behindSeconds: {},
        policies: { behindSeconds: 0, failures: 0 },
        projecting: true,
        eventsWritten: 0,
        hindrances: [],
      }),
    liveClients: () => 0,
    importsWaiting: () => 0,
    importsRunning: () => 0,
  })
  expect(gateway.mediaType).toMatch(/^text\/plain/)
  return process
}

test('docs/operations.md names every metric of ours, its kind and its labels, and no other', async () => {
  const { registry } = everything()
  const measured = registry.getMetricsAsArray().flatMap((metric) => {
    const { name, labelNames } = metric as unknown as { name: string; labelNames: string[] }
    return name.startsWith('huiying_') ? [[name, labelNames.toSorted().join(' ')]] : []
  })
  const page = await readFile('docs/operations.md', 'utf8')
  const table = page.split('## Metrics')[1]!.split('\n## ')[0]!
  const documented = [...table.matchAll(/^\| `(huiying_\w+)`\s*\|([^|]*)\|/gm)].map(([, name, labels]) => [
    name,
    [...labels!.matchAll(/`(\w+)`/g)]
      .map(([, label]) => label)
      .sort((a, b) => a!.localeCompare(b!))
      .join(' '),
  ])
  const inOrder = (rows: unknown[][]) => rows.map((row) => row.join(' ')).toSorted((a, b) => a.localeCompare(b))
  expect(inOrder(documented)).toEqual(inOrder(measured))
})
