import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one demo; `remove` may be called at any time, also from a signal. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'huiying-demo-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
