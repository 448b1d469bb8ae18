export type { Cell, Column, ColumnType, Row, Table } from './table.ts'
export { mediaTypes, tableFormats, writeTable } from './write.ts'
export type { TableFormat } from './write.ts'
export type { XlsxOptions } from './xlsx.ts'
