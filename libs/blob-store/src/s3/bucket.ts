import type { CompletedPart, S3 } from '@aws-sdk/client-s3'
import { BlobStoreError } from '../errors.ts'
import { failureOf, fromS3 } from './errors.ts'

/** What a write expects to find in its place: an object with this ETag, or, null, none. */
export type Expected = { etag: string | null }

export interface ObjectHead {
  etag: string
  sizeBytes: number
  /** Who wrote it, in a word of its own; null where nobody said. */
  writer: string | null
}

export interface ObjectPart {
  bytes: Uint8Array
  etag: string
  /** Of the whole object. */
  sizeBytes: number
}

/** Parts that are there and not yet an object. */
export interface SentParts {
  key: string
  uploadId: string
  parts: CompletedPart[]
}

export interface UnfinishedUpload {
  key: string
  uploadId: string
  /** Milliseconds since the epoch. */
  beganAt: number
}

const READ_ATTEMPTS_MAX = 3
const WRITER = 'writer'

/** What of the SDK's client is used. */
export type S3Api = Pick<
  S3,
  | 'abortMultipartUpload'
  | 'completeMultipartUpload'
  | 'createMultipartUpload'
  | 'deleteObject'
  | 'getObject'
  | 'headObject'
  | 'listMultipartUploads'
  | 'listObjectsV2'
  | 'putObject'
  | 'uploadPart'
>

/** What is asked of S3, and nothing else. Throws `BlobStoreError`s. */
export class S3Bucket {
  readonly name: string
  readonly #connect: () => Promise<S3Api>
  #connected: Promise<S3Api> | null = null

  /** `connect` is called when something is asked for the first time. */
  constructor(name: string, connect: () => Promise<S3Api>) {
    this.name = name
    this.#connect = connect
  }

  /** Null where there is no such object, or it is no longer the one with the ETag. `first` and `last` are inclusive. */
  async read(key: string, range: { first: number; last: number }, etag?: string): Promise<ObjectPart | null> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await (
          await this.#api()
        ).getObject({
          Bucket: this.name,
          Key: key,
          Range: `bytes=${range.first}-${range.last}`,
          ...(etag !== undefined && { IfMatch: etag }),
        })
        const bytes = await answer.Body!.transformToByteArray()
        const sizeBytes = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes.length)
        return { bytes, etag: answer.ETag!, sizeBytes }
      } catch (error) {
        const failure = failureOf(error)
        if (failure?.name === 'NoSuchKey' || failure?.status === 412) return null
        // The client tries again until an answer begins; that it broke off in the middle is seen only here.
        if (failure?.isNetwork && failure.attempts === 1 && attempt < READ_ATTEMPTS_MAX) continue
        if (failure?.status !== 416) throw fromS3(error, this.name)
        const head = await this.head(key)
        if (head === null || (etag !== undefined && head.etag !== etag)) return null
        return { bytes: new Uint8Array(), ...head }
      }
    }
  }

  async head(key: string): Promise<ObjectHead | null> {
    try {
      const answer = await (await this.#api()).headObject({ Bucket: this.name, Key: key })
      return { etag: answer.ETag!, sizeBytes: answer.ContentLength!, writer: answer.Metadata?.[WRITER] ?? null }
    } catch (error) {
      if (failureOf(error)?.status === 404) return null
      throw fromS3(error, this.name)
    }
  }

  /** The ETag of what was written; null where something else than expected is in its place. */
  async put(key: string, bytes: Uint8Array, expected: Expected, writer: string): Promise<string | null> {
    return await this.#writing(key, writer, async () => {
      const answer = await (
        await this.#api()
      ).putObject({
        Bucket: this.name,
        Key: key,
        Body: bytes,
        ContentType: 'application/octet-stream',
        Metadata: { [WRITER]: writer },
        ...conditionOf(expected),
      })
      return answer.ETag!
    })
  }

  /**
   * Sends an object in parts, one after the other; nobody sees it before it is completed. What fails leaves no parts behind,
   * as far as the server answers.
   */
  async sendParts(key: string, parts: AsyncIterable<Uint8Array>, writer: string): Promise<SentParts> {
    const uploadId = await this.#asking(async () => {
      const answer = await (
        await this.#api()
      ).createMultipartUpload({
        Bucket: this.name,
        Key: key,
        ContentType: 'application/octet-stream',
        ChecksumAlgorithm: 'CRC32',
        Metadata: { [WRITER]: writer },
      })
      return answer.UploadId!
    })
    try {
      const sent: CompletedPart[] = []
      for await (const bytes of parts) {
        const number = sent.length + 1
        const { ETag, ChecksumCRC32 } = await this.#asking(async () =>
          (await this.#api()).uploadPart({
            Bucket: this.name,
            Key: key,
            UploadId: uploadId,
            PartNumber: number,
            Body: bytes,
            ChecksumAlgorithm: 'CRC32',
          }),
        )
        sent.push({ PartNumber: number, ETag, ChecksumCRC32 })
      }
      return { key, uploadId, parts: sent }
    } catch (error) {
      // Why it failed is the news; parts that could not be removed now are, when unfinished uploads are looked for.
      await this.abort(key, uploadId).catch(() => {})
      throw error
    }
  }

  /** As `put`, of what was sent in parts. */
  async complete({ key, uploadId, parts }: SentParts, expected: Expected, writer: string): Promise<string | null> {
    return await this.#writing(key, writer, async () => {
      const answer = await (
        await this.#api()
      ).completeMultipartUpload({
        Bucket: this.name,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: { Parts: parts },
        ...conditionOf(expected),
      })
      return answer.ETag!
    })
  }

  /** Done twice it changes nothing. */
  async abort(key: string, uploadId: string): Promise<void> {
    try {
      await (await this.#api()).abortMultipartUpload({ Bucket: this.name, Key: key, UploadId: uploadId })
    } catch (error) {
      if (failureOf(error)?.name !== 'NoSuchUpload') throw fromS3(error, this.name)
    }
  }

  /** False where something else than expected is there, which stays. Where nothing is, it is done. */
  async remove(key: string, etag: string | null): Promise<boolean> {
    try {
      await (await this.#api()).deleteObject({ Bucket: this.name, Key: key, ...(etag !== null && { IfMatch: etag }) })
      return true
    } catch (error) {
      const failure = failureOf(error)
      if (failure?.status === 412 || failure?.status === 409) return false
      if (failure?.name === 'NoSuchKey') return true
      throw fromS3(error, this.name)
    }
  }

  /** What follows a prefix in the keys that begin with it, up to a slash where there is one; in the order of S3. */
  async *namesUnder(prefix: string, after: string | null): AsyncGenerator<string> {
    let token: string | undefined
    do {
      const page = await this.#asking(async () =>
        (await this.#api()).listObjectsV2({
          Bucket: this.name,
          Prefix: prefix,
          Delimiter: '/',
          // A zero is what comes next after a slash: everything within that name is before it.
          ...(token !== undefined
            ? { ContinuationToken: token }
            : after !== null && { StartAfter: `${prefix}${after}0` }),
        }),
      )
      for (const { Key } of page.Contents ?? []) yield Key!.slice(prefix.length)
      for (const { Prefix } of page.CommonPrefixes ?? []) yield Prefix!.slice(prefix.length, -1)
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  async *uploadsUnder(prefix: string): AsyncGenerator<UnfinishedUpload> {
    let place: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}
    for (;;) {
      const page = await this.#asking(async () =>
        (await this.#api()).listMultipartUploads({ Bucket: this.name, Prefix: prefix, ...place }),
      )
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        yield { key: Key!, uploadId: UploadId!, beganAt: Initiated!.getTime() }
      }
      if (page.IsTruncated !== true) return
      place = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
    }
  }

  #api(): Promise<S3Api> {
    this.#connected ??= this.#connect()
    return this.#connected
  }

  /** A write whose answer was lost is tried again by the client, and then finds itself in its place. */
  async #writing(key: string, writer: string, write: () => Promise<string>): Promise<string | null> {
    try {
      return await write()
    } catch (error) {
      const failure = failureOf(error)
      // Another object, or none, is there; or, of parts, that they were made one already.
      const isOther = failure?.status === 412 || failure?.status === 409 || failure?.name === 'NoSuchKey'
      if (!isOther && failure?.name !== 'NoSuchUpload') throw fromS3(error, this.name)
      const found = await this.head(key)
      if (found?.writer === writer) return found.etag
      if (!isOther) throw fromS3(error, this.name)
      return null
    }
  }

  async #asking<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw fromS3(error, this.name)
    }
  }
}

function conditionOf({ etag }: Expected): { IfMatch: string } | { IfNoneMatch: string } {
  return etag === null ? { IfNoneMatch: '*' } : { IfMatch: etag }
}

export function overtaken(what: string): BlobStoreError {
  return new BlobStoreError('BLOB_STORE_BUSY', `${what} was changed by another process at the same moment; try again.`)
}
