import type { Cells } from './row.ts'

/** A data row as the reader of a format gives it, before anything in it is checked. */
export interface RawRow {
  /** Where the file says the row stands; absent where rows only follow each other. */
  number?: number
  /** How the row begins, for saying which one was refused. */
  beginning: string
  /** The row as a line of JSON Lines; null where `read` makes one of the cells, if there are any. */
  original: string | null
  /** Its cells. Throws `RowRefused`. */
  read: () => Cells
}
