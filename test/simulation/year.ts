import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TickReport } from '#application'
import type { Actor, CaseEvent } from '#domain'
import type { RecordedEvent } from '#event-store'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { Chance } from '../crash/chance.ts'
import { MovedClock } from '../support/clock.ts'
import { staff } from '../support/county.ts'
import { fileIn, jsonLines, row } from '../support/files.ts'
import { disturbancesOf } from './disturbances.ts'
import type { Disturbance } from './disturbances.ts'
import { InventedWeb } from './invented-web.ts'
import { HOST, tellMessage, tellOpinion } from './stories.ts'
import { toldHistory } from './told-history.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
export const DEPARTMENTS = ['office', 'supervision', 'housing', 'transport']

export interface YearOptions {
  seed: number
  days: number
  messages: number
  /** Null: nothing is restarted and nobody comes twice. */
  disturbances: number | null
}

/** What a year comes to. */
export interface ToldYear {
  history: string[]
  events: RecordedEvent[]
  /** When time was let do its part, in milliseconds, in order. */
  ticksMs: number[]
  /** Refused commands of people, by code: what came too late, or was no longer asked for. */
  refusals: Map<string, number>
  faults: string[]
  endMs: number
}

/**
 * A year of an invented county: what people do and when follows from the seed alone, what time does from the clock. However
 * it is disturbed, the history must be the same.
 */
export class Year {
  readonly #folder: string
  readonly #options: YearOptions
  readonly #clock = new MovedClock('2026-01-05 08:00')
  readonly #chance: Chance
  readonly #disturbances: Iterator<Disturbance>
  readonly web: InventedWeb
  #huiying: Embedded
  #planned: { atMs: number; order: number; act: () => Promise<unknown> }[] = []
  #given = 0
  readonly #ticksMs: number[] = []
  readonly #refusals = new Map<string, number>()
  readonly #faults: string[] = []

  private constructor(folder: string, options: YearOptions, web: InventedWeb, clock: MovedClock, huiying: Embedded) {
    this.#folder = folder
    this.#options = options
    this.#clock = clock
    this.#chance = new Chance(options.seed)
    this.#disturbances = disturbancesOf(options.disturbances)
    this.web = web
    this.#huiying = huiying
  }

  static async tell(options: YearOptions): Promise<ToldYear> {
    const folder = await mkdtemp(join(tmpdir(), 'huiying-year-'))
    const clock = new MovedClock('2026-01-05 08:00')
    const web = new InventedWeb(clock)
    const year = new Year(folder, options, web, clock, await openEmbedded({ folder, clock, pageChecker: web }))
    try {
      return await year.#run()
    } finally {
      await year.#huiying.close()
      await rm(folder, { recursive: true, force: true })
    }
  }

  get nowMs(): number {
    return this.#clock.now()
  }

  get now(): string {
    return this.#clock.instant
  }

  laterBy(milliseconds: number): string {
    return new Date(this.nowMs + milliseconds).toISOString()
  }

  /** The business day so many days from now. */
  dayIn(days: number): string {
    return new Date(this.nowMs + 8 * HOUR_MS + days * DAY_MS).toISOString().slice(0, 10)
  }

  /** Somebody will do something, as soon after this as anybody comes to it. */
  plan(afterMs: number, act: () => Promise<unknown>): void {
    this.#planned.push({ atMs: this.nowMs + afterMs, order: this.#planned.length + this.#given * 1_000, act })
  }

  /** What the command wrote; null where it was refused, which people hear now and then. */
  async give(
    command: string,
    target: string | null,
    payload: object,
    actor: Actor,
  ): Promise<readonly RecordedEvent[] | null> {
    this.#clock.advance(1_000)
    this.#given += 1
    const request = { command, target, payload, actor, idempotencyKey: `year-${this.#given}` }
    const outcome = await this.#huiying.command(request)
    if (outcome.outcome === 'refused') {
      this.#refusals.set(outcome.code, (this.#refusals.get(outcome.code) ?? 0) + 1)
      return null
    }
    await this.#huiying.application.policies.settled()
    return outcome.events
  }

  /** A message comes; its case. */
  async receive(number: number, channelId: string): Promise<string> {
    const content = {
      kind: 'message',
      receivedAt: this.now,
      title: `路面破损之${number}`,
      content: '请修复。',
      author: { name: '张三', contact: '13800000000' },
      wish: 'public',
      place: null,
      address: null,
      attachments: [],
      workOrder: null,
      sourceDepartment: null,
      sourceType: null,
    }
    const arrival = { kind: 'webhook', delivery: null }
    const payload = { channelId, externalId: `year-${number}`, origin: 'live', content, reach: null, arrival }
    const events = await this.give('ReceiveItem', null, payload, staff.channel)
    const id = events![0]!.metadata.caseId!
    this.#cases.push(id)
    return id
  }
  readonly #cases: string[] = []

  /** A final answer, drafted to published; the response, null where somebody said no on the way. */
  async answer(id: string, terms: object | null): Promise<string | null> {
    const { transportOfficer: officer, transportReviewer: reviewer } = staff
    const text = `您好，${terms === null ? '已修复' : (terms as { quote: string }).quote}。`
    const marks = terms === null ? [] : [{ markId: 'promise-1', terms }]
    const content = { kind: 'final', text, publicText: text, attachments: [], means: 'website', marks }
    const drafted = (await this.give('SaveDraft', id, { responseId: null, content }, officer))?.[0]?.data
    if (drafted === undefined) return null
    const response = { responseId: drafted['responseId'], digest: drafted['digest'] }
    await this.give('SubmitResponse', id, response, officer)
    await this.give('ApproveResponse', id, { ...response, level: 1 }, reviewer)
    await this.give('ApproveResponse', id, { ...response, level: 2 }, staff.coordinator)
    const address = `https://${HOST}/reply/${this.#given}.html`
    const published = await this.give('PublishResponse', id, { ...response, address, publishedAt: null }, officer)
    return published === null ? null : (response.responseId as string)
  }

  async deadlineOf(id: string, purpose: string): Promise<unknown> {
    const { events } = await this.#huiying.application.ports.store.readStream(`case-${id}`)
    return events.findLast(({ type, data }) => type === 'DeadlineSet' && data['purpose'] === purpose)?.data[
      'deadlineId'
    ]
  }

  /** Joins a case to the one before it. */
  async join(id: string): Promise<void> {
    const lead = this.#cases[this.#cases.indexOf(id) - 1]
    if (lead !== undefined)
      await this.give('JoinCase', id, { lead, relation: 'similar', reason: '同一路段' }, staff.monitor)
  }

  /** A verifier looks at what a machine left. */
  async judgePage(id: string): Promise<void> {
    const { events } = await this.#huiying.application.ports.store.readStream(`commitment-${id}`)
    const report = events.findLast(({ type }) => type === 'PublicationReported')?.data['report']
    const seen = { report, pageDigest: 'ab'.repeat(32), wordsFound: ['路面修复'] }
    await this.give('VerifyPublication', id, seen, staff.verifier)
  }

  async #run(): Promise<ToldYear> {
    await this.#begin()
    const { days, messages } = this.#options
    const endMs = this.nowMs + days * DAY_MS
    for (let number = 1; number <= messages; number += 1) {
      const atMs = this.#chance.below(days) * DAY_MS + this.#chance.below(24) * HOUR_MS
      this.plan(atMs, async () => tellMessage(this, this.#chance, number))
      if (number % 12 === 0) this.plan(atMs + HOUR_MS, async () => tellOpinion(this, this.#chance, number))
    }
    // The notice of the next year comes late, in the last days of this one.
    this.plan(350 * DAY_MS, () => this.#announceHolidays())
    while (this.nowMs < endMs) {
      this.#clock.advance(this.#stride())
      await this.#act()
      await this.#letTimeDoItsPart()
    }
    // Everything that is still open ends with time.
    for (let step = 0; step < 3; step += 1) {
      this.#planned = []
      this.#clock.advance(150 * DAY_MS)
      await this.#letTimeDoItsPart()
    }
    return await this.#told()
  }

  async #begin(): Promise<void> {
    for (const id of DEPARTMENTS) {
      await this.give(
        'DefineDepartment',
        null,
        { department: { id, name: id, active: true }, reason: null },
        staff.administrator,
      )
    }
    await this.give('SetPublicationHosts', null, { hosts: [HOST], reason: null }, staff.administrator)
    const past = Array.from({ length: 12 }, (_, at) =>
      row(`past-${at}`, {
        time: '2019-03-04 10:00',
        ...(at % 2 === 0
          ? { reply: '确保9月底前修复。', reply_time: '2019-06-30 10:00' }
          : { reply: '已修复。', reply_time: '2019-03-05 10:00' }),
      }),
    )
    const path = await fileIn(this.#folder, 'past.jsonl', jsonLines(past))
    const given = { path, channelId: 'leaders-mailbox', kind: 'message', dryRun: false } as const
    const { refused } = await this.#huiying.application.importFile(given)
    if (refused > 0) this.#faults.push(`${refused} rows of history were refused`)
    const source = { kind: 'press-conference', heldOn: '2019-05-01', title: '发布会' }
    const due = { kind: 'date', date: '2019-06-30', precision: 'day', words: null }
    const quote = '确保6月底前修复'
    const terms = {
      quote,
      action: '修复旧城路面',
      class: 'act',
      strength: 'firm',
      promisor: { kind: 'department', name: '交通局' },
      responsible: 'transport',
      due,
      milestones: [],
      target: null,
      publishAt: null,
    }
    const made = { source, origin: 'history', madeAt: '2019-05-01T02:00:00.000Z', terms }
    const events = await this.give('MakeCommitment', null, made, staff.coordinator)
    const id = events![0]!.stream.slice('commitment-'.length)
    await this.give('ReportPublication', id, { address: `https://${HOST}/old.html` }, staff.transportOfficer)
  }

  async #announceHolidays(): Promise<void> {
    const off = ['2027-01-01', '2027-01-04', '2027-02-08', '2027-02-09']
    const notice = { year: 2027, source: '国办发明电', days: off.map((date) => ({ date, name: '假日', off: true })) }
    await this.give('AnnounceHolidays', null, { notice, reason: null }, staff.administrator)
  }

  /** Mostly hours; now and then the machine was off for days. */
  #stride(): number {
    const kind = this.#chance.below(20)
    if (kind === 0) return this.#chance.between(2 * 24, 8 * 24) * HOUR_MS
    return kind < 12 ? this.#chance.between(4, 20) * HOUR_MS : this.#chance.between(20, 60) * HOUR_MS
  }

  /** People do what is theirs by now, in the order in which they meant to; what follows from it on the same day, too. */
  async #act(): Promise<void> {
    for (;;) {
      const due = this.#planned
        .filter(({ atMs }) => atMs <= this.nowMs)
        .toSorted((one, other) => one.atMs - other.atMs || one.order - other.order)[0]
      if (due === undefined) return
      this.#planned = this.#planned.filter((other) => other !== due)
      await due.act()
    }
  }

  async #letTimeDoItsPart(): Promise<void> {
    const disturbance: Disturbance = this.#disturbances.next().value ?? 'none'
    await this.#disturb(disturbance)
    this.#ticksMs.push(this.nowMs)
    const { application } = this.#huiying
    const atOnce = disturbance === 'two at once' ? 2 : 1
    await this.#untilDone(atOnce, () => application.sentinel.tick())
    // What a look brought about may be due at once.
    const looked = await this.#untilDone(atOnce, () => application.pageLooks!.look())
    if (looked) await this.#untilDone(1, () => application.sentinel.tick())
    if (disturbance === 'clock set back') await this.#setBack()
  }

  /** Whether anything was written. */
  async #untilDone(atOnce: number, work: () => Promise<TickReport>): Promise<boolean> {
    let wrote = false
    for (;;) {
      await this.#shown()
      const reports = await Promise.all(Array.from({ length: atOnce }, work))
      for (const { failed, at, done } of reports) {
        for (const failure of failed) this.#faults.push(`${at} ${JSON.stringify(failure)}`)
        wrote ||= Object.keys(done).length > 0
      }
      if (reports.every(({ more }) => !more)) return wrote
    }
  }

  async #disturb(disturbance: Disturbance): Promise<void> {
    if (disturbance === 'restart') {
      await this.#huiying.close()
      this.#huiying = await openEmbedded({ folder: this.#folder, clock: this.#clock, pageChecker: this.web })
    }
    if (disturbance === 'views made anew') await this.#huiying.projector.rebuild()
  }

  /** For a while the clock shows a day long gone. */
  async #setBack(): Promise<void> {
    const { application } = this.#huiying
    const backMs = 40 * DAY_MS
    await this.#shown()
    const before = await application.ports.store.head()
    this.#clock.advance(-backMs)
    const reports = [await application.sentinel.tick(), await application.pageLooks!.look()]
    this.#clock.advance(backMs)
    if ((await application.ports.store.head()) === before) return
    this.#faults.push(`${this.now}: a clock set back wrote ${JSON.stringify(reports.map(({ done }) => done))}`)
  }

  async #shown(): Promise<void> {
    await this.#huiying.application.policies.settled()
    const head = await this.#huiying.application.ports.store.head()
    for (const projection of ['casework', 'watch']) await this.#huiying.projector.caughtUp(projection, head)
  }

  async #told(): Promise<ToldYear> {
    await this.#shown()
    const { differing } = await this.#huiying.projector.compare()
    if (differing > 0) this.#faults.push(`${differing} documents differ from what the events make of them`)
    const { store } = this.#huiying.application.ports
    const events: RecordedEvent[] = []
    for await (const page of store.readAll('start')) events.push(...page)
    return {
      history: await toldHistory(store),
      events,
      ticksMs: this.#ticksMs,
      refusals: this.#refusals,
      faults: this.#faults,
      endMs: this.nowMs,
    }
  }
}

export type { CaseEvent }
