import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { EventStoreError } from '../errors.ts'
import { SQLITE_BUSY, sqliteCode } from './errors.ts'

/**
 * Says that this process alone writes the store. Held as an exclusive transaction on a file of its own, it is released by
 * the kernel however the process dies, and no stale lock ever needs clearing. Who holds it stands in a file beside it.
 */
export function holdStoreLock(storePath: string): { release(): void } {
  const path = `${storePath}.lock`
  const ownerPath = `${storePath}.owner.json`
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
    const owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
    writeFileSync(ownerPath, `${JSON.stringify(owner)}\n`)
  } catch (error) {
    database?.close()
    if (sqliteCode(error) === SQLITE_BUSY) throw inUse(storePath, ownerPath, error)
    const reason = error instanceof Error ? error.message : String(error)
    throw new EventStoreError(
      'STORE_READ_ONLY',
      `${path} cannot be held (${reason}); check the folder's permissions.`,
      error,
    )
  }
  const held = database
  return {
    release() {
      rmSync(ownerPath, { force: true })
      held.close()
    },
  }
}

function inUse(storePath: string, ownerPath: string, cause: unknown): EventStoreError {
  return new EventStoreError(
    'STORE_IN_USE',
    `${storePath} is in use by ${describeOwner(ownerPath)}; stop it, or give it the work.`,
    cause,
  )
}

function describeOwner(ownerPath: string): string {
  let owner: unknown
  try {
    owner = JSON.parse(readFileSync(ownerPath, 'utf8'))
  } catch {
    return 'another process' // It has only just taken the lock, and its name is not written yet.
  }
  if (typeof owner !== 'object' || owner === null || !('pid' in owner)) return 'another process'
  const { pid, host, since } = owner as { pid: unknown; host?: unknown; since?: unknown }
  return `process ${String(pid)} on ${String(host)} since ${String(since)}`
}
