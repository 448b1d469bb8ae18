import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalog } from '#application'
import { openBlobStore, openShelf } from '#blob-store'
import { ERASED, openEventLog, openEventStore } from '#event-store'
import type { EventLog, RecordedEvent } from '#event-store'
import { loadMasterKey, openSqliteKeyStore } from '#key-store'
import { startKurrentDbStandIn } from '../stand-ins/kurrentdb/index.ts'
import type { KurrentDbStandIn } from '../stand-ins/kurrentdb/index.ts'
import { huiying } from '../support/cli.ts'
import { servers } from '../support/servers.ts'
import { countyToMove } from './county-to-move.ts'
import type { CountyToMove } from './county-to-move.ts'

// A target must be empty, and a server that others use is not: the stand-in always takes the place of KurrentDB here.
describe.skipIf(servers.s3 === null)('from embedded to KurrentDB (the stand-in) and S3', () => {
  let moved: CountyToMove
  let parent: string
  let folder: string
  let standIn: KurrentDbStandIn
  let client: S3Client
  const bucket = `huiying-${randomUUID()}`
  const toBlobs = `s3://${bucket}/county?endpoint=${servers.s3?.url}&pathStyle=true`
  const run = (...more: string[]) =>
    huiying(['migrate', '--to-events', standIn.url, '--to-blobs', toBlobs, '--json', ...more], { data: folder })

  beforeAll(async () => {
    moved = await countyToMove()
    parent = await mkdtemp(join(tmpdir(), 'huiying-migrate-'))
    folder = join(parent, 'data')
    await cp(moved.folder, folder, { recursive: true })
    standIn = await startKurrentDbStandIn()
    client = new S3Client({
      endpoint: servers.s3!.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: servers.s3!.accessKeyId, secretAccessKey: servers.s3!.secretAccessKey },
    })
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
  }, 120_000)
  afterAll(async () => {
    await standIn.stop()
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
    for (const { Key } of Contents ?? []) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
    await client.send(new DeleteBucketCommand({ Bucket: bucket }))
    client.destroy()
    for (const each of [parent, moved.folder]) await rm(each, { recursive: true, force: true })
  })

  async function eventsOf(log: EventLog): Promise<Omit<RecordedEvent, 'position'>[]> {
    const masterKey = loadMasterKey({ path: join(folder, 'master.key'), fromEnvironment: undefined, mustExist: true })
    const keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey, mustExist: true })
    const store = openEventStore({ log, keys, catalog, clock: { now: () => moved.clock.instant } })
    const events: Omit<RecordedEvent, 'position'>[] = []
    for await (const page of store.readAll('start')) for (const { position: _, ...event } of page) events.push(event)
    await store.close()
    await keys.close()
    return events
  }

  test('everything is moved, opens with the same keys and is the same event by event', async () => {
    const first = await run()
    expect(first).toMatchObject({ code: 0 })
    const report = JSON.parse(first.stdout) as { events: number; copied: number; digest: string }
    expect(report.copied).toBe(report.events)

    const source = await eventsOf(await openEventLog(`sqlite:${join(folder, 'events.db')}`, { readOnly: true }))
    const target = await eventsOf(await openEventLog(standIn.url))
    expect(target).toHaveLength(report.events)
    expect(target).toEqual(source)
    expect(target.find(({ stream }) => stream === `item-${moved.erasedItem}`)).toMatchObject({
      data: { title: ERASED },
    })

    const masterKey = loadMasterKey({ path: join(folder, 'master.key'), fromEnvironment: undefined, mustExist: true })
    const keys = openSqliteKeyStore({ path: join(folder, 'keys.db'), masterKey, mustExist: true })
    const blobs = await openBlobStore({ shelf: openShelf(toBlobs), keys, now: () => 1 })
    const opened = (await blobs.open(`case-${moved.caseWithPromise}`, moved.file.blobId))!
    expect(opened).toMatchObject({ digest: moved.file.digest, mediaType: 'application/pdf' })
    expect(Buffer.concat(await Array.fromAsync(opened.content))).toHaveLength(100_009)
    await keys.close()

    const again = await run()
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ copied: 0, files: { copied: 0 }, digest: report.digest })
    expect((await run('--verify-only')).code).toBe(0)
    const mark = JSON.parse(await readFile(join(folder, 'migrated.json'), 'utf8')) as Record<string, unknown>
    expect(mark).toMatchObject({ events: standIn.url, blobs: toBlobs, count: report.events })
  })
})
