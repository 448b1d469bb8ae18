import type { Position as LogPosition } from '@kurrent/kurrentdb-client'
import type { From, Position } from '../envelope.ts'
import { EventStoreError } from '../errors.ts'

/** Digits of a signed 64-bit number, which both parts are at the server. */
const DIGITS = 19
const POSITION = new RegExp(`^(\\d{${DIGITS}})-(\\d{${DIGITS}})$`)
const LARGEST = 2n ** 63n - 1n

/**
 * A place in `$all` as text that sorts as the server orders: where it was committed, then where it was prepared. Null where
 * the server gave none: it then says the largest number there is.
 */
export function positionOf({ commit, prepare }: LogPosition): Position | null {
  if (commit > LARGEST || prepare > LARGEST) return null
  return `${String(commit).padStart(DIGITS, '0')}-${String(prepare).padStart(DIGITS, '0')}`
}

/** Throws `POSITION_INVALID`. */
export function placeOf(from: Exclude<From, 'start'>): LogPosition {
  const [, commit, prepare] = POSITION.exec(from) ?? []
  if (commit === undefined || prepare === undefined) {
    throw new EventStoreError('POSITION_INVALID', `"${from}" is no position of this store; read from the start.`)
  }
  return { commit: BigInt(commit), prepare: BigInt(prepare) }
}
