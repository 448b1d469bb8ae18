import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetCase, ORPHAN_AGE_MS } from '#application'
import type { Download } from '#application'
import type { Actor, StoredFile } from '#domain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { publish, takeInHand } from '../support/answering.ts'
import { answer, byHand, complaint, County, staff } from '../support/county.ts'

let county: County
beforeAll(async () => {
  county = await County.open()
})
afterAll(() => county.close())

const DAY_MS = 86_400_000
const CHANNEL = 'governor-suggestions'
const files = () => county.huiying.application.files
const pdf = (words: string) => Buffer.from(`%PDF-1.7\n${words}`)

async function* sent(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

const store = async (owner: string, asker: Actor = staff.monitor, words = '收据', name = '收据.pdf') => {
  await county.huiying.settled()
  return await files().storeFile(owner, name, sent(pdf(words)), { asker })
}

async function read({ content }: Download): Promise<string> {
  return Buffer.concat(await Array.fromAsync(content)).toString()
}

async function code(failing: Promise<unknown>): Promise<unknown> {
  return await failing.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? error,
  )
}

const opening = (asker: Actor | 'operator', owner: string, { blobId }: StoredFile) =>
  files().openFile(asker, owner, blobId)

let messages = 0
const newId = () => `F-${(messages += 1)}`

/** A message through a channel, with files that were stored for it before. */
const messageWith = (externalId: string, ...attached: StoredFile[]) =>
  county.message(externalId, '路面破损', '城东路坑洼。', CHANNEL, attached)

/** A case that transport works on. */
async function caseAtWork(): Promise<string> {
  const { case: id } = await messageWith(newId())
  await takeInHand(county, id)
  return id
}

const call = {
  channelId: 'phone',
  title: '路灯不亮',
  content: '来电人说路灯坏了。',
  author: { name: null, contact: null },
  wish: 'private',
  place: null,
  type: null,
  caller: null,
  consent: true,
  recording: null as StoredFile | null,
  answer: null,
}

const supplement = (...attachments: StoredFile[]) => ({
  request: null,
  text: '补充收据',
  attachments,
  receivedAt: null,
})
const supplemented = (id: string, ...attachments: StoredFile[]) =>
  county.give('RecordSupplement', id, supplement(...attachments), staff.monitor)

describe('a file', () => {
  test('is stored, named by a command, and opened by those who may see the case', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`, staff.transportOfficer, '收据', 'C:\\我的\\收据.PDF')
    expect(file).toMatchObject({ name: '收据.PDF', mediaType: 'application/pdf' })
    await supplemented(id, file)
    await county.reopen()
    for (const asker of [staff.transportOfficer, staff.coordinator, staff.auditor, 'operator' as const]) {
      const download = await opening(asker, `case-${id}`, file)
      expect(download.file).toEqual(file)
      expect(download.headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': expect.stringContaining('attachment'),
        'x-content-type-options': 'nosniff',
      })
      expect(await read(download)).toBe(pdf('收据').toString())
    }
    for (const asker of [staff.housingOfficer, staff.administrator, staff.channel]) {
      expect(await code(opening(asker, `case-${id}`, file))).toBe('NOT_FOUND')
    }
  })

  test('of an item is stored before the item is there, and opened by those who see its case', async () => {
    const externalId = newId()
    const owner = files().ownerOfItem(CHANNEL, externalId)
    const file = await store(owner, staff.channel)
    const { item, case: id } = await messageWith(externalId, file)
    expect(`item-${item}`).toBe(owner)
    expect(await code(opening(staff.transportOfficer, owner, file))).toBe('NOT_FOUND')
    await takeInHand(county, id)
    expect(await read(await opening(staff.transportOfficer, owner, file))).toBe(pdf('收据').toString())
  })

  test('is the recording of a call that is then registered by hand', async () => {
    const key = newId()
    const request = { command: 'RegisterItem', target: null, payload: call, actor: staff.monitor, idempotencyKey: key }
    const owner = `item-${county.huiying.application.commander.targetOf(request)}`
    const spoken = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(100, 1)])
    const recording = await files().storeFile(owner, '来电.amr', sent(spoken), { asker: staff.monitor })
    const { id } = await county.give('RegisterItem', null, { ...call, recording }, staff.monitor, { key })
    expect(`item-${id}`).toBe(owner)
    expect((await opening(staff.coordinator, owner, recording)).headers).toMatchObject({ 'content-type': 'audio/amr' })
    const elsewhere = { ...call, title: '另一件事', recording }
    expect(await county.refused('RegisterItem', null, elsewhere, staff.monitor)).toBe('FILE_UNKNOWN')
  })

  test('of a promise is opened by those who see it, as a file of the promise alone', async () => {
    const { case: id, commitment } = await promised()
    const owner = `commitment-${commitment}`
    const file = await store(owner, staff.transportOfficer, '验收单')
    await county.give('ReportProgress', commitment, { statement: '已验收', evidence: [file] }, staff.transportOfficer)
    expect(await read(await opening(staff.verifier, owner, file))).toBe(pdf('验收单').toString())
    expect(await code(opening(staff.housingOfficer, owner, file))).toBe('NOT_FOUND')
    expect(await code(opening(staff.verifier, `case-${id}`, file))).toBe('NOT_FOUND')
  })

  test('of an answer is given on to the cases that follow, whose department does not see the lead', async () => {
    const lead = await caseAtWork()
    const { case: follower } = await messageWith(newId())
    await county.give('TriageCase', follower, complaint, staff.monitor)
    await county.give('RouteCase', follower, { lead: 'housing', assisting: [], basis: byHand }, staff.monitor)
    await county.give('JoinCase', follower, { lead, relation: 'similar', reason: '同一处' }, staff.monitor)
    const file = await store(`case-${lead}`, staff.transportOfficer, '照片')
    await publish(county, lead, answer('已修复。', undefined, [file]))
    expect(await county.types(`case-${follower}`)).toContain('AnsweredByLead')
    expect(await code(opening(staff.housingOfficer, `case-${lead}`, file))).toBe('NOT_FOUND')
    expect(await read(await opening(staff.housingOfficer, `case-${follower}`, file))).toBe(pdf('照片').toString())
  })

  test('of an answer is given on by staff, too, and no other in its place', async () => {
    const lead = await caseAtWork()
    const file = await store(`case-${lead}`, staff.transportOfficer, '照片')
    await publish(county, lead, answer('已修复。', undefined, [file]))
    const { case: late } = await messageWith(newId())
    await county.give('TriageCase', late, complaint, staff.monitor)
    await county.give('JoinCase', late, { lead, relation: 'similar', reason: '同一处' }, staff.monitor)
    const published = (await county.events(`case-${lead}`)).find(({ type }) => type === 'ResponsePublished')!
    const { content, responseId, digest, address, publishedAt, department } = published.data as Record<string, object>
    const { marks: _, ...said } = content as ReturnType<typeof answer>
    const given = {
      lead,
      through: lead,
      responseId,
      ...said,
      digest,
      address,
      publishedAt,
      department,
      correction: false,
    }
    const other = await store(`case-${late}`, staff.monitor, '别的')
    const exchanged = { ...given, attachments: [other] }
    expect(await county.refused('AnswerByLead', late, exchanged, staff.coordinator)).toBe('FILE_UNKNOWN')
    await county.give('AnswerByLead', late, given, staff.coordinator)
    expect(await read(await opening(staff.monitor, `case-${late}`, file))).toBe(pdf('照片').toString())
  })

  test('that no event names is not given to anybody', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`)
    expect(await code(opening('operator', `case-${id}`, file))).toBe('NOT_FOUND')
  })

  test('is opened in part', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`)
    await supplemented(id, file)
    const download = await files().openFile(staff.monitor, `case-${id}`, file.blobId, { range: { start: 1, end: 3 } })
    expect(download.status).toBe(206)
    expect(await read(download)).toBe('PDF')
  })
})

describe('a file is not stored', () => {
  test('for what its sender does not see, has no command for, or is not there', async () => {
    const id = await caseAtWork()
    expect(await code(store(`case-${id}`, staff.housingOfficer))).toBe('NOT_FOUND')
    expect(await code(store(`case-${id}`, staff.auditor))).toBe('ROLE_NOT_ALLOWED')
    expect(await code(store(`case-${id}`, staff.administrator))).toBe('ROLE_NOT_ALLOWED')
    const nothing = '0b0e2f50-6f63-8a2e-9d0a-1c1d0e0f1a2b'
    expect(await code(store(`case-${nothing}`, staff.monitor))).toBe('NOT_FOUND')
    expect(await code(store(`case-${nothing}`, staff.channel))).toBe('NOT_FOUND')
    expect(await code(store(`commitment-${nothing}`, staff.channel))).toBe('ROLE_NOT_ALLOWED')
    expect(await code(store(`item-${nothing}`, staff.verifier))).toBe('ROLE_NOT_ALLOWED')
    expect(await code(store('settings-norms', staff.monitor))).toBe('NOT_FOUND')
    expect(await code(store(`case-${id}/../x`, staff.monitor))).toBe('NOT_FOUND')
  })

  test('that is larger than its sender may send', async () => {
    const large = async function* () {
      yield pdf('')
      for (let mebibytes = 0; mebibytes < 21; mebibytes += 1) yield Buffer.alloc(1024 * 1024, 1)
    }
    const id = await caseAtWork()
    const storing = (asker: Actor) => files().storeFile(`case-${id}`, 'a.pdf', large(), { asker })
    expect(await code(storing(staff.channel))).toBe('FILE_TOO_LARGE')
    expect((await storing(staff.monitor)).sizeBytes).toBe(9 + 21 * 1024 * 1024)
  })

  test('that is a page, whatever it is called', async () => {
    const id = await caseAtWork()
    const storing = files().storeFile(`case-${id}`, '照片.jpg', sent(Buffer.from('<html>')), { asker: staff.monitor })
    expect(await code(storing)).toBe('FILE_TYPE_NOT_ALLOWED')
  })
})

describe('a command that names a file', () => {
  const naming = (id: string, ...attachments: StoredFile[]) =>
    county.refused('RecordSupplement', id, supplement(...attachments), staff.monitor)

  test('stored for another case is refused, whoever gives it', async () => {
    const [mine, theirs] = [await caseAtWork(), await caseAtWork()]
    const file = await store(`case-${theirs}`)
    await supplemented(theirs, file)
    expect(await naming(mine, file)).toBe('FILE_UNKNOWN')
    const evidence = { statement: '见附件', evidence: [file] }
    const { commitment } = await promised()
    expect(await county.refused('ReportProgress', commitment, evidence, staff.transportOfficer)).toBe('FILE_UNKNOWN')
    const externalId = newId()
    await expect(messageWith(externalId, file)).rejects.toThrow('FILE_UNKNOWN')
    expect(await county.events(files().ownerOfItem(CHANNEL, externalId))).toEqual([])
  })

  test('that was never stored, or says otherwise what it is, is refused', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`)
    const others: Partial<StoredFile>[] = [
      { blobId: '0b0e2f50-6f63-8a2e-9d0a-1c1d0e0f1a2b' },
      { digest: 'a'.repeat(64) },
      { sizeBytes: file.sizeBytes + 1 },
      { mediaType: 'text/html' },
      { name: '收据.html' },
      { name: '../收据.pdf' },
      { name: '\u202E收据.pdf' },
    ]
    for (const other of others)
      expect(await naming(id, { ...file, ...other }), Object.keys(other)[0]).toBe('FILE_UNKNOWN')
    expect(await naming(id, file, { ...file, name: '' })).toBe('INVALID_COMMAND')
    await supplemented(id, { ...file, name: '另一个名字.pdf' })
  })

  test('is answered as the first time when it is given twice', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`)
    const giving = () => county.give('RecordSupplement', id, supplement(file), staff.monitor, { key: 'once' })
    const { revision } = await giving()
    expect((await giving()).revision).toBe(revision)
  })
})

describe('erasing an item', () => {
  const SECRET = '黄桷垭玄武井边的住址'

  async function received() {
    const externalId = newId()
    const owner = files().ownerOfItem(CHANNEL, externalId)
    const file = await store(owner, staff.channel, SECRET)
    const { item } = await messageWith(externalId, file)
    return { item, owner, file, again: () => messageWith(externalId, file) }
  }
  const erase = (item: string) =>
    county.give('EraseItem', item, { ground: 'asked-by-author', basis: '第 47 条' }, staff.coordinator)

  test('erases its files', async () => {
    const { item, owner, file } = await received()
    const kept = await keptFor(owner)
    expect(kept).toHaveLength(1)
    expect(kept[0]!.includes(SECRET)).toBe(false)
    await erase(item)
    expect(await keptFor(owner)).toEqual([])
    expect(await code(opening('operator', owner, file))).toBe('NOT_FOUND')
  })

  test('refuses its files, and deliveries that name them, from then on', async () => {
    const { item, owner, again } = await received()
    await erase(item)
    expect(await code(store(owner, staff.channel, SECRET))).toBe('ITEM_ERASED')
    await expect(again()).rejects.toThrow('ITEM_ERASED')
  })

  test('while a file for it is on its way leaves nothing of that either', async () => {
    const { item, owner } = await received()
    const slow = async function* () {
      yield pdf(SECRET)
      await erase(item)
      yield Buffer.from('这些字来得晚')
    }
    expect(await code(files().storeFile(owner, 'a.pdf', slow(), { asker: staff.channel }))).toBe('ITEM_ERASED')
    expect(await keptFor(owner)).toEqual([])
  })

  test('is finished by the next delivery of the event when it died before the files were gone', async () => {
    const { item, owner } = await received()
    const { blobs } = county.huiying.application.ports
    blobs.removeAll = () => Promise.reject(new Error('the process dies here'))
    await expect(erase(item)).rejects.toThrow('the process dies here')
    await expect(county.huiying.close()).rejects.toThrow('the process dies here')
    expect(await keptFor(owner)).toHaveLength(1)
    county.huiying = await openEmbedded({ folder: county.folder, clock: county.clock })
    await county.huiying.settled()
    expect(await keptFor(owner)).toEqual([])
    expect(await county.types(owner)).toEqual(['ItemReceived', 'ItemErased'])
  })
})

describe('files that no event names', () => {
  // With few owners, so that a sweep soon comes to the one that a test is about.
  beforeAll(async () => {
    await county.close()
    county = await County.open()
  })

  const isKept = async (owner: string, { blobId }: StoredFile) =>
    (await county.huiying.application.ports.blobs.find(owner, blobId)) !== null
  /** Lets whatever can go on go on. */
  const awhile = async () => {
    for (let turns = 0; turns < 5_000; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  }

  test('a file named while the sweep runs is kept', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`)
    county.clock.advance(DAY_MS + 1)
    // The command has found its file stored, and has not yet written the event that names it.
    const { store: events } = county.huiying.application.ports
    const append = events.append.bind(events)
    const sweeping: Promise<unknown>[] = []
    events.append = async (...given) => {
      const sweep = files().sweepOrphans(DAY_MS)
      sweeping.push(sweep)
      await Promise.race([sweep, awhile()])
      return await append(...given)
    }
    await supplemented(id, file)
    events.append = append
    expect(sweeping).not.toEqual([])
    await Promise.all(sweeping)
    expect(await read(await opening(staff.monitor, `case-${id}`, file))).toBe(pdf('收据').toString())
  })

  test('are removed by whoever does what time does, some owners at a time', async () => {
    const { orphanSweep } = county.huiying.application
    const owners = Array.from({ length: 3 }, () => files().ownerOfItem(CHANNEL, newId()))
    for (const owner of owners) await store(owner, staff.channel)
    county.clock.advance(ORPHAN_AGE_MS + 1)
    const { done, more } = await orphanSweep.round()
    expect({ done, more }).toEqual({ done: { RemoveOrphans: 3 }, more: false })
    expect((await orphanSweep.round()).done).toEqual({})
    for (const owner of owners) expect(await keptFor(owner)).toEqual([])
  })

  test('are removed after a time, and those that are named never', async () => {
    const id = await caseAtWork()
    const owner = `case-${id}`
    const [named, orphan] = [await store(owner, staff.monitor, '甲'), await store(owner, staff.monitor, '乙')]
    await supplemented(id, named)
    await files().sweepOrphans(DAY_MS)
    expect(await isKept(owner, orphan)).toBe(true)
    county.clock.advance(DAY_MS + 1)
    expect((await files().sweepOrphans(DAY_MS)).next).toBeNull()
    expect([await isKept(owner, named), await isKept(owner, orphan)]).toEqual([true, false])
    expect(await county.refused('RecordSupplement', id, supplement(orphan), staff.monitor)).toBe('FILE_UNKNOWN')
    await supplemented(id, await store(owner, staff.monitor, '乙'))
  })

  test('of an item that never came, or was erased, are removed', async () => {
    const [never, erased] = [newId(), newId()]
    const owners = [never, erased].map((externalId) => files().ownerOfItem(CHANNEL, externalId))
    const [, file] = [await store(owners[0]!, staff.channel), await store(owners[1]!, staff.channel)]
    const { item } = await messageWith(erased, file)
    await county.give('EraseItem', item, { ground: 'unlawful', basis: '第 47 条' }, staff.coordinator)
    // As by a process that died between storing it and looking whether the item was erased.
    await county.huiying.application.ports.blobs.put(owners[1]!, sent(pdf('收据')), { sizeBytesMax: 1_000 })
    county.clock.advance(DAY_MS + 1)
    expect((await files().sweepOrphans(DAY_MS)).removed).toBeGreaterThanOrEqual(2)
    for (const owner of owners) expect(await keptFor(owner)).toEqual([])
  })

  test('a file that the sweep has decided about is not named any more', async () => {
    const id = await caseAtWork()
    const file = await store(`case-${id}`)
    county.clock.advance(DAY_MS + 1)
    // The sweep has read that nobody names it, and has not yet removed it.
    const { store: events } = county.huiying.application.ports
    const readStream = events.readStream.bind(events)
    const asking: Promise<string>[] = []
    events.readStream = async (stream, known) => {
      const slice = await readStream(stream, known)
      if (asking.length === 0 && stream === `case-${id}`) {
        asking.push(county.refused('RecordSupplement', id, supplement(file), staff.monitor))
        await awhile()
      }
      return slice
    }
    await files().sweepOrphans(DAY_MS)
    events.readStream = readStream
    expect(await Promise.all(asking)).toEqual(['FILE_UNKNOWN'])
    expect(await isKept(`case-${id}`, file)).toBe(false)
  })

  test('are kept when the clock jumps back, and what is named is kept when it jumps ahead', async () => {
    const id = await caseAtWork()
    const owner = `case-${id}`
    const file = await store(owner)
    const before = county.clock.now()
    county.clock.moveTo('1999-01-01 00:00')
    await files().sweepOrphans(DAY_MS)
    expect(await isKept(owner, file)).toBe(true)
    county.clock.advance(before - county.clock.now())
    await supplemented(id, file)
    county.clock.moveTo('2199-01-01 00:00')
    await files().sweepOrphans(DAY_MS)
    expect(await isKept(owner, file)).toBe(true)
  })
})

/** What lies on the disk for an owner. */
async function keptFor(owner: string): Promise<Buffer[]> {
  const entries = await readdir(join(county.folder, 'blobs'), { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return await Promise.all(paths.filter((path) => path.includes(owner)).map((path) => readFile(path)))
}
/** A case whose answer holds a promise, and the promise. */
async function promised(): Promise<{ case: string; commitment: string }> {
  const id = await caseAtWork()
  await publish(county, id, answer('我局将于九月底前修复破损路面。', '九月底前修复破损路面'))
  const { commitments } = await county.huiying.query(new GetCase({ number: id, asker: 'operator' }))
  return { case: id, commitment: commitments[0]!.id }
}
