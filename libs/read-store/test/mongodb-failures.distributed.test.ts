import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  openLeases,
  openReadStore,
  openReadStoreWriter,
  type Batch,
  type ReadStore,
  type ReadStoreWriter,
} from '#read-store'
import { CutOff } from '../../../test/support/cut-off.ts'
import { servers } from '../../../test/support/servers.ts'
import { BATCH, expectedAfter, thing, things } from './crash-things.ts'
import { databaseOf } from './open-mongodb.ts'

const server = servers.mongodb
const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url))

describe.skipIf(server === null)('MongoDB, when something goes wrong', () => {
  let address: string
  let drop: () => Promise<void>
  let between: CutOff
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    ;({ address, drop } = databaseOf(server ?? ''))
    const { hostname, port } = new URL(address)
    between = await CutOff.before({ host: hostname, port: Number(port || 27_017) })
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    await between.close()
    await drop()
  })
  /** A process of its own, as far as the store can tell. */
  async function writerAt(where: string): Promise<ReadStoreWriter> {
    const writer = await openReadStoreWriter(where)
    opened.push(writer)
    return writer
  }
  async function readerAt(where: string): Promise<ReadStore> {
    const reader = await openReadStore(where)
    opened.push(reader)
    return reader
  }

  test('a writer cut off between documents and checkpoint: its successor writes the same again, and nothing changes', async () => {
    const cutOff = await (await writerAt(between.through(address))).prepare('things', 1, [things])
    await cutOff.write(batch(0, 99))
    // The documents get there; of the checkpoint nothing does, however often it is tried.
    between.watch((bytes) => (isUpdateOf(bytes, 'checkpoints') && bytes.includes('asOf') ? 'cut' : 'pass'))
    await expect(cutOff.write(batch(100, 199))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    between.watch(null)

    const successor = await (await writerAt(address)).prepare('things', 1, [things])
    expect(successor.number).toBe(cutOff.number)
    expect(await successor.checkpoint()).toBe(at(99))
    const there = await successor.load('things', ['t150'])
    expect(there).toMatchObject([{ position: at(150) }])
    await successor.write(batch(100, 199))
    expect(await successor.load('things', ['t150'])).toEqual(there)
    expect(await successor.checkpoint()).toBe(at(199))
    await successor.switchOver()
    expect(await countOf(await readerAt(address))).toBe(expectedAfter(199).length)
  })

  test('a reply that is lost: what was written is not written twice, and the caller does not notice', async () => {
    const generation = await (await writerAt(between.through(address))).prepare('things', 1, [things])
    const lost: string[] = []
    between.watch((bytes) => {
      const kind = ['insert', 'update'].find((kind) => bytes.includes(`${kind}\0`) && !lost.includes(kind))
      if (kind === undefined) return 'pass'
      lost.push(kind)
      return 'lose-reply'
    })
    await generation.write(batch(0, 999))
    await generation.write(batch(1_000, 1_099))
    expect(lost.toSorted()).toEqual(['insert', 'update'])
    await generation.switchOver()
    expect(await generation.checkpoint()).toBe(at(1_099))
    expect(await countOf(await readerAt(address))).toBe(expectedAfter(1_099).length)
  })

  test('MongoDB gone for a while during writes and back: a write that fails says so, and repeated it is as if nothing had been', async () => {
    const generation = await (await writerAt(between.through(address))).prepare('things', 1, [things])
    const reader = await readerAt(between.through(address))
    await generation.write(batch(0, 99))
    await generation.switchOver()
    between.refuse()
    await expect(generation.write(batch(100, 199))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(reader.get('things', 't1', 'system')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    between.letThrough()
    await generation.write(batch(100, 199))
    expect(await countOf(reader)).toBe(expectedAfter(199).length)
    expect(await reader.progress('things')).toMatchObject({ position: at(199) })
  })

  test('connections cut again and again: writes and reads go on by themselves', async () => {
    const generation = await (await writerAt(between.through(address))).prepare('things', 1, [things])
    const reader = await readerAt(between.through(address))
    await generation.switchOver()
    for (let first = 0; first < 1_000; first += 100) {
      const writing = generation.write(batch(first, first + 99))
      between.cut()
      await writing
      between.cut()
      expect(await countOf(reader)).toBe(expectedAfter(first + 99).length)
    }
  })

  test('a writer killed anywhere in writing, rebuilding or switching over: documents and checkpoint agree, leftovers go', async () => {
    const kills = 4
    for (let kill = 0; kill < kills; kill += 1) {
      const child = fork(CHILD, [address], { execArgv: ['--conditions=source'] })
      await once(child, 'message')
      const reader = await readerAt(address)
      // The moment of the kill is meant to differ; nothing waits for anything here.
      const end = performance.now() + Math.random() * 500
      while (performance.now() < end) await countOf(reader)
      child.kill('SIGKILL')
      await once(child, 'exit')

      const writer = await writerAt(address)
      const generation = await writer.prepare('things', 1, [things])
      expect(await generation.status()).toBe('active')
      const checkpoint = await generation.checkpoint()
      // What a crash left beyond the checkpoint is what comes next in any case.
      const last = checkpoint === 'start' ? -1 : Number(checkpoint)
      await generation.write(batch(last + 1, last + BATCH))
      const expected = expectedAfter(last + BATCH)
      expect((await generation.scan('things', null, 5_000)).map(({ id }) => id)).toEqual(expected.toSorted())
      expect(await countOf(reader)).toBe(expected.length)
      const building = await writer.rebuild('things', 1, [things])
      await building.discard()
      expect(await collectionsIn(address)).toEqual(['checkpoints', 'read-models', `things~${generation.number}`])
    }
  })

  test('a stale writer is fenced off, before its documents and at its checkpoint', async () => {
    const leases = [await openLeases(address), await openLeases(address)] as const
    opened.push(...leases)
    const first = await leases[0].acquire('things', 'a', 10_000)
    const stale = await (
      await writerAt(between.through(address))
    ).prepare('things', 1, [things], { fence: first!.fence })
    await stale.write(batch(0, 99))
    await leases[0].release(first!)
    const second = await leases[1].acquire('things', 'b', 10_000)

    // Caught in the middle of its documents, it goes as far as the checkpoint and no further.
    const { promise: caught, resolve: isCaught } = Promise.withResolvers<void>()
    between.watch((bytes) => {
      if (isUpdateOf(bytes, 'checkpoints') && bytes.includes('asOf')) {
        isCaught()
        return 'cut'
      }
      return 'pass'
    })
    const writing = stale.write(batch(100, 199)).catch((error: unknown) => error)
    await caught
    const successor = await (await writerAt(address)).prepare('things', 1, [things], { fence: second!.fence })
    between.watch(null)
    expect(await writing).toMatchObject({ code: 'FENCED' })
    expect(await successor.checkpoint()).toBe(at(99))
    await successor.write(batch(100, 149))
    await expect(stale.write(batch(200, 299))).rejects.toMatchObject({ code: 'FENCED' })
    expect(await successor.load('things', ['t250'])).toEqual([])
    expect(await successor.checkpoint()).toBe(at(149))
  })

  test('a switch-over is seen by a reader of another connection at once, and never an empty collection', async () => {
    const writer = await writerAt(address)
    let generation = await writer.prepare('things', 1, [things])
    await generation.write(batch(0, 99))
    await generation.switchOver()
    const reader = await readerAt(address)
    const expected = expectedAfter(99).length
    const over = new AbortController()
    const reading = (async () => {
      const seen: number[] = []
      while (!over.signal.aborted) seen.push(await countOf(reader), (await firstPage(reader)).length)
      return seen
    })()
    for (let round = 0; round < 5; round += 1) {
      generation = await writer.rebuild('things', round + 2, [things])
      await generation.write(batch(0, 99))
      await generation.switchOver()
      expect(await reader.progress('things')).toMatchObject({ version: round + 2, position: at(99) })
    }
    over.abort()
    const seen = await reading
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.filter((count) => count !== expected)).toEqual([])
  })

  test('several processes prepare the same projection at once: all get one generation', async () => {
    const writers = await Promise.all(Array.from({ length: 4 }, () => writerAt(address)))
    const prepared = await Promise.all(writers.map((writer) => writer.prepare('things', 1, [things])))
    expect(new Set(prepared.map(({ number }) => number)).size).toBe(1)
    await Promise.all(prepared.map((generation) => generation.write(batch(0, 99))))
    await Promise.all(prepared.map((generation) => generation.switchOver()))
    expect(await countOf(await readerAt(address))).toBe(expectedAfter(99).length)
    expect(await collectionsIn(address)).toEqual(['checkpoints', 'read-models', `things~${prepared[0]!.number}`])
  })

  test('two processes prepare different versions at once: one of them is building, the other is told that its own is gone', async () => {
    const [one, other] = [await writerAt(address), await writerAt(address)]
    const generations = await Promise.all([one.prepare('things', 1, [things]), other.prepare('things', 2, [things])])
    const building = generations.toSorted((a, b) => b.number - a.number)
    expect(await Promise.all(building.map((generation) => generation.status()))).toEqual(['building', 'gone'])
    await expect(building[1]!.write(batch(0, 9))).rejects.toMatchObject({ code: 'BAD_GENERATION' })
    await building[0]!.write(batch(0, 9))
  })

  test('two writers of one generation at once: what both write is there once', async () => {
    const [one, other] = [await writerAt(address), await writerAt(address)]
    const [here, there] = [await one.prepare('things', 1, [things]), await other.prepare('things', 1, [things])]
    // Both only insert: the stand-in lets two updates of one document overtake one another, MongoDB does not.
    await Promise.all([here.write(batch(0, 299)), there.write(batch(0, 299))])
    await here.switchOver()
    expect(await there.checkpoint()).toBe(at(299))
    expect(await there.load('things', ['t299'])).toMatchObject([{ position: at(299) }])
    expect(await countOf(await readerAt(address))).toBe(expectedAfter(299).length)
  })

  const wrong: [string, string, string][] = [
    ['without a database', 'mongodb://127.0.0.1:27017/', 'BAD_ADDRESS'],
    ['with an option that is none', 'mongodb://127.0.0.1:27017/huiying?nonsense=1', 'BAD_ADDRESS'],
    ['where nothing listens', 'mongodb://127.0.0.1:9/huiying', 'UNAVAILABLE'],
  ]
  test.each(wrong)('an address %s is refused, and no password told', async (_, address, code) => {
    const secret = address.replace('//', '//user:hush@')
    await expect(openReadStore(code === 'BAD_ADDRESS' ? secret : address)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('hush') as string,
    })
  })
})

/** Events `first` to `last`. */
function batch(first: number, last: number): Batch {
  const changes = Array.from({ length: last - first + 1 }, (_, n) => thing(first + n))
  return { changes, checkpoint: at(last), asOf: '2026-03-01T00:00:00.000Z' }
}

function at(position: number): string {
  return String(position).padStart(9, '0')
}

/** Whether a piece of the wire holds an update of a collection. */
function isUpdateOf(bytes: Buffer, collection: string): boolean {
  return bytes.includes('update\0') && bytes.includes(`${collection}\0`)
}

async function countOf(reader: ReadStore): Promise<number> {
  return (await reader.count('things', { reader: 'system' })).count
}

async function firstPage(reader: ReadStore): Promise<unknown[]> {
  const { documents } = await reader.query('things', {
    sort: { field: 'number', direction: 'ascending' },
    limit: 200,
    reader: 'system',
  })
  return documents
}

async function collectionsIn(address: string): Promise<string[]> {
  const client = new MongoClient(address)
  const names = await client.db().listCollections({}, { nameOnly: true }).toArray()
  await client.close()
  return names.map(({ name }) => name).toSorted()
}
