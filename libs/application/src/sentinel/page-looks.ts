import { caseStream, commitmentStream } from '#domain'
import type { ErrorCode, Settings } from '#domain'
import type { RecordedEvent } from '#event-store'
import type { ReadStore } from '#read-store'
import { instantAt } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { CommandOutcome, CommandRequest } from '../commands/request.ts'
import type { AgendaDocument } from '../projections/casework/agenda.ts'
import { Giver } from './giver.ts'
import { inParallel } from './in-parallel.ts'
import type { PageChecker } from './page-checker.ts'
import { planLook } from './plan-look.ts'
import type { Given } from './plan-look.ts'
import { Tally } from './report.ts'
import type { TickReport } from './report.ts'

/** Pages looked at in one round, and at once: a county's sites stand on one machine as a rule. */
const PAGES_MAX = 40
const CONCURRENCY_MAX = 4
/** After a look the same page is left alone for so long, whatever came of it; its next attempt is no sooner. */
const REST_MS = 10 * 60_000
const RESTING_MAX = 10_000

const policy = {
  name: 'look-at-pages',
  // Judged by somebody else, reported anew or ended, while the page was fetched.
  expectedRefusals: new Set<ErrorCode>([
    'NO_PAGE_TO_CHECK',
    'NOTHING_REPORTED',
    'REPORT_CHANGED',
    'COMMITMENT_NOT_OPEN',
    'COMMITMENT_NOT_SETTLED',
    'RECHECK_NOT_CURRENT',
  ]),
}

export interface PageLooksParts {
  views: ReadStore
  settings: () => Settings
  readStream: (stream: string) => Promise<readonly RecordedEvent[]>
  execute: (request: CommandRequest) => Promise<CommandOutcome>
  clock: Clock
  checker: PageChecker
}

/**
 * 网页核查: looks at the pages that departments report and that rechecks ask after. Fetching is a side effect beside the
 * store, so it follows the agenda by a round of its own: a slow site holds nothing up, and a replay fetches nothing. How often
 * a page was tried stands in its promise's stream.
 */
export class PageLooks {
  readonly #parts: PageLooksParts
  readonly #giver: Giver
  /** By entry and attempt: until when it rests, in milliseconds. */
  readonly #resting = new Map<string, number>()

  constructor(parts: PageLooksParts) {
    this.#parts = parts
    this.#giver = new Giver(parts.execute)
  }

  /**
   * Looks at what is due by `nowMs`, at most 40 pages. Where the county has named no host of its own, it looks at nothing: a
   * machine that may fetch from anywhere proves nothing. Breaks off when `signal` aborts. Throws what stores throw.
   */
  async look(nowMs: number = this.#parts.clock.now(), signal?: AbortSignal): Promise<TickReport> {
    const tally = new Tally()
    const hosts = this.#parts.settings().publicationHosts
    const now = instantAt(nowMs)
    const due = hosts.length === 0 ? [] : await this.#due(now, nowMs)
    await inParallel(due.slice(0, PAGES_MAX), CONCURRENCY_MAX, async (entry) => {
      if (signal?.aborted) return
      this.#rest(keyOf(entry), nowMs)
      const at = { policy: policy.name, command: 'look', target: entry.subject }
      await this.#lookAt(entry, { hosts, signal }, tally).catch((error: unknown) => {
        // Broken off: whoever comes next looks.
        if (signal?.aborted !== true || error !== signal.reason) tally.broke(at, error)
      })
    })
    const { done, failed, failures } = tally
    const more = due.length > PAGES_MAX
    const nextAt = hosts.length === 0 ? null : await this.#nextAt(now)
    return { at: now, heldBack: false, done, failed, failures, more, nextAt }
  }

  async #lookAt(
    entry: AgendaDocument,
    given: { hosts: readonly string[]; signal: AbortSignal | undefined },
    tally: Tally,
  ): Promise<void> {
    const events = await this.#parts.readStream(commitmentStream(entry.subject))
    const caseId = events[0]?.metadata.caseId ?? null
    const answered = caseId === null ? [] : await this.#parts.readStream(caseStream(caseId))
    const look = planLook(events, answered)
    if (look.kind === 'none') return
    if (look.kind === 'give') return await this.#give(entry, look.given, tally)
    const { address, words, judge } = look
    const outcome = await this.#parts.checker.check({ address, words, ...given })
    await this.#give(entry, judge(outcome), tally)
  }

  async #give(entry: AgendaDocument, given: Given, tally: Tally): Promise<void> {
    await this.#giver.give(policy, entry.cause, { ...given, target: entry.subject, about: entry.at }, tally)
  }

  /** One more than a round takes, if there are; without those that rest. */
  async #due(now: string, nowMs: number): Promise<AgendaDocument[]> {
    for (const [key, untilMs] of this.#resting) {
      // A clock that was set back leaves rests behind that are longer than any.
      if (untilMs <= nowMs || untilMs > nowMs + REST_MS) this.#resting.delete(key)
    }
    const due: AgendaDocument[] = []
    let cursor: string | null = null
    do {
      const page = await this.#parts.views.query('agenda', {
        where: { next: { eq: 'look' }, at: { lte: now } },
        sort: { field: 'at', direction: 'ascending' },
        limit: 200,
        cursor,
        reader: 'system',
      })
      due.push(...(page.documents as AgendaDocument[]).filter((entry) => !this.#resting.has(keyOf(entry))))
      cursor = page.next
    } while (cursor !== null && due.length <= PAGES_MAX)
    return due
  }

  async #nextAt(now: string): Promise<string | null> {
    const { documents } = await this.#parts.views.query('agenda', {
      where: { next: { eq: 'look' }, at: { gt: now } },
      sort: { field: 'at', direction: 'ascending' },
      limit: 1,
      reader: 'system',
    })
    return (documents[0] as AgendaDocument | undefined)?.at ?? null
  }

  /** Too many at rest: the first ones may be looked at again, which changes nothing. */
  #rest(key: string, nowMs: number): void {
    this.#resting.set(key, nowMs + REST_MS)
    if (this.#resting.size <= RESTING_MAX) return
    const [oldest] = this.#resting.keys()
    if (oldest !== undefined) this.#resting.delete(oldest)
  }
}

function keyOf({ id, at }: AgendaDocument): string {
  return `${id} ${at}`
}
