/** How the cells of a column are read and shown. */
export type ColumnType =
  | 'text'
  | 'number'
  /** A share, 0.377; shown as 37.7%. */
  | 'percent'
  /** A day, `2026-11-23`. */
  | 'date'
  /** An instant; shown in Asia/Shanghai, to the minute. */
  | 'time'
  | 'yes-no'

export interface Column {
  key: string
  heading: string
  type: ColumnType
  /** In narrow characters; a Han character takes two. */
  width: number
}

/** Null: an empty cell. */
export type Cell = string | number | boolean | null
export type Row = Readonly<Record<string, Cell>>

/** A table to be written, its rows asked for one after another as they are written. */
export interface Table {
  /** The sheet's name: at most 24 characters, none of them []:*?/\ */
  name: string
  /** What stands above the headings: the title first. */
  head: readonly string[]
  columns: readonly Column[]
  rows: AsyncIterable<Row>
  /** What JSON says before columns and rows. */
  facts: Readonly<Record<string, unknown>>
}
