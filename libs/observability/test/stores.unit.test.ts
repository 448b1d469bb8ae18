import { expect, test } from 'vitest'
import type { ReadStore } from '#read-store'
import { observedEventStore, observedReadStore, ProcessMetrics } from '../src/index.ts'
import { memoryStore } from './memory-store.ts'

const events = [memoryStore.event('event-1', 'command-1')]

test('appends are timed by what came of them', async () => {
  const metrics = new ProcessMetrics()
  const outcomes = ['appended', 'conflict', 'appended'] as const
  const given = [...outcomes]
  const store = observedEventStore(
    memoryStore(() => {
      const next = given.shift()
      return next === undefined ? Promise.reject(new Error('no room')) : Promise.resolve(next)
    }),
    metrics,
  )
  for (const outcome of outcomes) {
    expect(await store.append('case-1', 'no-stream', events)).toMatchObject({ status: outcome })
  }
  await expect(store.append('case-1', 'no-stream', events)).rejects.toThrow('no room')
  const text = await metrics.text()
  expect(text).toContain('huiying_append_duration_seconds_count{outcome="appended"} 2')
  expect(text).toContain('huiying_append_duration_seconds_count{outcome="conflict"} 1')
  expect(text).toContain('huiying_append_duration_seconds_count{outcome="failed"} 1')
})

test('reads are timed by call, and show no collection’s content', async () => {
  const metrics = new ProcessMetrics()
  const store = observedReadStore(
    {
      get: () => Promise.resolve({ id: 'a' }),
      query: () => Promise.reject(new Error('gone')),
    } as unknown as ReadStore,
    metrics,
  )
  expect(await store.get('cases', 'a', 'system')).toEqual({ id: 'a' })
  const query = { sort: { field: 'at', direction: 'ascending' }, limit: 1, reader: 'system' } as const
  await expect(store.query('cases', query)).rejects.toThrow('gone')
  const text = await metrics.text()
  expect(text).toContain('huiying_read_duration_seconds_count{call="get",outcome="answered"} 1')
  expect(text).toContain('huiying_read_duration_seconds_count{call="query",outcome="failed"} 1')
})
