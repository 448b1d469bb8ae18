import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListCases } from '#application'
import { deadlinePurpose } from '#calendar'
import {
  caseEventFormats,
  commitmentEventFormats,
  fulfilmentDegree,
  itemEventFormats,
  leftBecause,
  newsReason,
  overdueMatter,
  promiseDue,
  promiseSource,
  promiseTerms,
  publicationFault,
  watchEventFormats,
} from '#domain'
import type { CaseDeadline, MadeCommitment } from '#domain'
import stringWidth from 'string-width'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../standalone/src/embedded.ts'
import type { Embedded } from '../../standalone/src/embedded.ts'
import { verifyFolder } from '../../standalone/src/verify.ts'
import { firstDifference, toldHistory } from '../../../test/simulation/told-history.ts'
import { liveThreeMonths } from '../src/demo/county-life.ts'
import { channels } from '../src/demo/lives/arrival.ts'
import { livesIn } from './demo-lives.ts'
import type { Lives } from './demo-lives.ts'
import { commandsIn, DEMO_MS_MAX, DemoProcess, runDemo, runHuiying } from './demo-process.ts'
import { expectEach, states } from './demo-states.ts'

describe('three months of the invented county, served and kept', () => {
  let temporary: string
  let output: string
  let folder: string
  let huiying: Embedded
  let lives: Lives

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'huiying-demo-test-'))
    const other = await holdingPort3000()
    const demo = new DemoProcess(['--keep'], temporary)
    const [, data] = await demo.says(/HUIYING_DATA=(\S+)\n[^]*Ctrl-C/)
    expect(demo.output).not.toContain('127.0.0.1:3000')
    other.close()
    await tryOut(demo.output, data!)
    // As from a terminal: the signal itself, and what npm passes on.
    demo.interrupt()
    demo.interrupt()
    const ran = await demo.end()
    expect(ran).toMatchObject({ exitCode: 0, problems: '' })
    ;({ output } = ran)
    folder = data!
    huiying = await openEmbedded({ folder })
    lives = await livesIn(huiying.application.ports.store)
  }, DEMO_MS_MAX)
  afterAll(async () => {
    await huiying?.close()
    rmSync(temporary, { recursive: true, force: true })
  })

  /** Whoever listens there, it is not the demo. */
  async function holdingPort3000() {
    const server = createServer()
    const held = new Promise((resolve) => server.once('listening', resolve).once('error', resolve))
    server.listen(3000, '127.0.0.1')
    await held
    return server
  }

  /** The three things, as the output tells to do them. */
  async function tryOut(said: string, data: string): Promise<void> {
    for (const given of commandsIn(said)) {
      const ran = await runHuiying(given, temporary, data)
      expect(ran, given.join(' ')).toMatchObject({ exitCode: 0, problems: '' })
      expect(ran.output.split('\n').length, given.join(' ')).toBeGreaterThan(5)
    }
    const [, address] = /正在 (http:\S+) 服务/.exec(said)!
    const [, caseId] = /CASE=(\S+)/.exec(said)!
    const [, listener, officer] = /(?:Huiying-Actor: ([a-z;-]+)'\n[^]*)Huiying-Actor: ([a-z;-]+)'/.exec(
      said.slice(said.indexOf('curl -N')),
    )!
    expect((await fetch(`${address}/readyz`)).status).toBe(200)
    expect((await fetch(`${address}/api/docs`)).status).toBe(200)
    expect((await fetch(`${address}/api/cases`)).status).toBe(401)

    const over = new AbortController()
    const live = await fetch(`${address}/api/live`, { headers: { 'Huiying-Actor': listener! }, signal: over.signal })
    const signed = await fetch(`${address}/api/cases/${caseId}/sign-for-case`, {
      method: 'POST',
      headers: { 'Huiying-Actor': officer!, 'Idempotency-Key': 'try-1', 'Content-Type': 'application/json' },
      body: '{}',
    })
    expect(signed.status).toBe(200)
    const { events } = (await signed.json()) as { events: { data: { at?: string } }[] }
    // Its clock goes on from where the three months end.
    expect(events[0]!.data.at).toMatch(/^2026-11-20T01:2\d/)
    let told = ''
    for await (const chunk of live.body!.pipeThrough(new TextDecoderStream())) {
      told += chunk
      if (told.includes(`"id":"${caseId}"`)) break
    }
    over.abort()
    expect(told).toContain('CaseSignedFor')
  }

  test('are told in lines that fit a terminal of 80 columns, without colours where there is none', () => {
    expect(output.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([])
    expect(output).not.toContain('\u001B')
  })

  test('hold some 300 items, by every channel', async () => {
    const received = lives.events.filter(({ type }) => type === 'ItemReceived')
    expect(received.length).toBeGreaterThanOrEqual(290)
    expect(received.length).toBeLessThanOrEqual(330)
    const by = received.map(({ data }) => data['channelId'])
    expectEach([...Object.keys(channels), 'monitoring'], by)
    expectEach([...huiying.application.settings.current.channels.keys()], by)
  })

  test('hold every event that can happen to an item, a case or a promise, and what the clock tells departments', () => {
    const happened = lives.events.map(({ type }) => type)
    for (const formats of [itemEventFormats, caseEventFormats, commitmentEventFormats, watchEventFormats]) {
      expectEach(Object.keys(formats), happened)
    }
  })

  test('leave cases, and what is written, asked and decided on them, in every state', async () => {
    const { cases } = lives
    const statusesOf = (all: { status: string }[]) => all.map(({ status }) => status)
    expectEach(states.cases, statusesOf(cases))
    expectEach(states.drafts, statusesOf(cases.flatMap(({ responses }) => responses.own.map(({ draft }) => draft))))
    expectEach(states.completions, statusesOf(cases.map(({ closing }) => closing.completion)))
    expectEach(states.supervisions, statusesOf(cases.flatMap(({ oversight }) => [...oversight.supervisions])))
    expectEach(states.handBacks, statusesOf(cases.flatMap(({ hands }) => hands.handBack ?? [])))
    for (const state of states.listedCases) {
      const { total } = await huiying.query(new ListCases({ asker: 'operator', state, limit: 1 }))
      expect([state, total > 0]).toEqual([state, true])
    }
  })

  test('leave deadlines of every purpose, and in every state', () => {
    const deadlines = lives.cases.flatMap(({ deadlines }) => [...deadlines])
    const of = <Field extends keyof CaseDeadline>(field: Field) => deadlines.map((deadline) => deadline[field])
    expectEach(states.deadlines, of('status'))
    expectEach(deadlinePurpose.options, of('purpose'))
    expect(of('extensions')).toContain(1)
  })

  test('leave promises in every state, of every kind of day and source, on both tracks', () => {
    const { commitments } = lives
    const of = (field: (commitment: MadeCommitment) => unknown) => commitments.map(field)
    const kindsOf = (union: { options: readonly { shape: { kind: { value: string } } }[] }) =>
      union.options.map(({ shape }) => shape.kind.value)
    expectEach(
      states.commitments,
      of(({ status }) => status),
    )
    expectEach(
      states.fulfilments,
      of(({ fulfilment }) => fulfilment.status),
    )
    expectEach(
      fulfilmentDegree.options,
      of(({ fulfilment }) => fulfilment.status === 'verified' && fulfilment.degree),
    )
    expectEach(
      states.publications,
      of(({ publication }) => publication.status),
    )
    expectEach(
      kindsOf(promiseDue),
      of(({ terms }) => terms.due.kind),
    )
    expectEach(
      kindsOf(promiseSource),
      of(({ source }) => source.kind),
    )
    expectEach(
      promiseTerms.shape.strength.options,
      of(({ terms }) => terms.strength),
    )
    const open = commitments.filter(({ status }) => status === 'open')
    expect(open.some(({ overdue, due }) => due.kind === 'date' && overdue['due-date'] === due.date)).toBe(true)
    expect(open.some(({ stalledSince, lastMovementAt }) => stalledSince === lastMovementAt)).toBe(true)
  })

  test('show each way in which a promise is late, a page fails, is left to people, and askers hear of it', () => {
    const of = (type: string, field: string) =>
      lives.events.filter((event) => event.type === type).map(({ data }) => data[field])
    expectEach(overdueMatter.options, of('CommitmentOverdue', 'matter'))
    expectEach(publicationFault.options, of('PublicationRejected', 'fault'))
    expectEach(leftBecause.options, of('PageCheckLeft', 'because'))
    expectEach(newsReason.options, of('AskersInformed', 'reason'))
  })

  test('leave items held, erased and in quarantine, and refused rows open, settled and dismissed', () => {
    const rows = lives.intakes.flatMap(({ batches }) => batches.flatMap((batch) => [...batch.values()]))
    expectEach(
      states.items,
      lives.items.map(({ status }) => status),
    )
    expectEach(
      ['open', 'settled', 'dismissed'],
      rows.map(({ status }) => status),
    )
  })

  test('tell of one event that spread: its grade raised, authoritative within hours, kept', () => {
    const spreading = lives.cases.find(({ opened }) => opened.title === '桥头片区自来水发黄有异味')!
    const { caseId } = spreading.opened
    const posts = lives.items.filter((item) => item.status === 'held' && item.attachedTo?.caseId === caseId)
    expect(posts.length).toBeGreaterThan(30)
    const grades = lives.events
      .filter(({ type, metadata }) => type === 'CaseTriaged' && metadata.caseId === caseId)
      .map(({ data }) => data['opinionGrade'])
    expect(grades).toEqual(['general', 'larger', 'major'])
    for (const purpose of ['authoritative-information', 'press-conference', 'final-answer'] as const) {
      const deadline = spreading.deadlines.find((each) => each.purpose === purpose)
      expect(deadline).toMatchObject({ purpose, status: 'met' })
    }
  })

  test('are a history in which verification finds nothing, once it is closed', { timeout: DEMO_MS_MAX }, async () => {
    await huiying.close()
    const messages = []
    for await (const message of verifyFolder(folder)) messages.push(message)
    expect(messages.at(-1)).toMatchObject({ kind: 'done', findings: 0 })
  })
})

describe('the demo', () => {
  let temporary: string
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'huiying-demo-test-'))
  })
  afterEach(() => rmSync(temporary, { recursive: true, force: true }))

  test('tells the same history of the same seed, and another of another', { timeout: DEMO_MS_MAX }, async () => {
    const tell = async (seed: number, until: string) => {
      const folder = mkdtempSync(join(temporary, 'county-'))
      const { huiying } = await liveThreeMonths({ folder, items: 150, seed, until })
      try {
        return await toldHistory(huiying.application.ports.store)
      } finally {
        await huiying.close()
      }
    }
    const [one, again] = await Promise.all([tell(3, '2026-09-24 12:00'), tell(3, '2026-09-24 12:00')])
    expect(one.length).toBeGreaterThan(500)
    expect(firstDifference(one, again)).toBeNull()
    expect(firstDifference(await tell(4, '2026-08-28 12:00'), await tell(3, '2026-08-28 12:00'))).not.toBeNull()
  })

  test('interrupted before its end leaves nothing behind', { timeout: DEMO_MS_MAX }, async () => {
    const demo = new DemoProcess(['--items', '150'], temporary)
    await demo.says(/已答复/)
    expect(readdirSync(temporary)).toHaveLength(1)
    demo.interrupt()
    const { exitCode, output, problems } = await demo.end()
    expect({ exitCode, problems }).toEqual({ exitCode: 1, problems: '' })
    expect(output).not.toContain('服务')
    expect(readdirSync(temporary)).toEqual([])
  })

  test(
    'ends with exit code 1 and the reason where it cannot begin, and leaves nothing behind',
    { timeout: DEMO_MS_MAX },
    async () => {
      const noFolder = await runDemo([], temporary, { TMPDIR: join(temporary, 'missing') })
      expect(noFolder).toMatchObject({ exitCode: 1, problems: expect.stringMatching(/^演示中断：.*ENOENT/) })

      const noKey = await runDemo([], temporary, { HUIYING_MASTER_KEY: 'no key at all' })
      expect(noKey).toMatchObject({ exitCode: 1, problems: expect.stringMatching(/^演示中断：.*HUIYING_MASTER_KEY/) })

      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as { port: number }
      const noPort = await runDemo(['--port', String(port)], temporary)
      other.close()
      expect(noPort).toMatchObject({ exitCode: 1, problems: expect.stringMatching(/^演示中断：.*EADDRINUSE/) })
      expect(noPort.output, 'told at once, not after three months').toBe('')
      expect(readdirSync(temporary)).toEqual([])
    },
  )

  test('tells wrong options apart from a fault', async () => {
    for (const given of [['--loud'], ['--items', '5'], ['--seed', 'x'], ['--port', '70000']]) {
      const ran = await runDemo(given, temporary)
      expect(ran).toMatchObject({ exitCode: 2, output: '', problems: expect.stringContaining('--no-serve') })
    }
    expect(await runDemo(['--help'], temporary)).toMatchObject({ exitCode: 0, problems: '' })
  })
})
