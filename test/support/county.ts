import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandOutcome } from '#application'
import type { Actor, StoredFile } from '#domain'
import type { RecordedEvent } from '#event-store'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import type { Embedded, EmbeddedOptions } from '../../apps/standalone/src/embedded.ts'
import { MovedClock } from './clock.ts'

const actor = (person: string, department: string, role: string) => ({ person, department, role }) as Actor

/** An invented county's staff. */
export const staff = {
  channel: actor('gateway', 'office', 'channel'),
  administrator: actor('admin', 'office', 'administrator'),
  monitor: actor('monitor-1', 'office', 'monitor'),
  coordinator: actor('coordinator-1', 'office', 'coordinator'),
  coordinator2: actor('coordinator-2', 'office', 'coordinator'),
  opinionOffice: actor('propaganda-1', 'propaganda', 'opinion-office'),
  auditor: actor('auditor-1', 'audit', 'auditor'),
  verifier: actor('verifier-1', 'supervision', 'verifier'),
  housingOfficer: actor('housing-1', 'housing', 'officer'),
  transportOfficer: actor('transport-1', 'transport', 'officer'),
  transportReviewer: actor('transport-2', 'transport', 'department-reviewer'),
  transportVerifier: actor('transport-3', 'transport', 'verifier'),
}

export const departments = {
  office: '政务公开办',
  propaganda: '宣传部',
  audit: '审计局',
  supervision: '督查室',
  housing: '住建局',
  transport: '交通局',
}

export interface Given {
  key?: string
  occurredAt?: string
  basedOn?: number
}

type CountyOptions = Pick<EmbeddedOptions, 'pageChecker' | 'policyRetry'>

/** The embedded default on a folder of its own, with departments, and words for what tests do with it. */
export class County {
  readonly folder: string
  readonly clock: MovedClock
  huiying: Embedded
  readonly #options: CountyOptions

  private constructor(folder: string, clock: MovedClock, huiying: Embedded, options: CountyOptions) {
    this.folder = folder
    this.clock = clock
    this.huiying = huiying
    this.#options = options
  }

  static async open(local = '2026-03-02 09:00', options: CountyOptions = {}): Promise<County> {
    const folder = await mkdtemp(join(tmpdir(), 'huiying-'))
    const clock = new MovedClock(local)
    const county = new County(folder, clock, await openEmbedded({ folder, clock, ...options }), options)
    for (const [id, name] of Object.entries(departments)) {
      const department = { id, name, active: true }
      await county.give('DefineDepartment', null, { department, reason: null }, staff.administrator)
    }
    return county
  }

  /** On a folder that holds a county already. */
  static async on(folder: string, local: string): Promise<County> {
    const clock = new MovedClock(local)
    return new County(folder, clock, await openEmbedded({ folder, clock }), {})
  }

  /** Closes and opens again on the same folder; `between` may do something to its files. */
  async reopen(between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.huiying.close()
    await between()
    this.huiying = await openEmbedded({ folder: this.folder, clock: this.clock, ...this.#options })
  }

  /** Closes it and removes its folder. */
  async close(): Promise<void> {
    await this.huiying.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** Gives a command; a minute passes with each, so that no two moments are the same. */
  async ask(
    command: string,
    target: string | null,
    payload: unknown,
    actor: Actor,
    { key, ...given }: Given = {},
  ): Promise<CommandOutcome> {
    this.clock.advance(60_000)
    return await this.huiying.command({
      command,
      target,
      payload,
      actor,
      ...(key !== undefined && { idempotencyKey: key }),
      ...given,
    })
  }

  /** Gives a command that must be accepted, and waits for what follows from it. */
  async give(
    ...given: Parameters<County['ask']>
  ): Promise<Extract<CommandOutcome, { outcome: 'accepted' | 'nothing' }>> {
    const outcome = await this.ask(...given)
    if (outcome.outcome === 'refused') throw new Error(`${given[0]}: ${outcome.code} ${outcome.detail ?? ''}`)
    await this.huiying.settled()
    return outcome
  }

  /** The code with which a command is refused; throws where it is not. */
  async refused(...given: Parameters<County['ask']>): Promise<string> {
    const outcome = await this.ask(...given)
    if (outcome.outcome !== 'refused') throw new Error(`${given[0]} was not refused but ${outcome.outcome}`)
    return outcome.code
  }

  /** A message comes in through a channel's client. Its item and, once that is open, its case. */
  async message(
    externalId: string,
    title: string,
    content: string,
    channelId = 'governor-suggestions',
    files: readonly StoredFile[] = [],
  ) {
    const { id: item } = await this.receive({ externalId, title, content, channelId, kind: 'message' }, files)
    const [received] = await this.events(`item-${item}`)
    return { item, case: received!.metadata.caseId! }
  }

  /** An opinion item that monitoring found. */
  async opinion(externalId: string, title: string, content = '网友发帖。'): Promise<string> {
    return (await this.receive({ externalId, title, content, channelId: 'monitoring', kind: 'opinion' })).id
  }

  /** `files`: stored for the item before. */
  async receive(
    given: { externalId: string; title: string; content: string; channelId: string; kind: string },
    files: readonly StoredFile[] = [],
  ) {
    const { externalId, channelId, kind, title, content } = given
    return await this.give(
      'ReceiveItem',
      null,
      {
        channelId,
        externalId,
        origin: 'live',
        content: {
          kind,
          receivedAt: this.clock.instant,
          title,
          content,
          author: { name: null, contact: null },
          wish: 'public',
          place: null,
          address: null,
          attachments: files.map((file) => ({
            name: file.name,
            mediaType: null,
            sizeBytes: null,
            address: null,
            file,
          })),
          workOrder: null,
          sourceDepartment: null,
          sourceType: null,
        },
        reach: null,
        arrival: { kind: 'webhook', delivery: null },
      },
      staff.channel,
    )
  }

  /** Waits until everything that follows has happened and is shown. */
  settled(): Promise<void> {
    return this.huiying.settled()
  }

  async events(stream: string): Promise<RecordedEvent[]> {
    return (await this.huiying.application.ports.store.readStream(stream)).events
  }

  async types(stream: string): Promise<string[]> {
    return (await this.events(stream)).map(({ type }) => type)
  }

  /** Everything stored: how many events, and the position of the last. */
  async extent(): Promise<{ events: number; head: string }> {
    let events = 0
    for await (const page of this.huiying.application.ports.store.readStored('start')) events += page.length
    return { events, head: await this.huiying.application.ports.store.head() }
  }
}

/** What triage says of an ordinary complaint. */
export const complaint = {
  type: 'complaint',
  subject: '城乡建设',
  demands: ['修复破损路面'],
  sensitivities: [],
  accused: { departments: [], persons: [] },
  opinionGrade: null,
  incident: null,
  simple: false,
  suggestion: null,
  note: null,
}

export const byHand = { kind: 'person', reason: null }

/** A final answer, with one promise where `quote` stands in its text. */
export function answer(text: string, quote?: string, attachments: StoredFile[] = []) {
  return {
    kind: 'final',
    text,
    publicText: text,
    attachments,
    means: 'website',
    marks: quote === undefined ? [] : [{ markId: 'promise-1', terms: promise(quote) }],
  }
}

export function promise(quote: string) {
  return {
    quote,
    action: '修复破损路面',
    class: 'act',
    strength: 'firm',
    promisor: { kind: 'department', name: '交通局' },
    responsible: 'transport',
    due: { kind: 'date', date: '2026-09-30', precision: 'month', words: null },
    milestones: [],
    target: null,
    publishAt: null,
  }
}
