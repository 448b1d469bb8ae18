/** The contract against the server that KURRENTDB_URL names; without it against a stand-in that is shared as a server would be. */
import { randomUUID } from 'node:crypto'
import { afterAll } from 'vitest'
import { eventStoreContract } from '../../../test/contracts/event-store.contract.ts'
import type { EngineUnderTest } from '../../../test/contracts/event-store.contract.ts'
import { partOfLog } from '../../../test/contracts/event-store.part.ts'
import { startKurrentDbStandIn } from '../../../test/stand-ins/kurrentdb/index.ts'
import { servers } from '../../../test/support/servers.ts'
import { connect } from '../src/kurrentdb/client.ts'
import { LIMITS } from '../src/kurrentdb/limits.ts'
import { KurrentDbLog } from '../src/kurrentdb/log.ts'

const standIn = servers.kurrentdb === null ? await startKurrentDbStandIn() : null
const client = connect(servers.kurrentdb ?? standIn!.url)
afterAll(async () => {
  await client.dispose()
  await standIn?.stop()
})

const PAGE = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }

async function open(): Promise<EngineUnderTest> {
  const shared = new KurrentDbLog(client, false, LIMITS)
  const log = partOfLog(shared, `huiying-test-${randomUUID()}-`, await shared.head())
  return {
    log,
    idsAreUniqueIn: 'stream',
    tamper: null,
    // As far as it can be seen from outside: everything that the server gives of it.
    async storedBytes() {
      const texts: string[] = []
      for (let place = 'start'; ;) {
        const rows = await log.readAll(place, PAGE)
        const last = rows.at(-1)
        if (last === undefined) return Buffer.from(texts.join('\n'))
        texts.push(...rows.flatMap(({ data, metadata }) => [data, metadata]))
        place = last.position
      }
    },
    async stored(stream, revision) {
      const [row] = await log.readStream(stream, revision, { ...PAGE, rows: 1 })
      if (row === undefined) throw new Error(`${stream} has no event ${revision}.`)
      return row
    },
    close: () => log.close(),
  }
}

eventStoreContract(servers.kurrentdb === null ? 'KurrentDB (stand-in, shared)' : 'KurrentDB', open)
