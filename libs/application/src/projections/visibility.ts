/** Who may see a document, as the tokens of `visibleTo` (DESIGN §4, §9). */

/** Those whose duty spans departments: monitors, coordinators, verifiers, auditors. */
export const WHOLE_COUNTY = 'county'
export const departmentToken = (department: string): string => `department:${department}`

/**
 * Staff of a department see the cases that it leads or assists with, and those that follow one it leads; never one that
 * accuses it. The list is sorted, so that the same facts always give the same document.
 */
export function visibleTo(departments: Iterable<string>, accused: Iterable<string>): string[] {
  const kept = new Set(departments)
  for (const department of accused) kept.delete(department)
  return [WHOLE_COUNTY, ...[...kept].map(departmentToken).sort()]
}
