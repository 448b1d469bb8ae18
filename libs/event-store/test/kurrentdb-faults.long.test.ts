/** What a network and a cluster do to the log on KurrentDB, each in a test of its own, on the stand-in. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { startKurrentDbStandIn } from '../../../test/stand-ins/kurrentdb/index.ts'
import type { KurrentDbStandIn, StandInOptions } from '../../../test/stand-ins/kurrentdb/index.ts'
import { openEventLog } from '../src/index.ts'
import type { EventLog, LogRow, NewLogEvent } from '../src/index.ts'
import type { KurrentDbLimits } from '../src/kurrentdb/limits.ts'
import { openKurrentDbLog } from '../src/kurrentdb/log.ts'
import { StreamMemory } from '../src/kurrentdb/stream-memory.ts'

const LIMIT = { rows: 1_000, sizeBytes: 8 * 1024 * 1024 }
/** Patience for a test: failures are over at once here, and so are attempts. */
const QUICK: Partial<KurrentDbLimits> = { backOffMs: 5, backOffMsMax: 50 }

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  // Logs first: what they wait for is answered.
  for (const one of opened.splice(0).toReversed()) await one.close()
})

async function start(options: StandInOptions = {}): Promise<KurrentDbStandIn> {
  const standIn = await startKurrentDbStandIn(options)
  opened.push({ close: () => standIn.stop() })
  return standIn
}

function open(address: string, limits: Partial<KurrentDbLimits> = {}): EventLog {
  const log = openKurrentDbLog(address, { limits: { ...QUICK, ...limits } })
  opened.push(log)
  return log
}

/** An event as the upper layer gives it; encoded again, the same id has another digest. */
function event(revision: number, { id = randomUUID(), text = 'x' }: { id?: string; text?: string } = {}): NewLogEvent {
  const digest = Buffer.from(randomUUID()).toString('hex').slice(0, 64)
  const metadata = `{"integrity":{"algorithm":"sha256-jcs-1","digest":"${digest}","previous":null}}`
  return { stream: '', revision, id, type: 'NoteTaken', version: 1, data: `{"text":"${text}"}`, metadata, digest }
}

/** Appends so many events one by one and gives them. */
async function write(log: EventLog, stream: string, count: number): Promise<NewLogEvent[]> {
  const events: NewLogEvent[] = []
  for (let revision = 0; revision < count; revision += 1) {
    const before = events.at(-1)
    const next = event(revision)
    const result = await log.append(stream, before === undefined ? null : before, [next])
    expect(result.status).toBe('appended')
    events.push(next)
  }
  return events
}

async function all(log: EventLog, limit = LIMIT): Promise<LogRow[]> {
  const rows: LogRow[] = []
  for (let place = 'start'; ;) {
    const page = await log.readAll(place, limit)
    const last = page.at(-1)
    if (last === undefined) return rows
    rows.push(...page)
    place = last.position
  }
}

/** Follows the log as subscriptions do, until it has seen so many events; gives their ids. */
async function follow(log: EventLog, count: number): Promise<string[]> {
  const ids: string[] = []
  let place = 'start'
  let woken = Promise.withResolvers<void>()
  const stop = log.onAppended(() => woken.resolve())
  try {
    while (ids.length < count) {
      woken = Promise.withResolvers<void>()
      const rows = await log.readAll(place, { ...LIMIT, rows: 7 })
      ids.push(...rows.map(({ id }) => id))
      place = rows.at(-1)?.position ?? place
      if (rows.length === 0) await woken.promise
    }
    return ids
  } finally {
    stop()
  }
}

describe('an append', () => {
  test('whose connection is lost before it arrives is made again, and written once', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    await write(log, 'case-0', 1)
    standIn.loseRequests(2)
    expect(await log.append('case-1', null, [event(0), event(1)])).toMatchObject({ status: 'appended' })
    expect((await all(log)).map(({ stream, revision }) => `${stream} ${revision}`)).toEqual([
      'case-0 0',
      'case-1 0',
      'case-1 1',
    ])
  })

  test('whose answer is lost is made again, written once, and told where it stands', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const events = [event(0), event(1)]
    standIn.loseAnswers(2)
    const result = await log.append('case-1', null, events)
    const rows = await all(log)
    expect(rows.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    expect(result).toEqual({ status: 'appended', positions: rows.map(({ position }) => position) })
    standIn.loseAnswers(1)
    const next = event(2)
    const more = await log.append('case-1', events[1]!, [next])
    expect(more).toEqual({ status: 'appended', positions: [await log.head()] })
    expect((await all(log)).map(({ data }) => data)).toHaveLength(3)
  })

  test('to a server that starts, or whose cluster elects a leader, is made again', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    standIn.beNotReady(3)
    expect(await log.append('case-1', null, [event(0)])).toMatchObject({ status: 'appended' })
    expect(await all(log)).toHaveLength(1)
  })

  test('that comes too late because its connection was lost is a conflict', async () => {
    const standIn = await start()
    const undisturbed = await start({ store: standIn.store })
    const log = open(standIn.url)
    const comeBack = standIn.refuseConnections()
    const late = log.append('case-1', null, [event(0)])
    await write(open(undisturbed.url), 'case-1', 1)
    comeBack()
    expect(await late).toEqual({ status: 'conflict' })
    expect(await all(log)).toHaveLength(1)
  })
})

describe('many large appends at once', () => {
  test('through connections that break: all written once, and no rejection that nobody handles', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const streams = Array.from({ length: 60 }, (_, index) => `case-${index}`)
    const large = { text: 'x'.repeat(200_000) }
    const writing = streams.map((stream) => log.append(stream, null, [event(0, large)]))
    for (let round = 0; round < 4; round += 1) {
      await Promise.race(writing)
      await sleep(5)
      standIn.dropConnections()
    }
    for (const result of await Promise.all(writing)) expect(result).toMatchObject({ status: 'appended' })
    expect(new Set((await all(log)).map(({ stream }) => stream))).toEqual(new Set(streams))
    expect(await all(log)).toHaveLength(streams.length)
    expect(standIn.calls.batchAppend).toBe(0)
  })
})

describe('an append given up and given again', () => {
  test('says that the store cannot be reached; given again with other bytes, it is answered with what is stored', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const first = [event(0, { text: 'one' }), event(1, { text: 'two' })]
    standIn.loseAnswers(Infinity)
    await expect(open(standIn.url, { totalMs: 200 }).append('case-1', null, first)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^Appending to case-1: .*check that KurrentDB runs/),
    })
    standIn.loseAnswers(0)
    const again = first.map(({ id, revision }) => event(revision, { id, text: 'encoded anew' }))
    const result = await log.append('case-1', null, again)
    expect(result).toMatchObject({
      status: 'repeated',
      rows: first.map(({ id, data, metadata }) => ({ id, data, metadata })),
    })
    // So that the next event names the digest that is stored.
    expect(await log.append('case-1', again[1]!, [event(2)])).toEqual({ status: 'conflict' })
    expect(await log.append('case-1', first[1]!, [event(2)])).toMatchObject({ status: 'appended' })
    expect(await all(log)).toHaveLength(3)
  })

  test('is found too by another process, and after other events', async () => {
    const standIn = await start()
    const [log, other] = [open(standIn.url), open(standIn.url)]
    const [first, second] = await write(log, 'case-1', 3)
    const again = event(1, { id: second!.id })
    expect(await other.append('case-1', first!, [again])).toMatchObject({ status: 'repeated', rows: [{ revision: 1 }] })
    const elsewhere = open(standIn.url)
    const tip = (await elsewhere.readStream('case-1', 2, LIMIT)).at(-1)!
    const digest = /"digest":"([^"]*)"/.exec(tip.metadata)![1]!
    expect(await elsewhere.append('case-1', { revision: 2, digest }, [again])).toMatchObject({ status: 'repeated' })
    await expect(elsewhere.append('case-1', { revision: 2, digest }, [event(3), again])).rejects.toMatchObject({
      code: 'EVENT_ID_USED',
    })
    expect(await all(log)).toHaveLength(3)
  })
})

describe('two processes on one stream', () => {
  test('at one version: one wins, the other is told of a conflict, and each learns of the other’s events', async () => {
    const standIn = await start()
    const [log, other] = [open(standIn.url), open(standIn.url)]
    const [first] = await write(log, 'case-1', 1)
    const results = await Promise.all([log, other, log, other].map((one) => one.append('case-1', first!, [event(1)])))
    expect(results.map(({ status }) => status).toSorted()).toEqual(['appended', 'conflict', 'conflict', 'conflict'])
    const wrong = { revision: 1, digest: '0'.repeat(64) }
    for (const one of [log, other])
      expect(await one.append('case-1', wrong, [event(2)])).toEqual({ status: 'conflict' })
  })
})

describe('a read cut short without a word', () => {
  test('is not taken for the end: not of a stream, not of everything, not for an empty store', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const events = [...(await write(log, 'case-1', 6)), ...(await write(log, 'case-2', 2))]
    const ids = events.map(({ id }) => id)
    for (const cut of [1, 2, 3, 5]) {
      standIn.cutReadsShort(cut)
      expect((await log.readStream('case-1', 0, LIMIT)).map(({ id }) => id)).toEqual(ids.slice(0, 6))
      standIn.cutReadsShort(cut)
      expect((await log.readStream('case-1', 4, LIMIT)).map(({ id }) => id)).toEqual(ids.slice(4, 6))
      standIn.cutReadsShort(cut)
      expect((await all(log)).map(({ id }) => id)).toEqual(ids)
      standIn.cutReadsShort(cut)
      expect(await log.head()).toBe((await all(log)).at(-1)!.position)
      standIn.cutReadsShort(cut)
      expect(await log.append('case-1', null, [event(0)])).toEqual({ status: 'conflict' })
    }
  })
})

describe('a server restored from a backup', () => {
  test('is believed, whatever is in mind of its streams', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const events = await write(log, 'case-1', 3)
    standIn.store.clear()
    expect(await log.append('case-1', events[2]!, [event(3)])).toEqual({ status: 'conflict' })
    expect(await log.append('case-1', null, [events[0]!])).toMatchObject({ status: 'appended' })
    expect(await log.append('case-1', events[0]!, [events[1]!])).toMatchObject({ status: 'appended' })
    expect((await all(log)).map(({ id }) => id)).toEqual(events.slice(0, 2).map(({ id }) => id))
  })
})

describe('a server that does not answer', () => {
  test('an append is overdue, and its effect single when the server answers again', async () => {
    const standIn = await start()
    const log = open(standIn.url, { attemptMs: 60, totalMs: 250 })
    await write(open(standIn.url), 'case-0', 1)
    const release = standIn.hold()
    const events = [event(0)]
    await expect(log.append('case-1', null, events)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('no answer within'),
    })
    release()
    const patient = open(standIn.url)
    expect(await patient.append('case-1', null, events)).toMatchObject({ status: 'appended' })
    expect(await patient.readStream('case-1', 0, LIMIT)).toHaveLength(1)
  })

  test('a read is overdue', async () => {
    const standIn = await start()
    const log = open(standIn.url, { attemptMs: 60, totalMs: 250 })
    const release = standIn.hold()
    await expect(log.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(log.readAll('start', LIMIT)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    release()
  })

  test('and one that is not there: every call says so, and the log closes at once', async () => {
    const standIn = await startKurrentDbStandIn()
    await standIn.stop()
    const log = open(standIn.url, { totalMs: 150 })
    log.onAppended(() => undefined)
    await expect(log.append('case-1', null, [event(0)])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(log.readStream('case-1', 0, LIMIT)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await log.close()
    await expect(log.head()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  })
})

describe('following', () => {
  test('goes on when the server is gone and comes back: no gap, no repeat', async () => {
    // The writer has a connection of its own to a server that shares the store, and so is not disturbed.
    const [standIn, undisturbed] = await startTwo()
    const [log, writer] = [open(standIn.url), open(undisturbed.url)]
    const before = await write(writer, 'case-1', 10)
    const following = follow(log, 40)
    await standIn.nextSubscription()
    const comeBack = standIn.refuseConnections()
    const meanwhile = await write(writer, 'case-2', 20)
    comeBack()
    await standIn.nextSubscription()
    const after = await write(writer, 'case-3', 10)
    expect(await following).toEqual([...before, ...meanwhile, ...after].map(({ id }) => id))
  })

  test('goes on through many broken connections while others write', async () => {
    const [standIn, undisturbed] = await startTwo()
    const [log, writer] = [open(standIn.url), open(undisturbed.url)]
    const following = follow(log, 60)
    await standIn.nextSubscription()
    const ids: string[] = []
    for (let round = 0; round < 6; round += 1) {
      const subscribed = standIn.nextSubscription()
      standIn.dropConnections()
      ids.push(...(await write(writer, `case-${round}`, 10)).map(({ id }) => id))
      await subscribed
    }
    expect(await following).toEqual(ids)
  })

  test('wakes without an event of its own kind among thousands of the server’s', async () => {
    const [standIn, undisturbed] = await startTwo()
    const [log, writer] = [open(standIn.url), open(undisturbed.url)]
    const following = follow(log, 2)
    await standIn.nextSubscription()
    standIn.appendSystemEvents(2_000)
    const one = await write(writer, 'case-1', 1)
    standIn.appendSystemEvents(1_000)
    standIn.dropConnections()
    standIn.appendSystemEvents(1_000)
    const two = await write(writer, 'case-2', 1)
    expect(await following).toEqual([...one, ...two].map(({ id }) => id))
  })

  test('takes one subscription, however many listen, and ends it when the log closes', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const following = Promise.all([follow(log, 5), follow(log, 5), follow(log, 5)])
    await standIn.nextSubscription()
    const ids = (await write(log, 'case-1', 5)).map(({ id }) => id)
    expect(await following).toEqual([ids, ids, ids])
    expect(standIn.calls.subscribe).toBe(1)
    await log.close()
    await expect(log.append('case-1', null, [event(0)])).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  })
})

describe('a leader that changed', () => {
  test('is found by appends, reads and subscriptions, by the address of one server', async () => {
    const [leader, next] = await startTwo()
    const log = open(leader.url)
    const following = follow(log, 12)
    await leader.nextSubscription()
    const before = await write(log, 'case-1', 4)
    const subscribed = next.nextSubscription()
    leader.follow(next)
    const after = await write(log, 'case-2', 4)
    await subscribed
    const last = await write(open(next.url), 'case-3', 4)
    expect(await following).toEqual([...before, ...after, ...last].map(({ id }) => id))
    expect(await all(log)).toHaveLength(12)
  })

  test('is found by the addresses of several servers', async () => {
    const [one, two] = await startTwo()
    one.follow(two)
    const log = open(`kurrentdb://127.0.0.1:${one.port},127.0.0.1:${two.port}?tls=false`)
    await write(log, 'case-1', 3)
    expect(two.calls.append).toBe(3)
    one.follow(null)
    two.follow(one)
    await write(log, 'case-2', 3)
    expect(await all(log)).toHaveLength(6)
    expect(one.calls.append).toBe(3)
  })
})

describe('the events of the server itself', () => {
  test('are in no page, and no page is empty before the end', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    expect(await log.readAll('start', LIMIT)).toEqual([])
    standIn.appendSystemEvents(3_000)
    const one = await write(log, 'case-1', 2)
    standIn.appendSystemEvents(3_000)
    standIn.appendSystemEvents(50, '$$case-1', '$metadata')
    // A projection links events into a stream that is not the server's own.
    standIn.appendSystemEvents(40, 'cases-of-march', '$>')
    const two = await write(log, 'case-2', 2)
    standIn.appendSystemEvents(3_000)
    const ids = [...one, ...two].map(({ id }) => id)
    for (const rows of [1, 2, 3, 1_000]) {
      expect((await all(log, { ...LIMIT, rows })).map(({ id }) => id)).toEqual(ids)
    }
    const byStream = await log.readByStream(null, LIMIT)
    expect(byStream.map(({ id }) => id)).toEqual(ids)
    expect(await log.readByStream(byStream.at(-1)!, LIMIT)).toEqual([])
  })

  test('are not the newest', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    standIn.appendSystemEvents(100)
    expect(await log.head()).toBe('start')
    standIn.appendSystemEvents(3, 'cases-of-march', '$>')
    expect(await log.head()).toBe('start')
    await write(log, 'case-1', 1)
    const head = await log.head()
    expect((await all(log)).map(({ position }) => position)).toEqual([head])
    standIn.appendSystemEvents(2_500)
    expect(await log.head()).toBe(head)
    standIn.appendSystemEvents(250, 'cases-of-march', '$>')
    expect(await log.head()).toBe(head)
  })
})

describe('what is stored', () => {
  test('comes back byte for byte, whatever JSON would make of it', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const odd = {
      ...event(0),
      data: '{"10":1,"9":{"2":"\\u2028","1":"Ω 😀"}}',
      metadata: '{"2":1,"10":"引号 \\" ","integrity":{"algorithm":"a","digest":"b","previous":null}}',
    }
    await log.append('case-1', null, [odd])
    const [row] = await all(log)
    expect(row).toMatchObject({ id: odd.id, type: odd.type, version: 1, data: odd.data, metadata: odd.metadata })
    expect(await log.readStream('case-1', 0, LIMIT)).toEqual([row])
  })

  test('is given in pages that end at their bytes, and a large event still comes', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const events = Array.from({ length: 5 }, (_, revision) => event(revision, { text: 'x'.repeat(1_000) }))
    await log.append('case-1', null, events)
    expect(await log.readAll('start', { rows: 100, sizeBytes: 2_500 })).toHaveLength(3)
    expect(await log.readStream('case-1', 0, { rows: 100, sizeBytes: 1 })).toHaveLength(1)
    const pages: number[] = []
    for (let place: LogRow | null = null; ;) {
      const rows: LogRow[] = await log.readByStream(place, { rows: 2, sizeBytes: 8_000 })
      if (rows.length === 0) break
      pages.push(rows.length)
      place = rows.at(-1)!
    }
    expect(pages).toEqual([2, 2, 1])
  })

  test('may be another program’s: it is given as it is, for whoever checks it', async () => {
    const standIn = await start()
    const log = open(standIn.url)
    const foreign = {
      id: randomUUID(),
      type: 'Greeting',
      contentType: 'application/json',
      data: Buffer.from('{"a":1}'),
    }
    standIn.store.append('other-1', { is: 'any' }, [{ ...foreign, metadata: Buffer.alloc(0) }])
    expect(await all(log)).toMatchObject([
      { stream: 'other-1', type: 'Greeting', version: 0, data: '{"a":1}', metadata: '' },
    ])
  })

  test('is read beside the writers, and a log opened for reading writes nothing', async () => {
    const standIn = await start()
    const reader = await openEventLog(standIn.url, { readOnly: true })
    opened.push(reader)
    await expect(reader.append('case-1', null, [event(0)])).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
    const following = follow(reader, 3)
    const ids = (await write(open(standIn.url), 'case-1', 3)).map(({ id }) => id)
    expect(await following).toEqual(ids)
  })
})

describe('an address', () => {
  test('that is no connection string is refused without repeating its password', async () => {
    for (const address of ['kurrentdb://user:secret@', 'kurrentdb://user:secret@host:port']) {
      const opening = openEventLog(address)
      await expect(opening).rejects.toMatchObject({ code: 'STORE_ADDRESS_UNKNOWN' })
      await expect(opening).rejects.not.toThrow(/secret/)
    }
  })

  test('of another store has other positions, which are refused at once', async () => {
    const log = open((await start()).url)
    await write(log, 'case-1', 2)
    const between = `${'7'.padStart(19, '0')}-${'7'.padStart(19, '0')}`
    for (const position of ['0000000000000012', '', between]) {
      await expect(log.readAll(position, LIMIT)).rejects.toMatchObject({ code: 'POSITION_INVALID' })
    }
  })
})

describe('the memory of streams', () => {
  test('is bounded, forgets the oldest, and joins only what follows', () => {
    const memory = new StreamMemory(8)
    for (let index = 0; index < 20; index += 1) memory.note(`case-${index}`, [event(0)])
    expect(memory.find('case-0')).toBeUndefined()
    expect(memory.find('case-19')?.revision).toBe(0)
    memory.note('case-19', [event(2)])
    expect(memory.find('case-19')?.revision).toBe(0)
    memory.note('case-19', [event(0), event(1)])
    expect(memory.find('case-19')?.revision).toBe(1)
    expect(memory.find('case-19')?.revisions.size).toBe(2)
  })

  test('forgotten, it is read again, and answers are the same', async () => {
    const standIn = await start()
    const events = await write(open(standIn.url), 'case-1', 3)
    const later = open(standIn.url)
    expect(await later.append('case-1', events[2]!, [event(3)])).toMatchObject({ status: 'appended' })
    expect(await later.append('case-1', { ...events[2]!, digest: '0'.repeat(64) }, [event(4)])).toEqual({
      status: 'conflict',
    })
  })
})

describe('a process', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const node = (...parameters: string[]): ChildProcess =>
    spawn(process.execPath, ['--conditions=source', ...parameters], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = async (child: ChildProcess): Promise<number | null> => {
    if (child.exitCode === null) await once(child, 'exit')
    return child.exitCode
  }

  test('that wrote, read and followed ends by itself once its log is closed', async () => {
    const standIn = await start()
    await write(open(standIn.url), 'case-1', 2)
    const program = `
      import { openEventLog } from './libs/event-store/src/index.ts'
      const log = await openEventLog(${JSON.stringify(standIn.url)})
      const woken = Promise.withResolvers()
      log.onAppended(() => woken.resolve())
      await woken.promise
      const rows = await log.readAll('start', { rows: 100, sizeBytes: 1_000_000 })
      await log.close()
      console.log(rows.length)
    `
    const child = node('--input-type=module', '--eval', program)
    const [text] = (await once(child.stdout!, 'data')) as [Buffer]
    expect(String(text).trim()).toBe('2')
    expect(await ended(child)).toBe(0)
  })

  test('may be the stand-in itself, and several others use it', async () => {
    const child = node('test/stand-ins/kurrentdb/main.ts', '--port', '0')
    const [text] = (await once(child.stdout!, 'data')) as [Buffer]
    const url = String(text).trim()
    const events = await write(open(url), 'case-1', 3)
    expect((await all(open(url))).map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    child.kill()
    expect(await ended(child)).toBe(0)
  })
})

/** Two servers of one cluster. */
async function startTwo(): Promise<[KurrentDbStandIn, KurrentDbStandIn]> {
  const one = await start()
  return [one, await start({ store: one.store })]
}
