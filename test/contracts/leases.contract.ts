import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdLease, type HeldWork, type Lease, type Leases, type MonotonicClock } from '#read-store'

/** Leases on fresh ground; each `open` is a process of its own, with the clock that it is given. */
export interface LeaseGround {
  open(clock: MonotonicClock): Promise<Leases>
  close(): Promise<void>
}

const DURATION_MS = 9_000

/** What all leases must do, wherever they are kept. */
export function leasesContract(name: string, prepare: () => Promise<LeaseGround>): void {
  describe(`${name}: leases`, () => {
    let ground: LeaseGround
    let clock: HandClock
    let [here, there]: Leases[] = []
    const opened: Leases[] = []

    beforeEach(async () => {
      ground = await prepare()
      clock = new HandClock()
      here = await open()
      there = await open()
    })
    afterEach(async () => {
      for (const leases of opened.splice(0)) await leases.close()
      await ground.close()
    })
    async function open(): Promise<Leases> {
      const leases = await ground.open(clock)
      opened.push(leases)
      return leases
    }
    const take = (leases: Leases | undefined, holder: string) => leases!.acquire('sentinel', holder, DURATION_MS)
    async function taken(leases: Leases | undefined, holder: string): Promise<Lease> {
      const lease = await take(leases, holder)
      if (lease === null) throw new Error(`${holder} does not get the lease`)
      return lease
    }

    test('one holds it at a time, and people see who', async () => {
      expect(await here!.holder('sentinel')).toBeNull()
      expect(await take(here, 'a')).toEqual({ name: 'sentinel', holder: 'a', fence: 1 })
      expect(await take(there, 'b')).toBeNull()
      expect(await there!.holder('sentinel')).toBe('a')
    })

    test('leases of other names are others', async () => {
      await taken(here, 'a')
      expect(await there!.acquire('projector-casework', 'b', DURATION_MS)).toMatchObject({ fence: 1 })
    })

    test('of several who ask at once one gets it', async () => {
      const contenders = [here!, there!, await open(), await open()]
      for (let round = 1; round <= 5; round += 1) {
        const got = await Promise.all(contenders.map((leases, n) => take(leases, `contender ${n}`)))
        const holders = got.flatMap((lease, n) => (lease === null ? [] : [{ lease, leases: contenders[n]! }]))
        expect(holders.map(({ lease }) => lease.fence)).toEqual([round])
        for (const { lease, leases } of holders) await leases.release(lease)
      }
    })

    test('one that is given back is free at once, and the fence counts up', async () => {
      const first = await taken(here, 'a')
      await here!.release(first)
      expect(await here!.holder('sentinel')).toBeNull()
      const second = await taken(there, 'b')
      expect(second.fence).toBe(first.fence + 1)
      await there!.release(second)
      expect((await taken(there, 'b')).fence).toBe(second.fence + 1)
    })

    test('a holder that has not been heard of for as long as it lasts loses it', async () => {
      const first = await taken(here, 'a')
      expect(await take(there, 'b')).toBeNull()
      clock.advance(DURATION_MS - 1)
      expect(await take(there, 'b')).toBeNull()
      clock.advance(1)
      expect(await take(there, 'b')).toMatchObject({ holder: 'b', fence: first.fence + 1 })
    })

    test('how long a holder was silent counts from when somebody began to listen', async () => {
      await taken(here, 'a')
      clock.advance(10 * DURATION_MS)
      expect(await take(there, 'b')).toBeNull()
      clock.advance(DURATION_MS)
      expect(await take(there, 'b')).not.toBeNull()
    })

    test('one that is renewed is not taken, however long it goes on', async () => {
      const lease = await taken(here, 'a')
      for (let round = 0; round < 12; round += 1) {
        expect(await take(there, 'b')).toBeNull()
        clock.advance(DURATION_MS / 2)
        expect(await here!.renew(lease)).toBe(true)
      }
    })

    test('who waits with a shorter duration waits as long as the holder was promised', async () => {
      await taken(here, 'a')
      const impatient = () => there!.acquire('sentinel', 'b', DURATION_MS / 9)
      expect(await impatient()).toBeNull()
      clock.advance(DURATION_MS - 1)
      expect(await impatient()).toBeNull()
    })

    test('one that was lost is not renewed, and giving it back takes it from nobody', async () => {
      const lost = await taken(here, 'a')
      await take(there, 'b')
      clock.advance(DURATION_MS)
      const lease = await taken(there, 'b')
      expect(await here!.renew(lost)).toBe(false)
      await here!.release(lost)
      expect(await there!.holder('sentinel')).toBe('b')
      expect(await there!.renew(lease)).toBe(true)
      expect(await here!.renew({ ...lease, holder: 'a' })).toBe(false)
    })

    test('one that was given back is not renewed', async () => {
      const lease = await taken(here, 'a')
      await here!.release(lease)
      expect(await here!.renew(lease)).toBe(false)
    })

    test('a holder that comes back under its own name waits as any other', async () => {
      await taken(here, 'a')
      expect(await take(there, 'a')).toBeNull()
    })

    test('renewed and taken over at the same moment, it is one or the other', async () => {
      for (let round = 0; round < 5; round += 1) {
        const lease = await taken(here, 'a')
        await take(there, 'b')
        clock.advance(DURATION_MS)
        const [isRenewed, other] = await Promise.all([here!.renew(lease), take(there, 'b')])
        expect(isRenewed).toBe(other === null)
        await (other === null ? here!.release(lease) : there!.release(other))
      }
    })

    test('the fence has counted every change of holder, also after many renewals and a restart', async () => {
      let lease = await taken(here, 'a')
      for (let round = 0; round < 10; round += 1) await here!.renew(lease)
      await here!.release(lease)
      for (let round = 0; round < 10; round += 1) {
        const leases = await open()
        lease = await taken(leases, `process ${round}`)
        await leases.release(lease)
      }
      expect(lease.fence).toBe(11)
    })

    const bounds: [string, string, string, number][] = [
      ['a name that is none', 'Sentinel!', 'a', DURATION_MS],
      ['nobody', 'sentinel', '', DURATION_MS],
      ['no time at all', 'sentinel', 'a', 0],
      ['no number', 'sentinel', 'a', Number.NaN],
    ]
    test.each(bounds)('%s is refused', async (_, name, holder, durationMs) => {
      await expect(here!.acquire(name, holder, durationMs)).rejects.toMatchObject({ code: 'OUT_OF_BOUNDS' })
    })

    describe('work under a lease', () => {
      test('is done by one, and by the next when the first has stopped', async () => {
        const [first, second] = [new Worker(here!, clock, 'a'), new Worker(there!, clock, 'b')]
        first.start()
        const held = await first.begun()
        second.start()
        await clock.sleeps(3)
        expect(second.works).toBe(0)
        first.stop()
        expect(held.signal.aborted).toBe(true)
        await first.stopped
        clock.advance(DURATION_MS / 3)
        expect((await second.begun()).lease).toMatchObject({ holder: 'b', fence: held.lease.fence + 1 })
        second.stop()
        await second.stopped
        expect([first.failures, second.failures]).toEqual([[], []])
      })

      test('goes on for as long as the lease is renewed', async () => {
        const worker = new Worker(here!, clock, 'a')
        worker.start()
        const { signal } = await worker.begun()
        for (let third = 0; third < 9; third += 1) {
          await clock.sleeps(2)
          clock.advance(DURATION_MS / 3)
        }
        await clock.sleeps(2)
        expect([signal.aborted, worker.works]).toEqual([false, 1])
        worker.stop()
        await worker.stopped
        expect(await there!.holder('sentinel')).toBeNull()
      })

      test('a lease lost in a long pause: the work is told to stop before it does anything else, and another has it', async () => {
        const worker = new Worker(here!, clock, 'a')
        worker.start()
        const held = await worker.begun()
        await clock.sleeps(2)
        expect(await take(there, 'b')).toBeNull()
        // The process stands still: no timer of its own fires, the clock runs on, and another takes over.
        clock.pass(DURATION_MS)
        expect(await take(there, 'b')).toMatchObject({ fence: held.lease.fence + 1 })
        clock.advance(0)
        await aborted(held.signal)
        expect(held.signal.reason).toMatchObject({ code: 'LEASE_LOST' })
        await worker.ended()
        worker.stop()
        await worker.stopped
        expect(await there!.holder('sentinel')).toBe('b')
      })

      test('it is told to stop when the lease has not been renewed for two thirds of it, before another may take it', async () => {
        const away = new Away(here!)
        const worker = new Worker(away, clock, 'a')
        worker.start()
        const held = await worker.begun()
        await clock.sleeps(2)
        expect(await take(there, 'b')).toBeNull()
        away.isAway = true
        clock.advance((DURATION_MS * 2) / 3)
        await aborted(held.signal)
        await worker.ended()
        expect(await take(there, 'b')).toBeNull()
        worker.stop()
        await worker.stopped
      })

      test('a renewal that hangs does not keep it from being told', async () => {
        const hanging = new Away(here!)
        const worker = new Worker(hanging, clock, 'a')
        worker.start()
        const held = await worker.begun()
        await clock.sleeps(2)
        const release = hanging.hang()
        clock.advance(DURATION_MS / 3)
        await hanging.renewals(1)
        clock.advance(DURATION_MS / 3)
        await aborted(held.signal)
        release()
        await worker.ended()
        worker.stop()
        await worker.stopped
      })

      test('work that fails is told of, and begun again', async () => {
        const worker = new Worker(here!, clock, 'a', new Error('no disk'))
        worker.start()
        const first = await worker.begun()
        await worker.ended()
        expect(worker.failures).toMatchObject([{ message: 'no disk' }])
        await clock.sleeps(1)
        clock.advance(DURATION_MS / 3)
        expect((await worker.begun()).lease.fence).toBe(first.lease.fence + 1)
        worker.stop()
        await worker.stopped
      })
    })
  })
}

/** A clock, and the timers that hang on it, moved by hand. */
class HandClock implements MonotonicClock {
  #nowMs = 1_000
  readonly #sleeping = new Set<{ untilMs: number; wake: () => void }>()
  #watchers: (() => void)[] = []

  now(): number {
    return this.#nowMs
  }

  /** Time passes and no timer fires: the process is stopped. */
  pass(ms: number): void {
    this.#nowMs += ms
  }

  advance(ms: number): void {
    this.#nowMs += ms
    for (const sleeper of [...this.#sleeping].filter(({ untilMs }) => untilMs <= this.#nowMs)) sleeper.wake()
  }

  sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        this.#sleeping.delete(sleeper)
        signal.removeEventListener('abort', abort)
        settle()
      }
      const sleeper = { untilMs: this.#nowMs + ms, wake: end(resolve) }
      const abort = end(() => reject(new Error('aborted', { cause: signal.reason })))
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort)
      this.#sleeping.add(sleeper)
      for (const watcher of this.#watchers) watcher()
    })
  }

  /** Resolves when at least so many sleep. */
  async sleeps(count: number): Promise<void> {
    while (this.#sleeping.size < count) {
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve)
      })
      this.#watchers = []
    }
  }
}

/** A process that works under the lease until it is told to stop. */
class Worker {
  works = 0
  readonly failures: unknown[] = []
  stopped: Promise<void> = Promise.resolve()
  readonly #stopping = new AbortController()
  readonly #begins: HeldWork[] = []
  readonly #ends: true[] = []
  readonly #changed = new EventTarget()
  readonly #leases: Leases
  readonly #clock: HandClock
  readonly #holder: string
  readonly #failure: Error | null

  constructor(leases: Leases, clock: HandClock, holder: string, failure: Error | null = null) {
    this.#leases = leases
    this.#clock = clock
    this.#holder = holder
    this.#failure = failure
  }

  start(): void {
    this.stopped = holdLease({
      leases: this.#leases,
      name: 'sentinel',
      holder: this.#holder,
      durationMs: DURATION_MS,
      signal: this.#stopping.signal,
      clock: this.#clock,
      sleep: this.#clock.sleep,
      onFailure: (error) => this.failures.push(error),
      work: async (held) => {
        this.works += 1
        this.#tell(this.#begins, held)
        try {
          if (this.#failure !== null) throw this.#failure
          await aborted(held.signal)
        } finally {
          // After what the helper itself does with the end of the work.
          setImmediate(() => this.#tell(this.#ends, true as const))
        }
      },
    })
  }

  stop(): void {
    this.#stopping.abort()
  }

  begun(): Promise<HeldWork> {
    return this.#next(this.#begins)
  }

  ended(): Promise<true> {
    return this.#next(this.#ends)
  }

  #tell<What>(queue: What[], what: What): void {
    queue.push(what)
    this.#changed.dispatchEvent(new Event('change'))
  }

  async #next<What>(queue: What[]): Promise<What> {
    for (;;) {
      const next = queue.shift()
      if (next !== undefined) return next
      await new Promise((resolve) => this.#changed.addEventListener('change', resolve, { once: true }))
    }
  }
}

/** Leases that cannot be reached for a while, or do not answer. */
class Away implements Leases {
  isAway = false
  readonly #leases: Leases
  #hanging: Promise<void> | null = null
  #renewals = 0
  readonly #renewed = new EventTarget()

  constructor(leases: Leases) {
    this.#leases = leases
  }

  hang(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#hanging = promise
    return resolve
  }

  async renewals(count: number): Promise<void> {
    while (this.#renewals < count) {
      await new Promise((resolve) => this.#renewed.addEventListener('renewal', resolve, { once: true }))
    }
  }

  acquire(name: string, holder: string, durationMs: number): Promise<Lease | null> {
    return this.#leases.acquire(name, holder, durationMs)
  }
  async renew(lease: Lease): Promise<boolean> {
    this.#renewals += 1
    this.#renewed.dispatchEvent(new Event('renewal'))
    if (this.#hanging !== null) await this.#hanging
    if (this.isAway) throw new Error('away')
    return await this.#leases.renew(lease)
  }
  async release(lease: Lease): Promise<void> {
    if (this.isAway) throw new Error('away')
    await this.#leases.release(lease)
  }
  holder(name: string): Promise<string | null> {
    return this.#leases.holder(name)
  }
  async close(): Promise<void> {}
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
