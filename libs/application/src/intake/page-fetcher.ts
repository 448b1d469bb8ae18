/** Fetches a page of the web. Whoever implements it refuses private addresses and bounds size, time and redirects. */
export interface PageFetcher {
  fetch(request: {
    /** http or https. */
    address: string
    /** Hosts that it may be fetched from, redirects included. */
    hosts: readonly string[] | 'any-public'
    headers?: Record<string, string>
    signal?: AbortSignal
  }): Promise<PageReply>
}

export type PageReply =
  | {
      outcome: 'fetched'
      status: number
      /** Where it was found, after redirects. */
      address: string
      mediaType: string
      charset: string
      body: Uint8Array
      /** Names in lower case. */
      headers: Record<string, string>
    }
  | { outcome: 'not-modified' }
  | { outcome: 'failed'; fault: string; detail: string }
