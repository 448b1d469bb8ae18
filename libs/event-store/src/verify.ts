import { KeyStoreError } from '#key-store'
import type { KeyStore } from '#key-store'
import type { Catalog } from './catalog.ts'
import { eventDigest } from './chain.ts'
import { createCodec, describeRow, parseRow } from './codec.ts'
import type { Codec } from './codec.ts'
import type { Position } from './envelope.ts'
import { EventStoreError } from './errors.ts'
import type { EventStoreErrorCode } from './errors.ts'
import { canonicalJson } from './jcs.ts'
import type { EventLog, LogRow } from './log.ts'
import { integrityText, metadataText } from './metadata.ts'

export type FindingCode =
  | EventStoreErrorCode
  | 'REVISION_GAP'
  | 'DIGEST_MISMATCH'
  | 'PREVIOUS_MISMATCH'
  | 'TEXT_NOT_CANONICAL'
  | 'KEY_UNKNOWN'

/** One thing that is wrong, and where. */
export interface Finding {
  code: FindingCode
  message: string
  stream: string
  revision: number
  position: Position
}

export type VerifyMessage =
  | { kind: 'finding'; finding: Finding }
  /** After each page. */
  | { kind: 'progress'; events: number; streams: number }
  | { kind: 'done'; events: number; streams: number; findings: number }

export interface VerifyOptions {
  log: EventLog
  catalog: Catalog
  /** With keys, boxes are opened too; without them their stored form alone is checked. */
  keys?: KeyStore
  signal?: AbortSignal
}

const PAGE = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }

/**
 * Walks every chain of the store: revisions without a gap, each digest right and named by the next event, every event
 * known and as its schema says. Memory stays flat, because streams are read one after the other. Ends early, without
 * `done`, when the signal aborts.
 */
export async function* verifyLog(options: VerifyOptions): AsyncGenerator<VerifyMessage, void, undefined> {
  const { log, keys, signal } = options
  const codec = createCodec(options.catalog)
  let events = 0
  let streams = 0
  let findings = 0
  let before: ChainLink | null = null
  const isAborted = (): boolean => signal?.aborted === true
  while (!isAborted()) {
    const rows: LogRow[] = await log.readByStream(before, PAGE)
    if (rows.length === 0) {
      yield { kind: 'done', events, streams, findings }
      return
    }
    for (const row of rows) {
      const isFirst: boolean = before?.stream !== row.stream
      const { link, found } = checkLink(row, isFirst ? null : before)
      before = link
      events += 1
      if (isFirst) streams += 1
      // A row that is no event at all has nothing more to say.
      const isReadable = link.digest !== null
      const broken = isReadable ? await checkContent(codec, row, keys) : null
      for (const finding of broken === null ? found : [...found, broken]) {
        findings += 1
        yield { kind: 'finding', finding }
      }
    }
    yield { kind: 'progress', events, streams }
  }
}

/** What the next event of the stream must follow. The digest is null where the row could not be read. */
interface ChainLink {
  stream: string
  revision: number
  digest: string | null
}

function checkLink(row: LogRow, before: ChainLink | null): { link: ChainLink; found: Finding[] } {
  const { stream, revision, id, type, version } = row
  const found: Finding[] = []
  const report = (code: FindingCode, what: string): void => {
    found.push(findingAt(row, code, `${describeRow(row)}: ${what}.`))
  }
  const expected = before === null ? 0 : before.revision + 1
  if (revision !== expected) report('REVISION_GAP', `revision ${expected} should stand here`)
  try {
    const { data, metadata } = parseRow(row)
    const { integrity } = metadata
    const text = metadataText(metadata, metadata.recordedAt)
    const canonicalData = canonicalJson(data)
    if (canonicalData !== row.data || text.before + integrityText(integrity) + text.after !== row.metadata) {
      report('TEXT_NOT_CANONICAL', 'its text is not the canonical one that was written')
    }
    const digest = eventDigest({
      stream,
      revision,
      id,
      type,
      version,
      data: canonicalData,
      metadata: text.before + text.after,
    })
    if (digest !== integrity.digest)
      report('DIGEST_MISMATCH', 'it was changed after it was written; its digest is another')
    const previous = before === null ? null : before.digest
    const isBeforeReadable = before === null || before.digest !== null
    if (isBeforeReadable && revision === expected && integrity.previous !== previous) {
      report('PREVIOUS_MISMATCH', 'it does not follow the event that stands before it')
    }
    return { link: { stream, revision, digest: integrity.digest }, found }
  } catch (error) {
    found.push(findingOf(row, error))
    return { link: { stream, revision, digest: null }, found }
  }
}

async function checkContent(codec: Codec, row: LogRow, keys: KeyStore | undefined): Promise<Finding | null> {
  try {
    codec.decodeStored(row)
    if (keys !== undefined) await codec.decode(row, (keyId) => keys.find(keyId))
    return null
  } catch (error) {
    return findingOf(row, error)
  }
}

/** What is wrong with an event is a finding, and so is a key that is not there; a failing disk ends the walk. */
function findingOf(row: LogRow, error: unknown): Finding {
  if (error instanceof EventStoreError) return findingAt(row, error.code, error.message)
  if (error instanceof KeyStoreError && error.code === 'KEY_UNKNOWN') return findingAt(row, error.code, error.message)
  throw error
}

function findingAt({ stream, revision, position }: LogRow, code: FindingCode, message: string): Finding {
  return { code, message, stream, revision, position }
}
