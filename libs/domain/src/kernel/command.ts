import type { z } from 'zod'
import type { Actor, Role } from './actor.ts'
import type { Decision } from './decision.ts'
import type { Settings } from '../settings/model.ts'
import type { Instant, Uuid } from './values.ts'

/** What can be fingerprinted: whole numbers only, as everywhere (DESIGN §7). */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** What comes with every command besides its own fields. Time and ids arrive as data; a decision asks nobody for them. */
export interface CommandContext {
  actor: Actor
  /** When the command is decided. */
  now: Instant
  /** When what it tells of happened, if it says so; else `now`. Becomes the events' `occurredAt`. */
  occurredAt: Instant
  /** The idempotency identity of the command. New ids are derived from it, so that a repeat makes none. */
  commandId: string
  settings: Settings
  /** HMAC-SHA-256, hex, over the canonical form of a value under the stream's key: the fingerprint of sealed content. */
  digest: (value: JsonValue) => string
  /** An id derived from the command's, the same every time it is asked for the same purpose and parts. */
  derive: (purpose: string, ...parts: (string | number)[]) => Uuid
}

/**
 * One row of a table of commands: from it come the handler, the route, the documentation and the permission check, so
 * that they cannot drift apart.
 */
export interface CommandDefinition<Schema extends z.ZodType, State, Event, Context extends CommandContext> {
  /** What the caller sends, besides whom the command is for. */
  schema: Schema
  /** Who may give it. `policy` stands for our own policies. */
  by: readonly (Role | 'policy')[]
  decide: (command: z.infer<Schema>, state: State, context: Context) => Decision<Event>
}
