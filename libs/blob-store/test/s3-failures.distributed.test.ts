import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBlobStore, openShelf } from '#blob-store'
import type { BlobStore, Shelf } from '#blob-store'
import { inPieces, MemoryKeys, OTHER, OWNER, pdf } from '../../../test/contracts/blob-store.bench.ts'
import { servers } from '../../../test/support/servers.ts'
import { clientOfServer, shelfInBucket, watchedClient } from './bucket.ts'
import type { BucketUnderTest } from './bucket.ts'

const KIB = 1024
const MIB = 1024 * KIB
const PART = 8 * MIB
const LIMITS = { sizeBytesMax: 100 * MIB }

describe.skipIf(servers.s3 === null)('S3, when something goes wrong', () => {
  let ground: BucketUnderTest
  let keys: MemoryKeys
  beforeEach(async () => {
    ground = await shelfInBucket()
    keys = new MemoryKeys()
  })
  afterEach(() => ground.close())

  const storeOn = (shelf: Shelf = ground.shelf()) => openBlobStore({ shelf, keys, now: () => 1 })
  const put = (store: BlobStore, bytes: Uint8Array, owner = OWNER) =>
    store.put(owner, inPieces(bytes, 64 * KIB), LIMITS)
  const read = async (store: BlobStore, blobId: string) =>
    Buffer.concat(await Array.fromAsync((await store.open(OWNER, blobId))!.content))

  test('S3 gone in the middle of an upload: it is told, nothing is half there, and the next upload succeeds', async () => {
    const line = await lineTo(servers.s3!.url)
    try {
      const client = clientOfServer({ endpoint: line.address })
      let parts = 0
      const store = await storeOn(
        ground.shelf(
          watchedClient(client, (asked) => {
            if (asked === 'uploadPart' && ++parts === 2) line.cut()
          }),
        ),
      )
      const bytes = pdf(2 * PART + 100)
      const failure: unknown = await put(store, bytes).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'BLOB_STORE_UNAVAILABLE', message: expect.stringContaining('try again') })
      expect(await ground.storedBytes()).toHaveLength(0)
      expect(keys.live).toBe(0)
      line.mend()
      const { blobId } = await put(store, bytes)
      expect((await read(store, blobId)).equals(bytes)).toBe(true)
      client.destroy()
    } finally {
      await line.close()
    }
  })

  test('an interrupted multipart upload is swept at a later start, and not while it may still go on', async () => {
    let parts = 0
    const dying = watchedClient(ground.client, (asked) => {
      if (parts > 1 || (asked === 'uploadPart' && ++parts === 2)) throw new Error('died')
    })
    await expect(put(await storeOn(ground.shelf(dying)), pdf(2 * PART))).rejects.toThrow('died')
    expect(await ground.unfinished()).toBe(1)
    await storeOn(ground.shelf(ground.client, { unfinishedAfterMs: 60_000 }))
    expect(await ground.unfinished()).toBe(1)
    await storeOn()
    expect(await ground.unfinished()).toBe(0)
    expect(await ground.storedBytes()).toHaveLength(0)
  })

  test('a large file goes in parts, one in memory at a time, and comes back as it was', async () => {
    const sizes: number[] = []
    let underWay = 0
    const order: string[] = []
    const watched = watchedClient(ground.client, (asked, given) => {
      order.push(String(given['Key']).includes('/turns/') ? 'turn' : asked)
      if (asked !== 'uploadPart') return
      sizes.push((given['Body'] as Uint8Array).length)
      expect(++underWay).toBe(1)
      return () => (underWay -= 1)
    })
    const store = await storeOn(ground.shelf(watched))
    const bytes = pdf(2 * PART + 5 * KIB)
    const { blobId } = await put(store, bytes)
    expect(sizes).toHaveLength(3)
    expect(Math.max(...sizes)).toBe(PART)
    // Nobody waits for a turn while parts are sent.
    expect(order.indexOf('turn')).toBeGreaterThan(order.lastIndexOf('uploadPart'))
    expect((await read(store, blobId)).equals(bytes)).toBe(true)
    // Again, in its place, under another key.
    await put(store, bytes)
    expect((await read(store, blobId)).equals(bytes)).toBe(true)
    expect(keys.live).toBe(1)
  })

  test('two processes placing the same id at once: one after the other, and one key is left', async () => {
    const processes = [await storeOn(), await storeOn(), await storeOn()]
    const bytes = pdf(100 * KIB)
    const stored = await Promise.all(
      [...processes, ...processes].map(async (store, index) => {
        const { blobId } = await put(store, bytes)
        await put(store, pdf(1_000, index), OTHER)
        return blobId
      }),
    )
    expect(new Set(stored).size).toBe(1)
    expect((await read(processes[0]!, stored[0]!)).equals(bytes)).toBe(true)
    expect(keys.live).toBe(1 + 6)
    expect((await ground.keys()).filter((key) => key.includes('/turns/'))).toEqual([])
  })

  test('a process that was paused while it placed a file overwrites nothing that another placed meanwhile', async () => {
    const isPaused = Promise.withResolvers<void>()
    const resumed = Promise.withResolvers<void>()
    const paused = watchedClient(ground.client, async (asked, given) => {
      // Nothing of a paused process goes on, neither its upload nor what keeps its turn.
      if (asked !== 'putObject') return
      const isFile = String(given['Key']).includes('/files/')
      if (isFile) isPaused.resolve()
      if (isFile || given['IfMatch'] !== undefined) await resumed.promise
    })
    const bytes = pdf(100 * KIB)
    const late = put(await storeOn(ground.shelf(paused)), bytes).catch((error: { code: string }) => error.code)
    await isPaused.promise
    const other = await storeOn()
    const { blobId } = await put(other, bytes)
    const placed = await ground.bytesOf(OWNER, blobId)
    resumed.resolve()
    expect(await late).toBe('BLOB_STORE_BUSY')
    expect((await ground.bytesOf(OWNER, blobId)).equals(placed)).toBe(true)
    expect((await read(other, blobId)).equals(bytes)).toBe(true)
    expect(keys.live).toBe(1)
  })

  test('a sweep that was paused removes nothing that was stored again meanwhile', async () => {
    const bytes = pdf(100 * KIB)
    const { blobId } = await put(await storeOn(), bytes)
    const isPaused = Promise.withResolvers<void>()
    const resumed = Promise.withResolvers<void>()
    const paused = watchedClient(ground.client, async (asked, given) => {
      const isRemoval = asked === 'deleteObject' && String(given['Key']).includes('/files/')
      if (isRemoval) isPaused.resolve()
      if (isRemoval || (asked === 'putObject' && given['IfMatch'] !== undefined)) await resumed.promise
    })
    const sweeper = await storeOn(ground.shelf(paused))
    const swept = sweeper
      .sweep({ storedBefore: 2, named: () => Promise.resolve(new Set()) })
      .catch((error: { code: string }) => error.code)
    await isPaused.promise
    const other = await storeOn()
    await put(other, bytes)
    resumed.resolve()
    expect(await swept).toBe('BLOB_STORE_BUSY')
    expect((await read(other, blobId)).equals(bytes)).toBe(true)
  })

  test('whichever answer is lost on its way, nothing that was stored is lost, and nothing is told that is not so', async () => {
    const bytes = pdf(70 * KIB)
    const { blobId } = await put(await storeOn(), bytes)
    let losses = 0
    for (let lost = 0, isOver = false; !isOver; lost += 1) {
      let asked = 0
      isOver = true
      const client = watchedClient(ground.client, () => {
        if (asked++ !== lost) return
        isOver = false
        return () => {
          throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', $metadata: { attempts: 1 } })
        }
      })
      const told = await storeOn(ground.shelf(client))
        .then((store) => put(store, bytes))
        .then(
          () => 'stored',
          (error: { code: string }) => error.code,
        )
      expect(told).toBeOneOf(['stored', 'BLOB_STORE_UNAVAILABLE'])
      if (told !== 'stored') losses += 1
      expect((await read(await storeOn(), blobId)).equals(bytes)).toBe(true)
    }
    expect(losses).toBeGreaterThan(3)
  })

  test('a read that breaks off in the middle is begun again', async () => {
    const { blobId } = await put(await storeOn(), pdf(300 * KIB))
    let broken = 0
    const client = watchedClient(ground.client, (asked) => {
      if (asked !== 'getObject' || broken++ % 2 === 1) return
      return () => {
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
      }
    })
    expect((await read(await storeOn(ground.shelf(client)), blobId)).equals(pdf(300 * KIB))).toBe(true)
    expect(broken).toBeGreaterThan(3)
  })

  test('a denied credential, a missing bucket and an absent server say what they are', async () => {
    const failure = async (address: string, environment: Record<string, string> = {}): Promise<unknown> => {
      const before = { ...process.env }
      Object.assign(process.env, environment)
      try {
        return await storeOn(openShelf(address)).catch((error: unknown) => error)
      } finally {
        Object.assign(process.env, before)
      }
    }
    const at = (bucket: string, endpoint = servers.s3!.url) => `s3://${bucket}/x?endpoint=${endpoint}&pathStyle=true`
    const denied = { code: 'BLOB_STORE_DENIED', message: expect.stringContaining('S3_SECRET_ACCESS_KEY') as string }
    expect(await failure(at(ground.name), { S3_SECRET_ACCESS_KEY: 'another' })).toMatchObject(denied)
    expect(await failure(at(ground.name), { S3_ACCESS_KEY_ID: 'nobody' })).toMatchObject(denied)
    expect(await failure(at(`${ground.name}-2`))).toMatchObject({
      code: 'BLOB_STORE_MISSING',
      message: expect.stringContaining('create it') as string,
    })
    expect(await failure(at(ground.name, 'http://127.0.0.1:9'))).toMatchObject({
      code: 'BLOB_STORE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  test('an address chooses it; owners come in order, page after page', async () => {
    const shelf = openShelf(`s3://${ground.name}/county?endpoint=${servers.s3!.url}&pathStyle=true`)
    const store = await openBlobStore({ shelf, keys, now: () => 1 })
    const { blobId } = await put(store, pdf(1_000))
    expect((await read(store, blobId)).equals(pdf(1_000))).toBe(true)
    const numbers = Array.from({ length: 1_010 }, (_, index) => index)
    for (let at = 0; at < numbers.length; at += 50) {
      await Promise.all(
        numbers.slice(at, at + 50).map((number) => ground.overwrite(`item-${number}`, blobId, Buffer.of(1))),
      )
    }
    const owners = await Array.fromAsync(shelf.owners(null))
    expect(owners).toHaveLength(numbers.length + 1)
    expect(new Set(owners).size).toBe(owners.length)
    for (const at of [0, 500, 999, 1_009, 1_010]) {
      expect(await Array.fromAsync(shelf.owners(owners[at]!))).toEqual(owners.slice(at + 1))
    }
  })

  test('a turn that a dead process left behind is taken over once, and only when nobody renews it', async () => {
    const order: string[] = []
    const dead = watchedClient(ground.client, (asked) => {
      if (asked === 'deleteObject') throw new Error('died')
    })
    await expect(ground.shelf(dead).exclusively(OWNER, () => Promise.resolve())).rejects.toThrow('died')
    const long = ground.shelf().exclusively(OWNER, async () => {
      order.push('first begins')
      await pause(2_000)
      order.push('first ends')
    })
    const second = ground.shelf().exclusively(OWNER, async () => {
      order.push('second begins')
      await pause(2_000)
      order.push('second ends')
    })
    await Promise.all([long, second])
    expect(order).toBeOneOf([
      ['first begins', 'first ends', 'second begins', 'second ends'],
      ['second begins', 'second ends', 'first begins', 'first ends'],
    ])
  })
})

/** A line to a server that can be cut. */
async function lineTo(url: string) {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      isCut = false
    },
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
