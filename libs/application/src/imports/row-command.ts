import type { InboundRow } from '#channels'
import type { ItemEvent } from '#domain'
import type { CommandRequest } from '../commands/request.ts'

type ItemReceived = Extract<ItemEvent, { type: 'ItemReceived' }>['data']

/** What is known of a row beside itself: by which channel it comes, and in what. */
export interface RowContext {
  channelId: string
  kind: 'message' | 'opinion'
  /** The policy in whose name it is taken. */
  by: 'import' | 'webhook' | 'feed' | 'inbound'
  arrivalOf: (row: number) => ItemReceived['arrival']
  /** From what its command's id is derived, where it comes again under the same name. */
  causeOf?: (row: number) => NonNullable<CommandRequest['cause']>
}

/** Of a file's rows. */
export function rowsOfImport(channelId: string, kind: RowContext['kind'], run: string): RowContext {
  return { channelId, kind, by: 'import', arrivalOf: (row) => ({ kind: 'import', run, row }) }
}

/**
 * A row as the commands that take it in. A row with an answer is history: it keeps its own days, and nothing that time
 * does arises from it.
 */
export function commandsOfRow(record: InboundRow, row: number, { channelId, kind, arrivalOf }: RowContext) {
  const { reply, workOrder } = record
  const origin: 'live' | 'history' = reply ? 'history' : 'live'
  return {
    origin,
    receive: {
      channelId,
      externalId: record.externalId,
      origin,
      content: {
        kind,
        receivedAt: record.receivedAt,
        title: record.title,
        content: record.content,
        author: { name: record.author.name ?? null, contact: record.author.contact ?? null },
        wish: record.wish ?? null,
        place: record.place ?? null,
        address: record.address ?? null,
        attachments: [],
        workOrder: workOrder ? { ...workOrder, dueAt: workOrder.dueAt ?? null } : null,
        sourceDepartment: record.department ?? null,
        sourceType: record.type ?? null,
      },
      reach: record.reach
        ? {
            views: record.reach.views ?? null,
            reposts: record.reach.reposts ?? null,
            comments: record.reach.comments ?? null,
            likes: record.reach.likes ?? null,
          }
        : null,
      arrival: arrivalOf(row),
    },
    past: reply
      ? {
          kind: 'final' as const,
          text: reply.text,
          publicText: null,
          means: 'website' as const,
          address: reply.address ?? null,
          publishedAt: reply.publishedAt,
          department: null,
          departmentNamed: reply.department ?? record.department ?? null,
        }
      : null,
  }
}
