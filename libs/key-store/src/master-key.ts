import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { KeyStoreError } from './errors.ts'

export const MASTER_KEY_BYTES = 32

export interface MasterKeySource {
  /** A file of 64 hex digits; made with mode 0600 where there is none. It belongs on other backups than the stores do. */
  path: string
  /** What HUIYING_MASTER_KEY holds: 64 hex digits or 32 bytes in base64. It goes before the file. */
  fromEnvironment?: string | undefined
  /** Makes none where there is none: there are keys already, which a new one would not open. */
  mustExist?: boolean
}

/**
 * The key that wraps all data keys: 32 bytes. Throws `MASTER_KEY_INVALID` where what is given is no such key, and
 * `MASTER_KEY_MISSING` where it must exist and does not.
 */
export function loadMasterKey({ path, fromEnvironment, mustExist = false }: MasterKeySource): Uint8Array {
  if (fromEnvironment !== undefined && fromEnvironment !== '') return parse(fromEnvironment, 'HUIYING_MASTER_KEY')
  const text = read(path)
  if (text !== null) return parse(text, path)
  if (mustExist) {
    throw new KeyStoreError(
      'MASTER_KEY_MISSING',
      `${path} is missing, and the keys beside it open with nothing else. Restore it from its backup, or set HUIYING_MASTER_KEY.`,
    )
  }
  create(path)
  return parse(readFileSync(path, 'utf8'), path)
}

function parse(text: string, source: string): Uint8Array {
  const trimmed = text.trim()
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex')
  if (/^[A-Za-z0-9+/]{43}=$/.test(trimmed)) return Buffer.from(trimmed, 'base64')
  throw new KeyStoreError('MASTER_KEY_INVALID', `${source} must hold 64 hex digits, or 32 bytes in base64.`)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new KeyStoreError('MASTER_KEY_INVALID', `${path} cannot be read; check its permissions.`, error)
  }
}

/** Complete or absent: written aside, made durable, then linked, which fails where another process was first. */
function create(path: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, `${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flush: true, flag: 'wx' })
    linkSync(aside, path)
    const folder = openSync(dirname(path), 'r')
    fsyncSync(folder)
    closeSync(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw new KeyStoreError('MASTER_KEY_INVALID', `${path} cannot be made; check the folder's permissions.`, error)
    }
  } finally {
    rmSync(aside, { force: true })
  }
}
