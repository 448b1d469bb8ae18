import type { EngineUnderTest, Tampering } from '../../../test/contracts/event-store.contract.ts'
import { startKurrentDbStandIn } from '../../../test/stand-ins/kurrentdb/index.ts'
import type { StandInEvent, StandInOptions } from '../../../test/stand-ins/kurrentdb/index.ts'
import { openEventLog } from '../src/index.ts'

interface Frame {
  id: string
  version: number
  metadata: string
}

/** A log on a stand-in of its own, which may be looked into and changed. */
export async function openOnStandIn(options: StandInOptions = {}): Promise<EngineUnderTest> {
  const standIn = await startKurrentDbStandIn(options)
  standIn.appendSystemEvents(3)
  const log = await openEventLog(standIn.url)
  const find = (stream: string, revision: number): StandInEvent => {
    const found = standIn.store.stream(stream)?.find((event) => event.revision === revision)
    if (found === undefined) throw new Error(`${stream} has no event ${revision}.`)
    return found
  }
  return {
    log,
    idsAreUniqueIn: 'stream',
    async storedBytes() {
      return Buffer.concat(standIn.store.all.flatMap(({ data, metadata }) => [data, metadata]))
    },
    async stored(stream, revision) {
      const { data, metadata } = find(stream, revision)
      return { data: Buffer.from(data).toString(), metadata: frameOf(metadata).metadata }
    },
    async tamper(stream, revision, change) {
      standIn.store.tamper(stream, revision, change && changeOf(find(stream, revision), change))
    },
    async close() {
      await log.close()
      await standIn.stop()
    },
  }
}

function frameOf(metadata: Uint8Array): Frame {
  return JSON.parse(Buffer.from(metadata).toString()) as Frame
}

function changeOf(event: StandInEvent, change: Tampering): Partial<StandInEvent> {
  const { data, metadata, version, ...plain } = change
  const frame = frameOf(event.metadata)
  const changed = { ...frame, ...(version !== undefined && { version }), ...(metadata !== undefined && { metadata }) }
  return {
    ...plain,
    ...(data !== undefined && { data: Buffer.from(data) }),
    metadata: Buffer.from(JSON.stringify(changed)),
  }
}
