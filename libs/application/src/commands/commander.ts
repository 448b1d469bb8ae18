import { instant } from '#domain'
import { withCommand } from '#observability'
import type { Files } from '../files/files.ts'
import { derivedId, timeOrderedId } from '../identity/ids.ts'
import type { CommandRow } from './aggregate.ts'
import type { Completion } from './completions.ts'
import { execute, invalid } from './executor.ts'
import type { Executed, ExecutorParts } from './executor.ts'
import { RecentStreams } from './recent-streams.ts'
import type { CommandOutcome, CommandRequest } from './request.ts'
import { commandTable } from './table.ts'

/** Gives any command of the table to the stream that it is for. */
export class Commander {
  readonly #parts: ExecutorParts
  readonly #completions: ReadonlyMap<string, Completion>
  readonly #onSettings: () => Promise<void>
  readonly #files: Pick<Files, 'withFiles'>

  constructor(
    parts: Omit<ExecutorParts, 'streams'>,
    completions: ReadonlyMap<string, Completion>,
    onSettings: () => Promise<void>,
    files: Pick<Files, 'withFiles'>,
  ) {
    this.#parts = { ...parts, streams: new RecentStreams(parts.store) }
    this.#completions = completions
    this.#onSettings = onSettings
    this.#files = files
  }

  /** Refusals are values; what throws is a fault of a store. */
  async execute(request: CommandRequest): Promise<CommandOutcome> {
    const row = commandTable.get(request.command)
    if (!row) return refused('UNKNOWN_COMMAND', request.command)
    if (request.occurredAt != null && !instant.safeParse(request.occurredAt).success) {
      return refused('INVALID_COMMAND', 'occurredAt is no instant')
    }
    const commandId = this.#commandIdOf(request)
    const { correlationId, eventId: causationId } = request.cause ?? { correlationId: commandId, eventId: null }
    return await withCommand({ name: row.name, correlationId, causationId }, async (span) => {
      const outcome = await this.#give(row, request, commandId)
      const code = outcome.outcome === 'refused' ? { 'huiying.code': outcome.code } : {}
      span.note({ 'huiying.outcome': outcome.outcome, ...code })
      return outcome
    })
  }

  async #give(row: CommandRow, request: CommandRequest, commandId: string): Promise<CommandOutcome> {
    const completion = this.#completions.get(request.command)
    const id = this.#targetOf(row, request, commandId)
    if (id === null) return refused('INVALID_COMMAND', 'target is missing')
    if (!row.aggregate.idShape.test(id)) return refused('INVALID_COMMAND', 'target is no id')

    let { payload } = request
    if (completion) {
      const parsed = completion.schema.safeParse(payload)
      if (!parsed.success) return invalid(parsed.error)
      const completed = await completion.complete(parsed.data, id, commandId)
      if ('refused' in completed) return refused(completed.refused, completed.detail)
      payload = completed.payload
    }
    const { repeated, ...outcome }: Executed = await this.#files.withFiles(
      { row, id, actor: request.actor, payload },
      () => execute(this.#parts, row, { request, commandId, id, payload }),
    )
    if (outcome.outcome === 'refused') return outcome
    if (row.aggregate.name === 'settings' && outcome.outcome === 'accepted') await this.#onSettings()
    return completion?.conclude && !request.preview
      ? await completion.conclude(outcome, request, repeated === true)
      : outcome
  }

  /**
   * The id of what a command would be for, where it says so or makes something new: the item, say, for which a file is stored
   * before the command with the same idempotency key registers it and names the file. Null where it says none.
   */
  targetOf(request: CommandRequest): string | null {
    const row = commandTable.get(request.command)
    return row ? this.#targetOf(row, request, this.#commandIdOf(request)) : null
  }

  #targetOf(row: CommandRow, { command, target, payload }: CommandRequest, commandId: string): string | null {
    return (
      row.area ??
      target ??
      this.#completions.get(command)?.identify?.(payload, commandId) ??
      (row.creates ? derivedId('new', row.aggregate.name, commandId) : null)
    )
  }

  #commandIdOf({ actor, cause, command, idempotencyKey, target }: CommandRequest): string {
    if (cause) return derivedId(`${command} ${target}`, cause.eventId, cause.about)
    // A person is the same person in whatever department or role a key is used again.
    const by = 'policy' in actor ? `policy:${actor.policy}` : `person:${actor.person}`
    if (idempotencyKey != null) return derivedId('request', by, idempotencyKey)
    return timeOrderedId(this.#parts.clock.now())
  }
}

function refused(code: string, detail: string | null): CommandOutcome {
  return { outcome: 'refused', code, detail }
}
