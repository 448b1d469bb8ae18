import { expect, test } from 'vitest'
import { ProcessMetrics } from '../src/index.ts'

test('what is gone is not shown for ever: a lease that was given back, a topic that is no longer consumed', async () => {
  const metrics = new ProcessMetrics()
  let leases: Record<string, boolean> = { sentinel: true, 'projector-1': false }
  metrics.leading(() => leases)
  expect(await metrics.text()).toContain('huiying_leading{lease="sentinel"} 1')
  expect(await metrics.text()).toContain('huiying_leading{lease="projector-1"} 0')
  leases = { sentinel: false }
  const text = await metrics.text()
  expect(text).toContain('huiying_leading{lease="sentinel"} 0')
  expect(text).not.toContain('projector-1')
})

test('one measurement that fails takes no other with it, and is counted', async () => {
  const metrics = new ProcessMetrics()
  metrics.consumerLag(() => Promise.reject(new Error('the broker is away')))
  metrics.queues(() => ({ relay: 3 }))
  metrics.waiting('appends', 3)
  metrics.waiting('appends', -1)
  await metrics.text()
  const text = await metrics.text()
  expect(text).toContain('huiying_queue_depth{queue="relay"} 3')
  expect(text).toContain('huiying_queue_depth{queue="appends"} 2')
  expect(text).not.toMatch(/^huiying_consumer_lag_messages/m)
  expect(text).toMatch(/^huiying_measurements_missing_total\{metric="huiying_consumer_lag_messages"\} [12]$/m)
})

test('what takes queries is asked for twice a minute at most', async () => {
  const metrics = new ProcessMetrics()
  let asked = 0
  metrics.overdue(() => Promise.resolve({ reply: (asked += 1) }))
  await metrics.text()
  expect(await metrics.text()).toContain('huiying_deadlines_overdue{due="reply"} 1')
  expect(asked).toBe(1)
})
