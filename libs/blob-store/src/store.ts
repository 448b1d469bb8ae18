import type { KeyStore } from '#key-store'
import { BlobStoreError } from './errors.ts'
import { tellMediaType } from './media/tell-media-type.ts'
import { BLOB_ID, OWNER } from './names.ts'
import { BLOB_BYTES_MAX, OWNER_BLOBS_MAX, SWEPT_OWNERS_MAX } from './port.ts'
import type { BlobStore, ByteRange, OpenedBlob, StoredBlob, SweepRequest } from './port.ts'
import { ChunkSealer, ClearBytes, damaged } from './sealed/chunks.ts'
import { readFooter, sealFooter } from './sealed/footer.ts'
import { Frames } from './sealed/frames.ts'
import { encodeHeader, readHeader } from './sealed/header.ts'
import { BlobSecrets } from './secrets.ts'
import type { Draft, Shelf } from './shelf.ts'

export interface BlobStoreParts {
  shelf: Shelf
  keys: KeyStore
  /** Milliseconds since the epoch. */
  now: () => number
}

/** How often a file may be replaced, one time after the other, before reading it is given up. */
const REPLACED_MAX = 10

/** The blob store over an engine: names, seals and judges what is stored, opens and checks what is read. */
export async function openBlobStore(parts: BlobStoreParts): Promise<BlobStore> {
  const store = new SealingBlobStore(parts)
  await store.removeUnfinished()
  return store
}

class SealingBlobStore implements BlobStore {
  readonly #shelf: Shelf
  readonly #keys: KeyStore
  readonly #now: () => number
  readonly #secrets: BlobSecrets

  constructor({ shelf, keys, now }: BlobStoreParts) {
    this.#shelf = shelf
    this.#keys = keys
    this.#now = now
    this.#secrets = new BlobSecrets(keys.storeSecret)
  }

  /** What processes that died had begun to store, and told nobody of. */
  async removeUnfinished(): Promise<void> {
    for await (const draft of this.#shelf.unfinished()) {
      try {
        const found = await readHeader(draft, this.#secrets)
        if (found) await this.#destroyKey(found.header.keyId)
        await draft.discard()
      } finally {
        await draft.close()
      }
    }
  }

  async put(
    owner: string,
    source: AsyncIterable<Uint8Array>,
    { sizeBytesMax }: { sizeBytesMax: number },
  ): Promise<StoredBlob> {
    checkOwner(owner)
    if ((await this.#list(owner)).length >= OWNER_BLOBS_MAX) throw tooMany(owner)
    const { keyId, key } = await this.#keys.allot()
    const header = encodeHeader({ keyId, owner, storedAt: this.#now() }, this.#secrets)
    const frames = new Frames(key, header)
    const draft = await this.#shelf.begin()
    try {
      await draft.append(header)
      const written = await this.#write(draft, frames, source, Math.min(sizeBytesMax, BLOB_BYTES_MAX))
      const told = await tellMediaType(new ClearBytes(draft, frames, header.length, written.sizeBytes))
      if (!told.taken) {
        throw new BlobStoreError('FILE_TYPE_NOT_ALLOWED', `By its content it is ${told.is}, which is not taken.`)
      }
      const footer = { ...written, mediaType: told.mediaType }
      await draft.append(sealFooter(footer, frames))
      const blobId = this.#secrets.blobId(owner, footer.digest)
      await draft.prepare(owner, blobId)
      await this.#shelf.exclusively(owner, () => this.#place(draft, owner, blobId))
      return { blobId, ...footer }
    } catch (error) {
      // Why it was not stored is the news; what then could not be removed is, at the next start.
      await this.#undo(draft, keyId).catch(() => {})
      throw error
    }
  }

  async find(owner: string, blobId: string): Promise<StoredBlob | null> {
    const opened = await this.#openSealed(owner, blobId)
    if (opened === null) return null
    await opened.file.close()
    return { blobId, ...opened.footer }
  }

  async open(owner: string, blobId: string, range: ByteRange = { start: 0 }): Promise<OpenedBlob | null> {
    const blob = await this.find(owner, blobId)
    if (blob === null) return null
    const { start } = range
    const end = Math.min(range.end ?? Infinity, blob.sizeBytes - 1)
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end)) {
      throw new BlobStoreError(
        'FILE_RANGE_INVALID',
        `Bytes ${start} to ${range.end ?? 'the end'} of ${blob.sizeBytes}.`,
      )
    }
    return { ...blob, range: { start, end }, content: this.#read(owner, blobId, start, end) }
  }

  async removeAll(owner: string): Promise<void> {
    checkOwner(owner)
    await this.#shelf.exclusively(owner, async () => {
      for (const blobId of await this.#list(owner)) await this.#remove(owner, blobId)
    })
  }

  keeping<Result>(owner: string, work: () => Promise<Result>): Promise<Result> {
    checkOwner(owner)
    return this.#shelf.exclusively(owner, work)
  }

  async sweep({ storedBefore, named, after = null, ownersMax = SWEPT_OWNERS_MAX }: SweepRequest) {
    let removed = 0
    let looked = 0
    let last = after
    for await (const owner of this.#shelf.owners(after)) {
      if (!OWNER.test(owner)) continue
      if (looked++ === Math.min(ownersMax, SWEPT_OWNERS_MAX)) return { removed, next: last }
      last = owner
      removed += await this.#shelf.exclusively(owner, () => this.#sweepOwner(owner, storedBefore, named))
    }
    return { removed, next: null }
  }

  async #write(draft: Draft, frames: Frames, source: AsyncIterable<Uint8Array>, sizeBytesMax: number) {
    const sealer = new ChunkSealer(frames)
    const hmac = this.#secrets.digest()
    let sizeBytes = 0
    for await (const piece of source) {
      sizeBytes += piece.length
      if (sizeBytes > sizeBytesMax) {
        throw new BlobStoreError('FILE_TOO_LARGE', `It is larger than ${sizeBytesMax} bytes.`)
      }
      hmac.update(piece)
      for (const chunk of sealer.add(piece)) await draft.append(chunk)
    }
    if (sizeBytes === 0) throw new BlobStoreError('FILE_HAS_NO_CONTENT', 'It has no bytes.')
    await draft.append(sealer.end())
    return { digest: hmac.digest('hex'), sizeBytes }
  }

  /**
   * Takes the place of what was there: the same bytes, but perhaps damaged, or stored so long ago that they are swept. Its
   * key is destroyed once nothing needs it.
   */
  async #place(draft: Draft, owner: string, blobId: string): Promise<void> {
    const before = await this.#lookAt(owner, blobId)
    if (before === null && (await this.#list(owner)).length >= OWNER_BLOBS_MAX) throw tooMany(owner)
    await draft.place(owner, blobId)
    if (before?.keyId) await this.#destroyKey(before.keyId)
  }

  /** The key of what is in its place is needed, also where the caller was not told that it is. */
  async #undo(draft: Draft, keyId: string): Promise<void> {
    if (await draft.discard()) await this.#destroyKey(keyId)
  }

  /**
   * Opens a blob with its key and checks all but its chunks. Null where there is none or its key is destroyed. Where another
   * took its place and its key was destroyed meanwhile, that one is looked at.
   */
  async #openSealed(owner: string, blobId: string) {
    if (!OWNER.test(owner) || !BLOB_ID.test(blobId)) return null
    let keyBefore: string | null = null
    for (let replaced = 0; ;) {
      const file = await this.#shelf.open(owner, blobId)
      if (file === null) return null
      let isHeld = false
      try {
        const found = await readHeader(file, this.#secrets)
        if (found?.header.owner !== owner) throw damaged('its header is not the one that was written for this owner')
        const { keyId } = found.header
        const key = await this.#keys.find(keyId)
        if (key !== null) {
          const frames = new Frames(key, found.bytes)
          const footer = await readFooter(file, frames, found.bytes.length)
          const isThatOne = this.#secrets.blobId(owner, footer.digest) === blobId
          if (!isThatOne) throw damaged('it is another file of the same owner')
          isHeld = true
          return { file, footer, clear: new ClearBytes(file, frames, found.bytes.length, footer.sizeBytes) }
        }
        if (keyId === keyBefore) return null
        keyBefore = keyId
      } catch (error) {
        if (!isReplaced(error) || ++replaced > REPLACED_MAX) throw error
      } finally {
        if (!isHeld) await file.close()
      }
    }
  }

  /** Where another takes the place of the file that is read, its bytes are the same, and reading goes on in that one. */
  async *#read(owner: string, blobId: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    let position = start
    for (let replaced = 0; position <= end;) {
      const opened = await this.#openSealed(owner, blobId)
      if (opened === null) throw damaged('it was erased while it was opened')
      try {
        for await (const part of opened.clear.stream(position, end)) {
          position += part.length
          replaced = 0
          yield part
        }
      } catch (error) {
        if (!isReplaced(error) || ++replaced > REPLACED_MAX) throw error
      } finally {
        await opened.file.close()
      }
    }
  }

  /** The key, then the file. Of a file whose header was changed the key is not known, and only the file goes. */
  async #remove(owner: string, blobId: string): Promise<void> {
    const found = await this.#lookAt(owner, blobId)
    if (found?.keyId) await this.#destroyKey(found.keyId)
    await this.#shelf.remove(owner, blobId)
  }

  async #sweepOwner(owner: string, storedBefore: number, named: SweepRequest['named']): Promise<number> {
    const old: string[] = []
    for (const blobId of await this.#list(owner)) {
      const found = await this.#lookAt(owner, blobId)
      if (found !== null && found.storedAt < storedBefore) old.push(blobId)
    }
    if (old.length === 0) return 0
    const kept = await named(owner)
    const orphans = old.filter((blobId) => !kept.has(blobId))
    for (const blobId of orphans) await this.#remove(owner, blobId)
    return orphans.length
  }

  /** What a file says of itself; a changed header says nothing, and the file is as good as old. Null where there is none. */
  async #lookAt(owner: string, blobId: string): Promise<{ keyId: string | null; storedAt: number } | null> {
    const file = await this.#shelf.open(owner, blobId)
    if (file === null) return null
    try {
      const found = await readHeader(file, this.#secrets)
      return found?.header.owner === owner ? found.header : { keyId: null, storedAt: -Infinity }
    } finally {
      await file.close()
    }
  }

  async #list(owner: string): Promise<string[]> {
    return (await this.#shelf.list(owner)).filter((name) => BLOB_ID.test(name))
  }

  /** A key that this store does not hold is as good as destroyed: nothing of the file can be read. */
  async #destroyKey(keyId: string): Promise<void> {
    try {
      await this.#keys.destroy(keyId)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'KEY_UNKNOWN')) throw error
    }
  }
}

function isReplaced(error: unknown): boolean {
  return error instanceof BlobStoreError && error.code === 'BLOB_REPLACED'
}

function checkOwner(owner: string): void {
  if (OWNER.test(owner)) return
  throw new BlobStoreError('BLOB_OWNER_INVALID', `"${owner.slice(0, 100)}" is no owner of files.`)
}

function tooMany(owner: string): BlobStoreError {
  return new BlobStoreError('FILES_TOO_MANY', `${owner} has ${OWNER_BLOBS_MAX} files and takes no more.`)
}
