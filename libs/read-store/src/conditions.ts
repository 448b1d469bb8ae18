import type { FieldValue } from './definition.ts'
import type { Test } from './plan.ts'
import type { Scalar } from './port.ts'

/** Whether a condition holds for a field's value, as every engine must see it. A missing field is null. */
export function holds(test: Test, value: FieldValue): boolean {
  if (test.test === 'has') return Array.isArray(value) && value.includes(test.values[0])
  if (Array.isArray(value)) return false
  if (test.test === 'one-of') return test.values.includes(value)
  if (value === null) return false
  const { gt, gte, lt, lte } = test.range
  return (
    (gt === undefined || compareScalars(value, gt) > 0) &&
    (gte === undefined || compareScalars(value, gte) >= 0) &&
    (lt === undefined || compareScalars(value, lt) < 0) &&
    (lte === undefined || compareScalars(value, lte) <= 0)
  )
}

/** Numbers as numbers; texts by code point, which is the order of their UTF-8 bytes. */
function compareScalars(a: Exclude<Scalar, null>, b: Exclude<Scalar, null>): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}
