/** Whether two values of JSON form say the same, whatever the order of their keys. A missing key and `undefined` are one. */
export function same(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    const bothLists = Array.isArray(left) && Array.isArray(right)
    return bothLists && left.length === right.length && left.every((value, at) => same(value, right[at]))
  }
  const [these, those] = [left as Record<string, unknown>, right as Record<string, unknown>]
  return [...new Set([...Object.keys(these), ...Object.keys(those)])].every((key) => same(these[key], those[key]))
}
