import type { InboundRow } from '#channels'

/** What an import knows beside the row itself. */
export interface RowContext {
  channelId: string
  kind: 'message' | 'opinion'
  run: string
}

/**
 * A file's row as the commands that take it in. A row with an answer is history: it keeps its own days, and nothing that
 * time does arises from it.
 */
export function commandsOfRow(record: InboundRow, row: number, { channelId, kind, run }: RowContext) {
  const { reply } = record
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
        workOrder: null,
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
      arrival: { kind: 'import' as const, run, row },
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
