const FORM = /^(\d{4})-(\d{6,9})$/

/** A case's number 受理编号: the year and a running number of at least six digits, `2026-000123`; a seventh follows 999999. */
export function caseNumber(year: number, running: number): string {
  return `${year}-${String(running).padStart(6, '0')}`
}

/** The year and running number of a case number; null where the text is none. */
export function parseCaseNumber(text: string): { year: number; running: number } | null {
  const [, year, running] = FORM.exec(text) ?? []
  if (year === undefined || running === undefined) return null
  const parsed = { year: Number(year), running: Number(running) }
  return parsed.running > 0 && caseNumber(parsed.year, parsed.running) === text ? parsed : null
}
