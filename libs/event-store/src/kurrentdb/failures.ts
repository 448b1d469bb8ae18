import { ErrorType, isCommandError } from '@kurrent/kurrentdb-client'
import { EventStoreError } from '../errors.ts'
import type { EventStoreErrorCode } from '../errors.ts'

/** Thrown here when a call was not answered in time, whatever the client still waits for. */
export class AnswerOverdue extends Error {
  constructor(durationMs: number) {
    super(`no answer within ${Math.round(durationMs)} ms`)
    this.name = 'AnswerOverdue'
  }
}

/**
 * Thrown here when a read ended before it was whole. The native part of the client (1.3.1) takes a call that is broken off
 * (RST_STREAM with CANCEL or NO_ERROR) for one that has ended, and says nothing.
 */
export class AnswerCutShort extends Error {
  constructor() {
    super('an answer was cut short')
    this.name = 'AnswerCutShort'
  }
}

/** Of what the client names, what passes by itself: then the same call may be made again. */
const PASSING: ReadonlySet<ErrorType | null> = new Set([
  ErrorType.UNAVAILABLE,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
])
/** The same of gRPC, where the client names nothing: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const PASSING_STATUS: ReadonlySet<unknown> = new Set([1, 2, 4, 10, 13, 14, 15])

/** Whether a failure of the server, or on the way to it, passes by itself. */
export function isPassing(error: unknown): boolean {
  if (error instanceof AnswerOverdue || error instanceof AnswerCutShort) return true
  if (error instanceof EventStoreError || !(error instanceof Error)) return false
  if (isCommandError(error)) return PASSING.has(typeOf(error)) || isPassingUnknown(error)
  if ('code' in error) return PASSING_STATUS.has(error.code)
  return /failed to discover/i.test(error.message)
}

/**
 * What the client does not know may pass: a connection that broke in the middle, a time-out of the server, which the native
 * bridge tells by its text alone, and what a server says that starts or has no leader. What it names a fault of ours does not.
 */
function isPassingUnknown(error: Error): boolean {
  if (typeOf(error) !== ErrorType.UNKNOWN) return false
  if (/not ready|is (too )?busy|no leader info/i.test(error.message)) return true
  if (/^could not recognize|invalid argument/i.test(error.message)) return false
  const code = 'code' in error ? error.code : undefined
  return code === undefined || PASSING_STATUS.has(code)
}

function typeOf(error: Error): ErrorType | null {
  return isCommandError(error) ? error.type : null
}

/** A failure that does not pass, or that outlasted every attempt, in our words, with what to do. */
export function fromKurrentDb(error: unknown, what: string): unknown {
  if (error instanceof EventStoreError || !(error instanceof Error)) return error
  const as = (code: EventStoreErrorCode, then: string): EventStoreError =>
    new EventStoreError(code, `${what}: ${then}`, error)
  if (/invalid position/i.test(error.message)) {
    return as('POSITION_INVALID', 'no event stands at that position of this store; read from the start.')
  }
  if (isPassing(error)) {
    return as(
      'STORE_UNAVAILABLE',
      `the event store cannot be reached (${error.message}); check that KurrentDB runs and has a leader, then try again. Nothing is written twice.`,
    )
  }
  const type = typeOf(error)
  if (type === ErrorType.ACCESS_DENIED) {
    return as(
      'STORE_ACCESS_DENIED',
      'the event store refuses us; check user and password in its address, and their rights.',
    )
  }
  if (type === ErrorType.STREAM_DELETED || type === ErrorType.STREAM_TOMBSTONED) {
    return as(
      'STORE_FAILED',
      'the stream was deleted at the server, which Huiying never does; restore it from a backup.',
    )
  }
  return as('STORE_FAILED', error.message)
}
