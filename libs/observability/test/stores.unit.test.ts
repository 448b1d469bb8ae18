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

/** Something that remembers what was asked of it, and answers with the name of the question. */
function recorder<Port extends object>(asked: unknown[][]): Port {
  return new Proxy({} as Port, {
    get:
      (_port, method) =>
      (...given: unknown[]) => {
        asked.push([method, ...given])
        return String(method)
      },
  })
}

test('everything else is asked as it was asked, and answered as it was answered', () => {
  const asked: unknown[][] = []
  const store = observedEventStore(recorder(asked), null)
  const options = { pageSize: 5 }
  const slice = { events: [], version: 'v', position: null }
  const answers: unknown[] = [
    store.readStream('case-1', slice),
    store.readAll('start', options),
    store.readStored('start', options),
    store.subscribe('start', options),
    store.fingerprinter('case-1', true),
    store.eraseStream('case-1'),
    store.head(),
    store.close(),
  ]
  expect(asked).toEqual([
    ['readStream', 'case-1', slice],
    ['readAll', 'start', options],
    ['readStored', 'start', options],
    ['subscribe', 'start', options],
    ['fingerprinter', 'case-1', true],
    ['eraseStream', 'case-1'],
    ['head'],
    ['close'],
  ])
  expect(answers).toEqual(asked.map(([method]) => method))
})

test('reads are asked as they were asked', async () => {
  const asked: unknown[][] = []
  const store = observedReadStore(recorder(asked), null)
  const query = { sort: { field: 'at', direction: 'ascending' }, limit: 1, reader: 'system' } as const
  const count = { reader: 'system' } as const
  await store.get('cases', 'a', 'system')
  await store.getMany('cases', ['a'], 'system')
  await store.query('cases', query)
  await store.count('cases', count)
  await store.progress('casework')
  await store.close()
  expect(asked).toEqual([
    ['get', 'cases', 'a', 'system'],
    ['getMany', 'cases', ['a'], 'system'],
    ['query', 'cases', query],
    ['count', 'cases', count],
    ['progress', 'casework'],
    ['close'],
  ])
})
