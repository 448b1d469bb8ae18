/** Data keys: one for each item, case and commitment (DESIGN §6). Destroying one makes what it sealed unreadable for ever. */

/** An AES-256 key and the name that events carry. */
export interface DataKey {
  keyId: string
  key: Uint8Array
}

export interface KeyStore {
  /**
   * A key that nobody was given before. It is durable when it is given: keys are made and written in batches ahead of
   * use, and what a crash leaves of a batch is never given out.
   */
  allot(): Promise<DataKey>
  /** The key of that name, null once it is destroyed. Throws `KEY_UNKNOWN` where this store never held it. */
  find(keyId: string): Promise<Uint8Array | null>
  /**
   * Overwrites the key for good; done twice changes nothing. This process forgets it at once, others within
   * `KEY_CACHE_AGE_MS_MAX`.
   */
  destroy(keyId: string): Promise<void>
  /** 32 random bytes that belong to the store and never change: what ids derived by HMAC are keyed with. */
  readonly storeSecret: Uint8Array
  close(): Promise<void>
}

/** How long a process may go on using a key that another one destroyed. */
export const KEY_CACHE_AGE_MS_MAX = 60_000
/** How many keys a process keeps at hand. */
export const KEY_CACHE_KEYS_MAX = 20_000
/** Keys made durable together, ahead of use. The first batches of a process are smaller, so that a short command leaves few unused. */
export const KEY_BATCH_MAX = 256
