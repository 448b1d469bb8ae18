import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { WebhookHeaders } from '#channels'
import type { Identity } from '../identity/authenticator.ts'

/** A request that fits its row. */
export interface Call<Parameters = unknown, Body = unknown> {
  /** Of path and query. */
  parameters: Parameters
  body: Body
  /** Null on public routes. */
  identity: Identity | null
  idempotencyKey: string | null
  /** The revision in If-Match. */
  basedOn: number | null
  /** What the answer must at least show. */
  token: string | null
  lastEventId: string | null
  /** What a platform signed its delivery with; empty where a row takes no such headers. */
  signed: WebhookHeaders
  requestId: string
  /** Aborted when whoever asked has gone. */
  signal: AbortSignal
}

/** What is answered; the status is the first that the row describes unless another is given. */
export type Answer = { status?: number; headers?: Readonly<Record<string, string>> } & (
  | { json: unknown }
  | { mediaType: string; content: string | Uint8Array | Readable }
  /** Writes to the connection itself, until it resolves. */
  | { stream: (response: ServerResponse) => Promise<void> }
)
