/** Full-text search in Chinese (DESIGN §4). Every adapter passes `test/contracts/search.contract.ts`. */

export const SEARCH_LIMIT_MAX = 200
export const SEARCH_TOTAL_MAX = 10_000
/** Of the text that a person types; longer is refused. */
export const SEARCH_TEXT_CHARS_MAX = 200
/** Words of one search, counted after punctuation has parted them; more are refused. */
export const SEARCH_WORDS_MAX = 16
/** UTF-16 units of one field that are searched; what follows is left out. */
export const FIELD_CHARS_MAX = 64 * 1024
export const FIELDS_MAX = 32
export const INDEX_CHANGES_MAX = 2_000
export const READER_TOKENS_MAX = 32
export const VISIBLE_TO_MAX = 256
export const TOKEN_CHARS_MAX = 512
/** Of one document, or of one search. */
export const TRAITS_MAX = 64
/** A search that is narrowed by traits looks through so many hits, the newest. */
export const NARROWED_HITS_MAX = 10_000
export const ID_CHARS_MAX = 200

/** A place in the event store's order: opaque, sorts as text. */
export type Position = string
/** `start`, or the position of the last event handled. */
export type Checkpoint = string

export type Reader = readonly string[] | 'system'

export type SearchChange =
  | {
      id: string
      /** An instant, UTC: hits come newest first by it; of equal ones, the one first indexed later comes first. */
      sortKey: string
      /** Who may find it; empty: only the system. */
      visibleTo: readonly string[]
      /** What is searched, by field. A word is never found across two fields. The names are the caller's and not kept. */
      fields: Readonly<Record<string, string>>
      /** What it is, such as `status:new`, for searches to be narrowed by; to change them costs little. No line breaks. */
      traits?: readonly string[]
    }
  | { id: string; removed: true }

export interface SearchQuery {
  /**
   * What a person typed. White space and punctuation part it into words; all must be found. A word is found where its
   * characters stand side by side within one field, with no punctuation or white space between them; width (NFKC) and
   * case make no difference. A text without any letter or digit finds nothing.
   */
  text: string
  reader: Reader
  /** Only documents that have all of these. */
  traits?: readonly string[]
  /** 1 to 200. */
  limit: number
  /** `next` of the page before, of a search for the same text and traits. */
  cursor?: string | null
}

export interface SearchPage {
  /** Newest first. */
  ids: string[]
  next: string | null
  /**
   * All hits that the reader may see: exact up to 10,000, else 10,000 and `more`. Narrowed by traits: those among the newest
   * 10,000 hits, and `more` where there are older hits, which are not looked through.
   */
  total: number
  more: boolean
}

/** Errors are `SearchError`s. */
export interface SearchIndex {
  search(query: SearchQuery): Promise<SearchPage>
  /** How far the index in use has come. */
  checkpoint(): Promise<Checkpoint>
  close(): Promise<void>
}

/** An index being written: the one in use, or one that is built beside it. One writer at a time. */
export interface SearchGeneration {
  readonly version: number
  status(): Promise<'building' | 'active' | 'gone'>
  checkpoint(): Promise<Checkpoint>
  /**
   * Adds, replaces and removes, at most 2,000 changes, in their order, with the checkpoint, all or nothing. A batch whose
   * checkpoint is not newer than the stored one changes nothing, so that a second delivery does no harm.
   */
  index(changes: readonly SearchChange[], checkpoint: Position): Promise<void>
  /** Takes over from the index in use, in one step, and drops that one. Nothing if already active. */
  switchOver(): Promise<void>
  /** Drops a building index. The active one is refused. */
  discard(): Promise<void>
}

export interface SearchWriter extends SearchIndex {
  /** The index to write: the active one if it has this version, else the building one that has, else a new one. */
  prepare(version: number): Promise<SearchGeneration>
  /** A new one beside the one in use. Any other building one is dropped. */
  rebuild(version: number): Promise<SearchGeneration>
  /** When it returns, no word that was removed or replaced before is anywhere in the file's bytes; it reads and writes all of the index. `BUSY` where a reader holds on to the past: try again. */
  purge(): Promise<void>
}
