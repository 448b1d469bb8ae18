/** One line of the report. `value` and `target` are in `unit`; `reached` says whether the value is on the good side. */
export interface BenchRow {
  name: string
  value: number
  target: number
  unit: string
  reached: boolean
  details: Record<string, string | number>
}

export function atLeast(row: Omit<BenchRow, 'reached'>): BenchRow {
  return { ...row, value: rounded(row.value), reached: row.value >= row.target }
}

export function atMost(row: Omit<BenchRow, 'reached'>): BenchRow {
  return { ...row, value: rounded(row.value), reached: row.value <= row.target }
}

/** The report for people. */
export function readable(rows: readonly BenchRow[]): string {
  return rows
    .map(({ name, value, target, unit, reached, details }) => {
      const facts = Object.entries(details).map(([fact, value]) => `      ${fact}: ${value}`)
      return [`${reached ? '  ok' : 'MISS'}  ${name}: ${value} ${unit} (target ${target})`, ...facts].join('\n')
    })
    .join('\n')
}

export function rounded(value: number): number {
  return Number(value.toPrecision(value >= 1_000 ? 6 : 3))
}
