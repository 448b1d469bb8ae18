import type { RefusalText, RowOutcome } from '#channels'
import { caseStream, itemStream } from '#domain'
import type { ErrorCode } from '#domain'
import type { EventStore, RecordedEvent } from '#event-store'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import { caseIdOfMessage, itemIdOf } from '../identity/ids.ts'
import { refusalText } from './refusal-text.ts'
import { commandsOfRow } from './row-command.ts'
import type { RowContext } from './row-command.ts'

/** What became of a row. */
export type RowResult =
  | { row: number; outcome: 'taken' | 'unchanged' | 'revised'; token: string | null }
  | {
      row: number
      outcome: 'refused'
      code: ErrorCode
      message: RefusalText
      excerpt: string | null
      /** The row as a JSON Lines line that the reader takes again; null where it was too long to keep. */
      original: string | null
      token: null
    }

export interface RowIntakeParts {
  store: EventStore
  storeSecret: Uint8Array
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  /** Carries out at once what follows from an event. */
  follow: (event: RecordedEvent) => Promise<void>
}

/** Takes rows in: the item, the case that it opens, the answer that it was given. */
export class RowIntake {
  readonly #parts: RowIntakeParts

  constructor(parts: RowIntakeParts) {
    this.#parts = parts
  }

  /** Rows at once, results in their order. Rows with one id follow each other, so that the later one is the newer. */
  async take(outcomes: readonly RowOutcome[], context: RowContext, preview: boolean): Promise<RowResult[]> {
    const latest = new Map<string, Promise<unknown>>()
    return await Promise.all(
      outcomes.map((outcome) => {
        if (outcome.kind === 'refused') return Promise.resolve(refusedByReader(outcome))
        const { externalId } = outcome.record
        const before = latest.get(externalId) ?? Promise.resolve()
        const taking = before.then(() => this.#takeOne(outcome, context, preview))
        latest.set(externalId, taking)
        return taking
      }),
    )
  }

  async #takeOne(
    { row, record, original }: Extract<RowOutcome, { kind: 'row' }>,
    context: RowContext,
    preview: boolean,
  ): Promise<RowResult> {
    const { receive, past, origin } = commandsOfRow(record, row, context)
    const itemId = itemIdOf(this.#parts.storeSecret, context.channelId, record.externalId)
    const give = (command: string, target: string, payload: unknown, occurredAt: string) =>
      this.#parts.execute({
        command,
        target,
        payload,
        actor: { policy: context.by },
        occurredAt,
        origin,
        preview,
        cause: context.causeOf?.(row) ?? null,
      })
    const refused = ({ code, detail }: Extract<CommandOutcome, { outcome: 'refused' }>): RowResult => ({
      row,
      outcome: 'refused',
      code,
      message: refusalText(code, detail),
      excerpt: record.title.slice(0, 200),
      original,
      token: null,
    })

    const received = await give('ReceiveItem', itemId, receive, origin === 'history' ? record.receivedAt : null!)
    if (received.outcome === 'refused') return refused(received)
    const types = received.preview ?? received.events.map(({ type }) => type)
    let outcome: 'taken' | 'unchanged' | 'revised' = 'unchanged'
    if (types.includes('ItemReceived')) outcome = 'taken'
    else if (types.includes('ItemRevised')) outcome = 'revised'
    let { token } = received
    if (preview) return { row, outcome, token }
    const event = received.events.find(({ type }) => type === 'ItemReceived')
    if (event) await this.#parts.follow(event)
    if (!past) return { row, outcome, token }

    const caseId = caseIdOfMessage(itemId)
    if (!event) await openCaseOf(this.#parts, itemId, caseId)
    const recorded = await give('RecordPastResponse', caseId, past, past.publishedAt)
    if (recorded.outcome === 'refused') return refused(recorded)
    if (recorded.outcome === 'accepted' && outcome === 'unchanged') outcome = 'revised'
    if (recorded.token !== null && (token === null || recorded.token > token)) token = recorded.token
    return { row, outcome, token }
  }
}

/** Opens a message's case where whoever took the item in died before it, so that an answer finds it. */
export async function openCaseOf(
  { store, follow }: Pick<RowIntakeParts, 'store' | 'follow'>,
  itemId: string,
  caseId: string,
): Promise<void> {
  const { version } = await store.readStream(caseStream(caseId))
  if (version !== 'no-stream') return
  const item = await store.readStream(itemStream(itemId))
  const event = item.events.find(({ type }) => type === 'ItemReceived')
  if (event) await follow(event)
}

function refusedByReader(outcome: Extract<RowOutcome, { kind: 'refused' }>): RowResult {
  const { row, code, message, excerpt, original } = outcome
  return { row, outcome: 'refused', code, message, excerpt, original, token: null }
}
