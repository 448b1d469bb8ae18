import type { ByteRange } from '#blob-store'
import { itemStream, same } from '#domain'
import type { Actor, StoredFile } from '#domain'
import type { Position } from '#event-store'
import type { CommandRow } from '../commands/aggregate.ts'
import type { CommandOutcome } from '../commands/request.ts'
import { itemIdOf } from '../identity/ids.ts'
import type { Ports } from '../ports.ts'
import { awaitToken, QueryRefused } from '../queries/reading.ts'
import type { Asker } from '../queries/reading.ts'
import { hindrance, mayRead, roleOf } from './access.ts'
import { downloadOf } from './download.ts'
import type { Download } from './download.ts'
import { fileName } from './file-name.ts'
import { filesIn } from './files-in.ts'
import { destruction, itemOf, storedFor } from './owner.ts'

/** Of one file, unless told otherwise: from the public through a channel, and from staff. */
export const CITIZEN_FILE_BYTES_MAX = 20 * 1024 * 1024
export const STAFF_FILE_BYTES_MAX = 200 * 1024 * 1024
/** How long a file may wait for the command that names it: a draft is left over a long holiday. */
export const ORPHAN_AGE_MS = 14 * 86_400_000

export interface StoreFileOptions {
  asker: Asker
  sizeBytesMax?: number
  /** The token of a write that must be seen first: of the command that made the owner, say. */
  token?: Position | null
}

export interface OpenFileOptions {
  range?: ByteRange | null
  token?: Position | null
}

/**
 * Attachments, evidence and recordings. Each belongs to the stream whose events name it, its owner (`case-{id}`): it is
 * stored first, then a command names it; what nobody names is swept.
 */
export class Files {
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
  }

  /** The owner of an item's files, known before the item is received. */
  ownerOfItem(channelId: string, externalId: string): string {
    return itemStream(itemIdOf(this.#ports.storeSecret, channelId, externalId))
  }

  /**
   * Stores a file for an item, received or to be received, a case or a commitment, and says how a command is to name it.
   * Throws `QueryRefused` (`NOT_FOUND`, `ROLE_NOT_ALLOWED`, `ITEM_ERASED`, `ITEM_QUARANTINED`, `VIEW_NOT_READY`) and what
   * `BlobStore.put` refuses.
   */
  async storeFile(
    owner: string,
    name: string,
    source: AsyncIterable<Uint8Array>,
    { asker, sizeBytesMax, token }: StoreFileOptions,
  ): Promise<StoredFile> {
    const { blobs, store } = this.#ports
    await awaitToken(this.#ports, 'casework', token)
    const hindered = await hindrance(this.#ports, asker, owner)
    if (hindered !== null) throw new QueryRefused(hindered, owner)
    const usualMax = roleOf(asker) === 'channel' ? CITIZEN_FILE_BYTES_MAX : STAFF_FILE_BYTES_MAX
    const blob = await blobs.put(owner, source, { sizeBytesMax: sizeBytesMax ?? usualMax })
    // Erased while the file came: whoever erased looked before it was there.
    const destroyed = destruction(await itemOf(store, owner))
    if (destroyed !== null) {
      await blobs.removeAll(owner)
      throw new QueryRefused(destroyed, owner)
    }
    return { ...blob, name: fileName(name, blob.mediaType) }
  }

  /**
   * A file that an event of its owner names, for who may see the owner; for anybody else it is `NOT_FOUND` (`QueryRefused`),
   * as if it were not there. Throws what `BlobStore.open` throws, too.
   */
  async openFile(
    asker: Asker,
    owner: string,
    blobId: string,
    { range, token }: OpenFileOptions = {},
  ): Promise<Download> {
    await awaitToken(this.#ports, 'casework', token)
    if (!(await mayRead(this.#ports, asker, owner))) throw new QueryRefused('NOT_FOUND', blobId)
    const named = await this.#named(owner, blobId)
    const opened = named && (await this.#ports.blobs.open(named.storedFor, blobId, range ?? undefined))
    if (!opened) throw new QueryRefused('NOT_FOUND', blobId)
    const { mediaType } = opened
    return downloadOf({ ...named.file, mediaType, name: fileName(named.file.name, mediaType) }, opened, range != null)
  }

  /**
   * Gives a command if every file that its payload names is stored for its target, and is as it says; else `FILE_UNKNOWN`.
   * None of them is swept before the command is decided. What a policy names, a person's command named before.
   */
  async withFiles<Outcome extends CommandOutcome>(
    { row, id, actor, payload }: { row: CommandRow; id: string; actor: Actor; payload: unknown },
    give: () => Promise<Outcome>,
  ): Promise<Outcome | Extract<CommandOutcome, { outcome: 'refused' }>> {
    const parsed = 'policy' in actor ? null : row.schema.safeParse(payload)
    const files = parsed?.success ? filesIn(parsed.data) : []
    if (files.length === 0) return await give()
    const stream = row.aggregate.streamOf(id)
    const owner = storedFor(stream, row.name, parsed?.data)
    return await this.#ports.blobs.keeping(owner, async () => {
      // What was erased has a refusal of its own, which no file brings back.
      if (destruction(await itemOf(this.#ports.store, stream)) !== null) return await give()
      for (const file of files) {
        if (await this.#isStored(owner, file)) continue
        return { outcome: 'refused', code: 'FILE_UNKNOWN', detail: file.blobId }
      }
      return await give()
    })
  }

  /**
   * Removes files that were stored so long ago and that no event of their owner names, of some owners at a time; `next` says
   * where to go on, null that all were looked at. For whoever does what time does, again and again.
   */
  async sweepOrphans(
    olderThanMs = ORPHAN_AGE_MS,
    after: string | null = null,
  ): Promise<{ removed: number; next: string | null }> {
    const { blobs, clock, store } = this.#ports
    return await blobs.sweep({
      storedBefore: clock.now() - olderThanMs,
      after,
      named: async (owner) => {
        // What an erased item named is not to be there any more.
        if (destruction(await itemOf(store, owner)) !== null) return new Set()
        const { events } = await store.readStream(owner)
        return new Set(events.flatMap(({ data }) => filesIn(data)).map(({ blobId }) => blobId))
      },
    })
  }

  /** How an owner's events last named a file, and for whom it is stored. */
  async #named(owner: string, blobId: string): Promise<{ file: StoredFile; storedFor: string } | null> {
    const { events } = await this.#ports.store.readStream(owner)
    for (const { type, data } of events.toReversed()) {
      const file = filesIn(data).find((file) => file.blobId === blobId)
      if (file) return { file, storedFor: storedFor(owner, type, data) }
    }
    return null
  }

  async #isStored(owner: string, { blobId, digest, sizeBytes, mediaType, name }: StoredFile): Promise<boolean> {
    const blob = await this.#ports.blobs.find(owner, blobId)
    return same(blob, { blobId, digest, sizeBytes, mediaType }) && fileName(name, mediaType) === name
  }
}
