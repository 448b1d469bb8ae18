/** Whether two values of JSON form say the same, whatever the order of their keys. A missing key and `undefined` are one. */
export function same(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    const bothLists = Array.isArray(left) && Array.isArray(right)
    return bothLists && left.length === right.length && left.every((value, at) => same(value, right[at]))
  }
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  return keys.every((key) => same(ownValue(left, key), ownValue(right, key)))
}

function ownValue(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
