import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { catalog, instantAt, systemClock } from '#application'
import { copyShelf, openShelf } from '#blob-store'
import type { ShelfCopy } from '#blob-store'
import { compareLogs, copyLog, EventStoreError, openEventLog, verifyLog } from '#event-store'
import type { EventLog, Finding } from '#event-store'
import type { KeyStore } from '#key-store'
import { openKeys } from './folder.ts'
import { readMigratedFile, writeMigratedFile } from './migrated-file.ts'

export interface MigrateOptions {
  /** The folder of the embedded stores. */
  folder: string
  /** Where the events go: an address of an event store, such as `kurrentdb://host:2113?tls=false`. */
  toEvents: string
  /** Where the files go, such as `s3://bucket/prefix`; null where they stay. */
  toBlobs: string | null
  /** Copies and marks nothing. */
  verifyOnly?: boolean
  onProgress?: (progress: MigrateProgress) => void
  now?: () => string
}

export type MigratePhase = 'verify-source' | 'compare' | 'copy' | 'verify-target' | 'files'

/** `total`: 0 where it is not known. */
export interface MigrateProgress {
  phase: MigratePhase
  done: number
  total: number
}

export interface MigrateReport {
  events: number
  streams: number
  /** Of data and metadata. */
  bytes: number
  /** SHA-256, hex, over all events of both stores in their order. */
  digest: string
  /** How many events were not in the target before. */
  copied: number
  /** Null where the files stayed. */
  files: ShelfCopy | null
  /** Addresses without credentials. */
  target: { events: string; blobs: string | null }
  durationMs: number
}

/** What was found keeps a folder from being migrated. The message says what to do. */
export class MigrationError extends Error {
  readonly code: 'SOURCE_DAMAGED' | 'TARGET_DAMAGED' | 'TARGET_INCOMPLETE'
  readonly findings: readonly Finding[]

  constructor(code: MigrationError['code'], message: string, findings: readonly Finding[] = []) {
    super(message)
    this.name = 'MigrationError'
    this.code = code
    this.findings = findings
  }
}

const FINDINGS_MAX = 20

/**
 * Copies the events of an embedded store, and its files, to other stores: in order, byte for byte, verified before and
 * after. Holds the folder meanwhile. Killed anywhere and begun again it goes on; done twice it changes nothing. Throws
 * `STORE_IN_USE`, `STORE_MISSING`, `TARGET_DIFFERS`, `MigrationError` and what the stores throw.
 */
export async function migrateFolder(options: MigrateOptions): Promise<MigrateReport> {
  const path = join(options.folder, 'events.db')
  if (!existsSync(path)) {
    throw new EventStoreError('STORE_MISSING', `${path} is not there: this folder holds no embedded store.`)
  }
  const source = await openEventLog(`sqlite:${path}`)
  try {
    const { keys } = await openKeys(options.folder, source)
    try {
      const target = await openEventLog(options.toEvents)
      try {
        return await migrate(options, { source, target, keys })
      } finally {
        await target.close()
      }
    } finally {
      await keys.close()
    }
  } finally {
    await source.close()
  }
}

async function migrate(
  { folder, toEvents, toBlobs, verifyOnly = false, onProgress = () => {}, now }: MigrateOptions,
  { source, target, keys }: { source: EventLog; target: EventLog; keys: KeyStore },
): Promise<MigrateReport> {
  const began = performance.now()
  // Opened first: an address that cannot be used is told before hours of copying.
  const shelf = toBlobs === null ? null : openShelf(toBlobs)
  let total = 0
  const telling =
    (phase: MigratePhase, before = 0) =>
    (done: number) =>
      onProgress({ phase, done: before + done, total })

  const inSource = await verified(source, keys, telling('verify-source'))
  if (inSource.findings.length > 0) {
    throw new MigrationError(
      'SOURCE_DAMAGED',
      `The store in ${folder} is not as it was written: ${inSource.findings[0]!.message} Nothing was copied. See \`huiying verify\`; restore a backup.`,
      inSource.findings,
    )
  }
  total = inSource.events

  const before = await compareLogs({ source, target, onProgress: telling('compare') })
  let copied = 0
  if (!before.isComplete) {
    if (verifyOnly) {
      throw new MigrationError(
        'TARGET_INCOMPLETE',
        `The target holds the first ${before.events} of ${total} events, each as it should be; run it without --verify-only to copy the others.`,
      )
    }
    copied = await copyLog({ source, target, onProgress: telling('copy', before.events) }, before.place)
  }

  const inTarget = await verified(target, keys, telling('verify-target'))
  const both = before.isComplete ? before : await compareLogs({ source, target, onProgress: telling('compare') })
  const isWhole = both.isComplete && both.events === inSource.events && inTarget.events === inSource.events
  if (inTarget.findings.length > 0 || !isWhole || inTarget.streams !== inSource.streams) {
    throw new MigrationError(
      'TARGET_DAMAGED',
      `The target does not hold what was copied: ${inTarget.findings[0]?.message ?? `${inTarget.events} of ${inSource.events} events in ${inTarget.streams} of ${inSource.streams} streams.`}`,
      inTarget.findings,
    )
  }

  let files: ShelfCopy | null = null
  if (shelf !== null) {
    const ours = openShelf(`file:${join(folder, 'blobs')}`)
    const told = (done: number) => onProgress({ phase: 'files', done, total: 0 })
    files = await copyShelf({ source: ours, target: shelf, compareOnly: verifyOnly, onProgress: told })
    if (files.missing > 0) {
      throw new MigrationError(
        'TARGET_INCOMPLETE',
        `${files.missing} of ${files.files} files are not in the target; run it without --verify-only to copy them.`,
      )
    }
  }

  const where = { events: withoutCredentials(toEvents), blobs: toBlobs === null ? null : withoutCredentials(toBlobs) }
  if (!verifyOnly) await mark(folder, { ...where, count: both.events, digest: both.digest }, now)
  return {
    events: both.events,
    streams: inTarget.streams,
    bytes: both.bytes,
    digest: both.digest,
    copied,
    files,
    target: where,
    durationMs: Math.round(performance.now() - began),
  }
}

/** A mark that says the same already stays as it is. */
async function mark(
  folder: string,
  migrated: { events: string; blobs: string | null; count: number; digest: string },
  now = () => instantAt(systemClock.now()),
): Promise<void> {
  const there = await readMigratedFile(folder)
  const isSame = there?.events === migrated.events && there.blobs === migrated.blobs && there.digest === migrated.digest
  if (!isSame) await writeMigratedFile(folder, { ...migrated, migratedAt: now() })
}

async function verified(log: EventLog, keys: KeyStore, onProgress: (events: number) => void) {
  const findings: Finding[] = []
  let walked = { events: 0, streams: 0 }
  for await (const message of verifyLog({ log, catalog, keys })) {
    if (message.kind === 'progress') onProgress(message.events)
    if (message.kind === 'finding' && findings.length < FINDINGS_MAX) findings.push(message.finding)
    if (message.kind === 'done') walked = message
  }
  return { events: walked.events, streams: walked.streams, findings }
}

/** An address as it may be written down and shown. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1')
}
