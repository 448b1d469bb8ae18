import { describe, expect, test } from 'vitest'
import type { EventStore, RecordedEvent, SubscriptionMessage } from '#event-store'
import { PolicyRunner } from '../src/policies/policy-runner.ts'
import type { PolicyRetry } from '../src/policies/policy-runner.ts'

const event = (id: string) => ({ id, type: 'Asked', stream: `case-${id}`, metadata: { caseId: id } }) as RecordedEvent

/** A store that delivers what it is given, and a policy whose work ends when the test says so. */
function setUp(retry?: PolicyRetry) {
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
    ...(retry && { retry }),
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

describe('in a process that goes on serving', () => {
  /** Every pause that was asked for; each ends when the test says so. */
  function pauses() {
    const asked: number[] = []
    const failures: [message: string, inARow: number][] = []
    let end = Promise.withResolvers<void>()
    const retry: PolicyRetry = {
      pauseMs: 1_000,
      pauseMsMax: 4_000,
      wait: async (milliseconds, signal) => {
        asked.push(milliseconds)
        signal.addEventListener('abort', () => end.resolve())
        await end.promise
        end = Promise.withResolvers()
      },
      onFailure: (error, inARow) => failures.push([(error as Error).message, inARow]),
    }
    return { asked, failures, retry, endPause: () => end.resolve() }
  }

  async function failing(ends: ReturnType<typeof setUp>['ends'], message: string) {
    await turn()
    ends.get('1')!.reject(new Error(message))
    ends.delete('1')
    await turn()
  }

  test('what failed is tried again from the checkpoint, later each time, and says so until it works', async () => {
    const { asked, failures, retry, endPause } = pauses()
    const { runner, worked, ends, saved, deliver } = setUp(retry)
    await runner.start()
    deliver(event('1'))
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await failing(ends, 'the disk is full')
      expect(runner.failure).toMatchObject({ error: { message: 'the disk is full' }, failures: attempt })
      endPause()
    }
    expect(asked).toEqual([1_000, 2_000, 4_000, 4_000])
    expect(failures.map(([, inARow]) => inARow)).toEqual([1, 2, 3, 4])
    expect(saved).toEqual([])
    await turn()
    ends.get('1')!.resolve()
    await turn()
    await runner.settled()
    expect(runner.failure).toBeNull()
    expect(runner.handled).toBe('1')
    expect([worked, saved]).toEqual([['1', '1', '1', '1', '1'], ['1']])
    await runner.stop()
  })

  test('whoever waits for it is told at once that it fails, and it stops without waiting for the pause', async () => {
    const { retry } = pauses()
    const { runner, ends, deliver } = setUp(retry)
    await runner.start()
    deliver(event('1'))
    const waiting = runner.settled()
    const told = expect(waiting).rejects.toThrow('no room')
    await failing(ends, 'no room')
    await told
    await expect(runner.settled()).rejects.toThrow('no room')
    await runner.stop()
  })

  test('what failed before its turn is worked out again in its turn', async () => {
    const { retry, endPause } = pauses()
    const { runner, worked, ends, saved, deliver } = setUp(retry)
    await runner.start()
    const early = runner.handleEarly(event('1'))
    deliver(event('1'))
    const told = expect(early).rejects.toThrow('no room')
    await failing(ends, 'no room')
    await told
    endPause()
    await turn()
    ends.get('1')!.resolve()
    await turn()
    expect([worked, saved]).toEqual([['1', '1'], ['1']])
    await runner.stop()
  })
})
