/**
 * One line of the report. `value` and `target` are in `unit`; `reached` says whether the value is on the good side. A figure
 * without a target has neither.
 */
export interface BenchRow {
  name: string
  value: number
  target: number | null
  unit: string
  reached: boolean | null
  details: Record<string, string | number>
}

export function atLeast(row: Omit<BenchRow, 'reached' | 'target'> & { target: number }): BenchRow {
  return { ...row, value: rounded(row.value), reached: row.value >= row.target }
}

export function atMost(row: Omit<BenchRow, 'reached' | 'target'> & { target: number }): BenchRow {
  return { ...row, value: rounded(row.value), reached: row.value <= row.target }
}

export function figure(row: Omit<BenchRow, 'reached' | 'target'>): BenchRow {
  return { ...row, value: rounded(row.value), target: null, reached: null }
}

/** The report for people. */
export function readable(rows: readonly BenchRow[]): string {
  return rows
    .map(({ name, value, target, unit, reached, details }) => {
      const facts = Object.entries(details).map(([fact, value]) => `      ${fact}: ${value}`)
      const verdict = { true: '  ok', false: 'MISS', null: '    ' }[String(reached) as 'true' | 'false' | 'null']
      const wanted = target === null ? '' : ` (target ${target})`
      return [`${verdict}  ${name}: ${value} ${unit}${wanted}`, ...facts].join('\n')
    })
    .join('\n')
}

export function rounded(value: number): number {
  return Number(value.toPrecision(value >= 1_000 ? 6 : 3))
}
