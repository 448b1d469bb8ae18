import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { eventStoreContract } from '../../../test/contracts/event-store.contract.ts'
import type { EngineUnderTest } from '../../../test/contracts/event-store.contract.ts'
import { openSqliteLog } from '../src/index.ts'

async function open(): Promise<EngineUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'huiying-events-'))
  const path = join(folder, 'events.db')
  const log = openSqliteLog(path)
  const aside = new DatabaseSync(path)
  return {
    log,
    idsAreUniqueIn: 'store',
    async storedBytes() {
      return Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))))
    },
    async stored(stream, revision) {
      const select = aside.prepare('SELECT data, metadata FROM events WHERE stream = ? AND revision = ?')
      return select.get(stream, revision) as { data: string; metadata: string }
    },
    async tamper(stream, revision, change) {
      if (change === null) {
        aside.prepare('DELETE FROM events WHERE stream = ? AND revision = ?').run(stream, revision)
        return
      }
      for (const [column, value] of Object.entries(change)) {
        aside.prepare(`UPDATE events SET ${column} = ? WHERE stream = ? AND revision = ?`).run(value, stream, revision)
      }
    },
    async close() {
      aside.close()
      await log.close()
      rmSync(folder, { recursive: true })
    },
  }
}

eventStoreContract('SQLite', open)
