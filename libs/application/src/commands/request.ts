import type { Actor, ErrorCode } from '#domain'
import type { Position, RecordedEvent } from '#event-store'

/** A command as the application is given it, over HTTP, by the terminal or by a policy. */
export interface CommandRequest {
  command: string
  /** Whom it is for: a case, an item, an area. Null where the command makes something new, whose id follows from the command's. */
  target: string | null
  payload: unknown
  actor: Actor
  /** Repeating a request with the same key and actor changes nothing and answers as the first time. */
  idempotencyKey?: string | null
  /** When what it tells of happened (instant); now, where nothing is said. */
  occurredAt?: string | null
  /** The revision of the target that the actor saw; another one found is `VERSION_CONFLICT`. */
  basedOn?: number | null
  /** What made a policy, or another command, give this one. The command's id is derived from it. */
  cause?: { eventId: string; correlationId: string; about: string } | null
  /** Decides and writes nothing. */
  preview?: boolean
  /** `history` for what is imported from before the system. */
  origin?: 'live' | 'history'
}

export type CommandOutcome =
  | {
      outcome: 'accepted' | 'nothing'
      id: string
      /** The stream's last revision, for `basedOn`; −1 where there is no stream. */
      revision: number
      /** Read models that have reached it show what the command did, or what it found already so. Null: an empty store. */
      token: Position | null
      /** What was written, or had been when the command was first given. */
      events: readonly RecordedEvent[]
      /** What its sender alone is told, once: it stands in no event and is in no repeat. */
      disclosed?: Readonly<Record<string, string>>
      /** Types of the events that a previewed command would have written. */
      preview?: string[]
    }
  | { outcome: 'refused'; code: ErrorCode; detail: string | null }
