import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { S3 } from '@aws-sdk/client-s3'
import { S3Bucket, S3Shelf } from '#blob-store'
import type { S3Api, S3ShelfOptions } from '#blob-store'
import type { ShelfUnderTest } from '../../../test/contracts/blob-store.bench.ts'
import { servers } from '../../../test/support/servers.ts'

const PREFIX = 'county/'
/** Short, so that who comes after a process that died need not wait for long; and longer than a busy machine's pauses. */
const TURNS = { leaseMs: 1_500, waitMsMax: 30_000 }

/** The S3 server that the environment names. */
export function clientOfServer(given: { accessKeyId?: string; secretAccessKey?: string; endpoint?: string } = {}): S3 {
  const { url, accessKeyId, secretAccessKey } = servers.s3!
  return new S3({
    endpoint: given.endpoint ?? url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: given.accessKeyId ?? accessKeyId,
      secretAccessKey: given.secretAccessKey ?? secretAccessKey,
    },
  })
}

type Step = void | (() => void)

/** Something is done before everything that a client is asked for, and, where that gives a function, after it. */
export function watchedClient(
  client: S3Api,
  step: (asked: string, given: Record<string, unknown>) => Step | Promise<Step>,
): S3Api {
  return new Proxy(client, {
    get: (target, name) => {
      const ask: unknown = Reflect.get(target, name, target)
      if (typeof ask !== 'function') return ask
      return async (given: Record<string, unknown>) => {
        const after = await step(String(name), given)
        const done: unknown = await (ask.call(target, given) as Promise<unknown>)
        if (typeof after === 'function') after()
        return done
      }
    },
  })
}

export interface BucketUnderTest extends ShelfUnderTest {
  name: string
  client: S3
  /** An engine on it, by way of a client of one's own. */
  shelf(client?: S3Api, options?: Partial<S3ShelfOptions>): S3Shelf
  keys(): Promise<string[]>
}

/** The engine under test in a bucket of its own. */
export async function shelfInBucket(): Promise<BucketUnderTest> {
  const client = clientOfServer()
  const name = `huiying-${randomUUID()}`
  await client.createBucket({ Bucket: name })
  const Bucket = name
  const keys = async () => {
    const found: string[] = []
    for (let token: string | undefined; ;) {
      const page = await client.listObjectsV2({ Bucket, ContinuationToken: token })
      found.push(...(page.Contents ?? []).map(({ Key }) => Key!))
      token = page.NextContinuationToken
      if (token === undefined) return found
    }
  }
  const uploads = async () => (await client.listMultipartUploads({ Bucket })).Uploads ?? []
  const bytesAt = async (Key: string) =>
    Buffer.from(await (await client.getObject({ Bucket, Key })).Body!.transformToByteArray())
  const keyOf = (owner: string, blobId: string) => `${PREFIX}files/${owner}/${blobId}`
  const shelf = (through: S3Api = client, options: Partial<S3ShelfOptions> = {}) =>
    new S3Shelf({
      bucket: new S3Bucket(name, () => Promise.resolve(through)),
      prefix: PREFIX,
      draftsFolder: tmpdir(),
      turns: TURNS,
      unfinishedAfterMs: 0,
      ...options,
    })
  return {
    name,
    client,
    shelf,
    keys,
    open: (step) => shelf(step && watchedClient(client, step)),
    bytesOf: (owner, blobId) => bytesAt(keyOf(owner, blobId)),
    overwrite: async (owner, blobId, bytes) => {
      await client.putObject({ Bucket, Key: keyOf(owner, blobId), Body: bytes })
    },
    storedBytes: async () => {
      const files = (await keys()).filter((key) => key.startsWith(`${PREFIX}files/`))
      return Buffer.concat(
        await Promise.all(files.map(async (key) => Buffer.concat([Buffer.from(key), await bytesAt(key)]))),
      )
    },
    unfinished: async () => (await uploads()).length,
    close: async () => {
      for (const { Key, UploadId } of await uploads()) await client.abortMultipartUpload({ Bucket, Key, UploadId })
      for (const Key of await keys()) await client.deleteObject({ Bucket, Key })
      await client.deleteBucket({ Bucket })
      client.destroy()
    },
  }
}
