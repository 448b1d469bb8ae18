import type { Cell, Table } from './table.ts'

/** One JSON document: the facts, the columns, the rows with a line for each, and last how many they are. */
export async function* json({ facts, columns, rows }: Table): AsyncGenerator<string> {
  const described = columns.map(({ key, heading, type }) => ({ key, heading, type }))
  yield `${JSON.stringify({ ...facts, columns: described }).slice(0, -1)},"rows":[`
  let count = 0
  for await (const row of rows) {
    const cells = columns.map(({ key }) => [key, wellFormed(row[key] ?? null)])
    yield `${count === 0 ? '' : ','}\n${JSON.stringify(Object.fromEntries(cells))}`
    count += 1
  }
  yield `\n],"count":${count}}\n`
}

function wellFormed(cell: Cell): Cell {
  return typeof cell === 'string' ? cell.toWellFormed() : cell
}
