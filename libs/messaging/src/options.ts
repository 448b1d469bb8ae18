/** What a client of messaging is given beside the address. Nothing here chooses the broker. */
export interface MessagingOptions {
  /** How the broker's logs name this process; `huiying` where nothing is said. */
  clientId?: string
  /** Where `password-env` of an address looks; the process's own where nothing is said. */
  environment?: Readonly<Record<string, string | undefined>>
  /** Takes what the client library says, warnings and above. Nothing in it is a password or a message's content. */
  log?: (level: 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void
  observe?: Partial<MessagingObserver>
  /** Pauses between tries, doubled from one to the next; 200 ms to 30 s where nothing is said. */
  pauses?: Partial<Pauses>
  /** How long a consumer may be unheard of before its partitions go to others; 30,000 where nothing is said. */
  sessionTimeoutMs?: number
}

/** Told what happened, for metrics; must not throw. Times are of a monotonic clock. */
export interface MessagingObserver {
  published(topic: string, count: number, seconds: number): void
  handled(topic: string, count: number, seconds: number): void
  /** A publish that rejected, or a handler that did; an abort is no failure. */
  failed(topic: string): void
}

export interface Pauses {
  firstMs: number
  longestMs: number
}

export const DEFAULT_PAUSES: Pauses = { firstMs: 200, longestMs: 30_000 }
export const DEFAULT_SESSION_TIMEOUT_MS = 30_000
