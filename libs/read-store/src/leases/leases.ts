import type { Cell, Cells } from '../cells.ts'
import { ReadStoreError } from '../errors.ts'
import { LEASE_DURATION_MS_MAX, LEASE_DURATION_MS_MIN, type Lease, type Leases, type MonotonicClock } from './port.ts'

const HOLDER_CHARS_MAX = 200
const NAME = /^[a-z][a-z0-9-]{0,99}$/
const ATTEMPTS_MAX = 50

/** What is kept of a lease. Its cell's revision counts every sign of life. */
interface LeaseRecord {
  fence: number
  /** Null: released. */
  holder: string | null
  durationMs: number
}

/** Leases in cells: taking, renewing and releasing each base the next revision on the newest, or fail. */
export class CellLeases implements Leases {
  readonly #cells: Cells
  readonly #clock: MonotonicClock
  /** The newest sign of life of leases that others hold, and when it was first seen here. */
  readonly #heard = new Map<string, { revision: number; sinceMs: number }>()

  constructor(cells: Cells, clock: MonotonicClock) {
    this.#cells = cells
    this.#clock = clock
  }

  async acquire(name: string, holder: string, durationMs: number): Promise<Lease | null> {
    check(name, holder, durationMs)
    const cell = await this.#cells.read(name)
    const record = recordOf(cell)
    if (cell !== null && record.holder !== null && !this.#isSilent(name, cell.revision, record, durationMs)) return null
    const taken: LeaseRecord = { fence: record.fence + 1, holder, durationMs }
    const isTaken = await this.#cells.compareAndSet(name, cell?.revision ?? 0, JSON.stringify(taken))
    this.#heard.delete(name)
    return isTaken ? { name, holder, fence: taken.fence } : null
  }

  async renew(lease: Lease): Promise<boolean> {
    return await this.#change(lease, (record) => record)
  }

  async release(lease: Lease): Promise<void> {
    await this.#change(lease, (record) => ({ ...record, holder: null }))
  }

  async holder(name: string): Promise<string | null> {
    return recordOf(await this.#cells.read(name)).holder
  }

  async close(): Promise<void> {
    await this.#cells.close()
  }

  #isSilent(name: string, revision: number, record: LeaseRecord, durationMs: number): boolean {
    const heard = this.#heard.get(name)
    const nowMs = this.#clock.now()
    if (heard?.revision !== revision) {
      this.#heard.set(name, { revision, sinceMs: nowMs })
      return false
    }
    return nowMs - heard.sinceMs >= Math.max(durationMs, record.durationMs)
  }

  /** The next revision of a lease, as long as it is held; false where it is not. */
  async #change(lease: Lease, next: (record: LeaseRecord) => LeaseRecord): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const cell = await this.#cells.read(lease.name)
      const record = recordOf(cell)
      if (cell === null || record.fence !== lease.fence || record.holder !== lease.holder) return false
      // Refused: somebody took it over, or the same holder renewed it at the same time. The next look tells.
      if (await this.#cells.compareAndSet(lease.name, cell.revision, JSON.stringify(next(record)))) return true
    }
    throw new ReadStoreError('BUSY', `The lease ${lease.name} changes again and again: try again`)
  }
}

function recordOf(cell: Cell | null): LeaseRecord {
  return cell === null ? { fence: 0, holder: null, durationMs: 0 } : (JSON.parse(cell.value) as LeaseRecord)
}

function check(name: string, holder: string, durationMs: number): void {
  const refuse = (what: string) => new ReadStoreError('OUT_OF_BOUNDS', what)
  if (!NAME.test(name)) throw refuse(`Name the lease ${name} in lower case letters, digits and hyphens`)
  if (holder.length === 0 || holder.length > HOLDER_CHARS_MAX) {
    throw refuse(`Name the holder of ${name} in 1 to ${HOLDER_CHARS_MAX} characters`)
  }
  if (!(durationMs >= LEASE_DURATION_MS_MIN && durationMs <= LEASE_DURATION_MS_MAX)) {
    throw refuse(`Let ${name} last ${LEASE_DURATION_MS_MIN} to ${LEASE_DURATION_MS_MAX} ms, not ${durationMs}`)
  }
}
