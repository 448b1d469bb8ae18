import type { RecordedEvent } from '#event-store'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'

/** A command that a policy gives in consequence of an event. */
export type Consequence = Pick<CommandRequest, 'command' | 'target' | 'payload'> & {
  /** When what follows happened, if not when it is written. */
  occurredAt?: string | null
  /** What tells it from others with the same command and target; the same for an event at every delivery. */
  about?: string
}

/** What a policy may ask while it works out what follows. Reads are of streams, never of read models. */
export interface PolicyTools {
  readStream(stream: string): Promise<readonly RecordedEvent[]>
  execute(request: CommandRequest): Promise<CommandOutcome>
  /**
   * Makes the sealed content of the event's stream unreadable for ever, and takes what was made from it out of the files of
   * the read models and the search index. Done twice changes nothing.
   */
  destroyContent(event: RecordedEvent): Promise<void>
}

/**
 * What must follow when something has happened. Events come at least once; the ids of what a policy commands are
 * derived from the event, the command and its target, so that a second delivery changes nothing.
 */
export interface Policy {
  name: string
  handles: ReadonlySet<string>
  /** Given one after another. */
  consequences: (event: RecordedEvent, tools: PolicyTools) => Promise<Consequence[]>
  /** Refusals that are answers, too: what was to follow no longer makes sense. Any other stops the policy. */
  expectedRefusals: ReadonlySet<string>
}

/** A consequence of several events at once, named after one of them. */
export type Gathered = Consequence & { cause: RecordedEvent }

/**
 * A policy that takes together what came together, so that a flood of events is a few in the stream that they end in. Which
 * events come together differs from delivery to delivery: what it commands must be such that nothing depends on it.
 */
export interface GatheringPolicy {
  name: string
  handles: ReadonlySet<string>
  gather: (events: readonly RecordedEvent[]) => Gathered[]
  expectedRefusals: ReadonlySet<string>
}
