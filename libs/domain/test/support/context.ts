import { createHash } from 'node:crypto'
import { initialSettings } from '#domain'
import type { Actor, CommandContext, Department, JsonValue, Role, Settings } from '#domain'

/** Monday, 14:00 in Shanghai. */
export const NOW = '2026-03-02T06:00:00.000Z'

/** A person of a department; their account is their role and department, unless given. */
export function person(role: Role, department: string, name = `${role}@${department}`): Actor {
  return { person: name, department, role }
}

export const policy: Actor = { policy: 'test-policy' }

/** A county with the departments given, all active, and nothing else set. */
export function county(...departments: string[]): Settings {
  const byId = departments.map((id): [string, Department] => [id, { id, name: id, active: true }])
  return { ...initialSettings, departments: new Map(byId) }
}

/** A stand-in for the HMAC: the same for values that say the same. */
export function digestOf(value: JsonValue): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

export function uuidOf(...parts: (string | number)[]): string {
  const hex = digestOf(parts)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** What comes with a command; `now` alone sets `occurredAt` too. */
export function contextOf(given: Partial<CommandContext> = {}): CommandContext {
  const now = given.now ?? NOW
  const commandId = given.commandId ?? 'command-1'
  return {
    actor: policy,
    now,
    occurredAt: now,
    commandId,
    settings: initialSettings,
    digest: digestOf,
    derive: (purpose, ...parts) => uuidOf(purpose, commandId, ...parts),
    ...given,
  }
}

function sorted(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
