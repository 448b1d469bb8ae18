import type {
  ChangeFeed,
  CommandOutcome,
  CommandRequest,
  Comparison,
  Files,
  ImportReport,
  ImportRequest,
  RetryReport,
  WebhookAnswer,
  WebhookRequest,
} from '#application'
import type { VerifyMessage } from '#event-store'
import type { Query } from '@nestjs/cqrs'

/** What the gateway serves. Whoever puts the parts together gives it. */
export interface Served {
  command(request: CommandRequest): Promise<CommandOutcome>
  /** Throws `QueryRefused` where the question cannot be answered. */
  query<Result>(query: Query<Result>): Promise<Result>
  importFile(request: ImportRequest): Promise<ImportReport>
  /** Takes in what a platform sent. */
  deliver(request: WebhookRequest): Promise<WebhookAnswer>
  files: Pick<Files, 'storeFile' | 'openFile'>
  changes: ChangeFeed
  maintenance: Maintenance
  vitals(): Promise<Vitals>
  /** The application's time, as an instant. */
  now(): string
}

/** What whoever runs the machine may do beside everything else. */
export interface Maintenance {
  /** Resolves when everything that follows from what is stored has happened and is shown. */
  settled(): Promise<void>
  retryRefusedRows(): Promise<RetryReport>
  rebuild(): Promise<void>
  compare(): Promise<Comparison>
  verify(): AsyncIterable<VerifyMessage>
}

/** How it goes. Counts and durations only. */
export interface Vitals {
  /** Seconds that each read model, and search, is behind the store. */
  behindSeconds: Readonly<Record<string, number>>
  policies: { behindSeconds: number; /** In a row; 0 while they work. */ failures: number }
  /** Whether what keeps the read models still runs. */
  projecting: boolean
  /** By this process. */
  eventsWritten: number
  /** Why it should be asked nothing at the moment; none: it is ready. */
  hindrances: readonly Hindrance[]
}

export interface Hindrance {
  code: 'EVENT_STORE_SILENT' | 'PROJECTIONS_BEHIND' | 'PROJECTIONS_STOPPED' | 'POLICIES_FAILING'
  /** What is behind, or why it fails. */
  detail: string
}
