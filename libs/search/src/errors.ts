/** Every way in which search refuses. The message says what to do. */
export type SearchErrorCode =
  /** The address or the file cannot be opened as a search index. */
  | 'BAD_ADDRESS'
  /** No index is in use yet: the first one has not caught up. */
  | 'NOT_READY'
  /** The text, the limit, the reader's tokens or the batch are out of bounds. */
  | 'OUT_OF_BOUNDS'
  /** The cursor is damaged, belongs to another search, or to an index that is no more. */
  | 'BAD_CURSOR'
  /** A change breaks a rule: its id, sort key, tokens or fields. */
  | 'BAD_CHANGE'
  /** The index was discarded or is not in a state for this. */
  | 'BAD_GENERATION'
  /** Something else holds the file; try again. */
  | 'BUSY'
  /** The file is damaged. It can be deleted: it is made anew from the events. */
  | 'CORRUPT'
  /** The disk is full, or does not write: make room or check it. */
  | 'DISK_FULL'

export class SearchError extends Error {
  readonly code: SearchErrorCode

  constructor(code: SearchErrorCode, message: string) {
    super(message)
    this.name = 'SearchError'
    this.code = code
  }
}
