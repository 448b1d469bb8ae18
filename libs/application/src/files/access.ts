import type { Role } from '#domain'
import type { CommandRow } from '../commands/aggregate.ts'
import { commandTable } from '../commands/table.ts'
import type { Ports } from '../ports.ts'
import { readerOf } from '../queries/reading.ts'
import type { Asker } from '../queries/reading.ts'
import { destruction, itemOf, parseOwner } from './owner.ts'
import type { Owner } from './owner.ts'

/** Whoever may see a case may read its files and those of its items and promises, which its page shows. */
export async function mayRead({ views }: Ports, asker: Asker, stream: string): Promise<boolean> {
  const owner = parseOwner(stream)
  if (owner === null) return false
  const reader = readerOf(asker)
  if (await views.get(owner.collection, owner.id, reader)) return true
  if (owner.kind === 'case') return false
  const document = await views.get(owner.collection, owner.id, 'system')
  const caseId = document?.['caseId']
  return typeof caseId === 'string' && (await views.get('cases', caseId, reader)) !== null
}

/**
 * Why somebody may not store a file for an owner; null where they may: it is there for them, or is an item that they may
 * take in. Without this, any account could fill what others need.
 */
export async function hindrance(
  ports: Ports,
  asker: Asker,
  stream: string,
): Promise<'NOT_FOUND' | 'ROLE_NOT_ALLOWED' | 'ITEM_ERASED' | 'ITEM_QUARANTINED' | null> {
  const owner = parseOwner(stream)
  if (owner === null) return 'NOT_FOUND'
  const role = roleOf(asker)
  if (role !== null && !givesCommandsTo(owner, role)) return 'ROLE_NOT_ALLOWED'
  const item = await itemOf(ports.store, stream)
  const destroyed = destruction(item)
  if (destroyed !== null) return destroyed
  if (item?.status === 'none') {
    return role === null || givesCommandsTo(owner, role, ({ creates }) => creates) ? null : 'NOT_FOUND'
  }
  // A channel's client sees nothing and delivers.
  const isThere =
    role === 'channel'
      ? (await ports.views.get(owner.collection, owner.id, 'system')) !== null
      : await mayRead(ports, asker, stream)
  return isThere ? null : 'NOT_FOUND'
}

/** Null for the operator and for policies, which may do everything here. */
export function roleOf(asker: Asker): Role | null {
  return asker === 'operator' || 'policy' in asker ? null : asker.role
}

/** Who may give no command to a kind of stream has nothing to attach to it. */
function givesCommandsTo({ kind }: Owner, role: Role, such: (row: CommandRow) => boolean = () => true): boolean {
  return [...commandTable.values()].some((row) => row.aggregate.name === kind && row.by.includes(role) && such(row))
}
