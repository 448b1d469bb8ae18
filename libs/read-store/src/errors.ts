/** Every way in which a read store refuses. The message says what to do. */
export type ReadStoreErrorCode =
  /** The address or the file cannot be opened as a read store. */
  | 'BAD_ADDRESS'
  /** A definition breaks a rule of its shape. */
  | 'BAD_DEFINITION'
  /** No generation holds this collection for readers yet: its projection has not caught up for the first time. */
  | 'NOT_READY'
  /** A condition or a sort names a field that the collection does not declare. */
  | 'UNDECLARED_FIELD'
  /** No declared list has this sort field. */
  | 'NO_LIST'
  /** A condition does not fit the kind of its field, or is too wide. */
  | 'BAD_CONDITION'
  /** The limit, the number of ids or the reader's tokens are out of bounds. */
  | 'OUT_OF_BOUNDS'
  /** The cursor is damaged or belongs to another query. */
  | 'BAD_CURSOR'
  /** A document, its id or one of its declared fields breaks a rule. */
  | 'BAD_DOCUMENT'
  /** The generation was discarded, switched away from or is not in a state for this. */
  | 'BAD_GENERATION'
  /** Somebody with a higher fence has taken over: stop writing. */
  | 'FENCED'
  /** Something else holds the store; try again. */
  | 'BUSY'
  /** The server does not answer, or has gone in the middle of it; try again. What was to be written may be written. */
  | 'UNAVAILABLE'
  /** The server does not know the user or its password, or does not let it do this. */
  | 'BAD_CREDENTIALS'
  /** The file is damaged. It can be deleted: it is made anew from the events. */
  | 'CORRUPT'
  /** The disk is full, or does not write: make room or check it. */
  | 'DISK_FULL'

export class ReadStoreError extends Error {
  readonly code: ReadStoreErrorCode

  constructor(code: ReadStoreErrorCode, message: string) {
    super(message)
    this.name = 'ReadStoreError'
    this.code = code
  }
}

export function fenced(projection: string): ReadStoreError {
  return new ReadStoreError(
    'FENCED',
    `Another process has taken over the writing of ${projection}: stop, and take the lease again before writing`,
  )
}
