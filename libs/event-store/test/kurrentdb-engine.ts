import type { EngineUnderTest, Tampering } from '../../../test/contracts/event-store.contract.ts'
import { startKurrentDbStandIn } from '../../../test/stand-ins/kurrentdb/index.ts'
import type { KurrentDbStandIn, StandInEvent } from '../../../test/stand-ins/kurrentdb/index.ts'
import { connect } from '../src/kurrentdb/client.ts'
import { LIMITS } from '../src/kurrentdb/limits.ts'
import { KurrentDbLog } from '../src/kurrentdb/log.ts'

interface Frame {
  id: string
  version: number
  metadata: string
}

export interface SharedStandIn {
  /** An empty store, which may be looked into and changed. */
  open(): Promise<EngineUnderTest>
  stop(): Promise<void>
}

/** One stand-in and one client for many logs, one after the other: the native part of the client takes half a second to connect. */
export async function sharedStandIn(): Promise<SharedStandIn> {
  const standIn = await startKurrentDbStandIn()
  const client = connect(standIn.url)
  return {
    async open() {
      standIn.store.clear()
      standIn.appendSystemEvents(3)
      return engineOn(standIn, new KurrentDbLog(client, false, LIMITS))
    },
    async stop() {
      await client.dispose()
      await standIn.stop()
    },
  }
}

function engineOn(standIn: KurrentDbStandIn, log: KurrentDbLog): EngineUnderTest {
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
    close: () => log.close(),
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
