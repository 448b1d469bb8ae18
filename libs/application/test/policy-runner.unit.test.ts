import { expect, test } from 'vitest'
import type { EventStore, RecordedEvent, SubscriptionMessage } from '#event-store'
import { PolicyRunner } from '../src/policies/policy-runner.ts'

const event = (id: string) => ({ id, type: 'Asked', stream: `case-${id}`, metadata: { caseId: id } }) as RecordedEvent

/** A store that delivers what it is given, and a policy whose work ends when the test says so. */
function setUp() {
  const delivered: RecordedEvent[] = []
  const saved: string[] = []
  const worked: string[] = []
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  let more = Promise.withResolvers<void>()
  async function* subscribe(
    _from: string,
    { signal, select }: Parameters<EventStore['subscribe']>[1] & object,
  ): AsyncGenerator<SubscriptionMessage> {
    const isOver = () => signal?.aborted === true
    signal?.addEventListener('abort', () => more.resolve())
    for (let at = 0; !isOver();) {
      const next = delivered[at]
      if (next === undefined) {
        await more.promise
        more = Promise.withResolvers<void>()
        continue
      }
      at += 1
      if (select!(next)) yield { kind: 'events', events: [next] }
      yield { kind: 'passed', position: next.id }
    }
  }
  const runner = new PolicyRunner({
    store: { subscribe, head: () => Promise.resolve(delivered.at(-1)?.id ?? 'start') } as unknown as EventStore,
    tools: {
      readStream: () => Promise.resolve([]),
      execute: () => Promise.reject(new Error('nothing is commanded')),
      destroyContent: () => Promise.reject(new Error('nothing is destroyed')),
    },
    gathering: [],
    policies: [
      {
        name: 'answer',
        handles: new Set(['Asked']),
        expectedRefusals: new Set(),
        consequences: async ({ id }) => {
          worked.push(id)
          await new Promise<void>((resolve, reject) => ends.set(id, { resolve, reject }))
          return []
        },
      },
    ],
    checkpoints: {
      load: () => Promise.resolve('start'),
      save: (position) => {
        saved.push(position)
        return Promise.resolve()
      },
    },
  })
  return {
    runner,
    saved,
    worked,
    ends,
    deliver: (...events: RecordedEvent[]) => {
      delivered.push(...events)
      more.resolve()
    },
  }
}

/** Lets everything that can go on go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what was worked out before its turn is not worked out again', async () => {
  const { runner, worked, ends, saved, deliver } = setUp()
  await runner.start()
  const early = runner.handleEarly(event('1'))
  ends.get('1')!.resolve()
  await early
  deliver(event('1'))
  await runner.settled()
  expect(worked).toEqual(['1'])
  expect(saved).toEqual(['1'])
  await runner.stop()
})

test('the checkpoint does not pass what is still being worked out before its turn', async () => {
  const { runner, worked, ends, saved, deliver } = setUp()
  await runner.start()
  const early = runner.handleEarly(event('1'))
  deliver(event('1'))
  await turn()
  expect(saved).toEqual([])
  ends.get('1')!.resolve()
  await early
  await runner.settled()
  expect([worked, saved]).toEqual([['1'], ['1']])
  await runner.stop()
})

test('what failed before its turn stops the runner there, so that it comes again', async () => {
  const { runner, ends, saved, deliver } = setUp()
  await runner.start()
  const early = runner.handleEarly(event('1'))
  deliver(event('1'), event('2'))
  ends.get('1')!.reject(new Error('the disk is full'))
  await expect(early).rejects.toThrow('the disk is full')
  await expect(runner.stop()).rejects.toThrow('the disk is full')
  expect(saved).toEqual([])
})
