import type { CommandOutcome, CommandRequest } from '#application'
import type { RecordedEvent } from '#event-store'
import { setTimeout as pause } from 'node:timers/promises'
import type { Embedded } from '../../../apps/standalone/src/embedded.ts'
import { commitmentIdOf } from '../../../libs/application/src/identity/ids.ts'
import { say } from './journal.ts'

type Given = Pick<CommandRequest, 'command' | 'target' | 'payload'>
type Staff = { person: string; department: string; role: never }
type Accepted = readonly RecordedEvent[]

const staff = (person: string, department: string, role: string): Staff => ({ person, department, role: role as never })
const monitor = staff('monitor-1', 'hotline', 'monitor')
const opinionOffice = staff('opinion-1', 'hotline', 'opinion-office')
const coordinator = staff('coordinator-1', 'hotline', 'coordinator')
const verifier = staff('verifier-1', 'inspection', 'verifier')
const administrator = staff('administrator-1', 'hotline', 'administrator')
const officerOf = (department: string) => staff(`officer-${department}`, department, 'officer')
const reviewerOf = (department: string) => staff(`reviewer-${department}`, department, 'department-reviewer')

const WORKING = ['housing', 'transport', 'water']
const POLICY_WAIT_MS_MAX = 30_000
const ITEMS_OF_OPINION = 6
const RECEIVED_AT = '2026-03-02T01:00:00.000Z'

/** A story that could not go on because a decision said no; the test looks at which ones these were. */
class Ended extends Error {}

export async function defineDepartments(huiying: Embedded): Promise<void> {
  for (const id of ['hotline', 'inspection', ...WORKING]) {
    const payload = { department: { id, name: id, active: true }, reason: null }
    await give(huiying, `department-${id}`, administrator, { command: 'DefineDepartment', target: null, payload })
  }
}

/** What a story does follows from its number alone, so that whoever tells it again gives the same commands. */
export async function tellStory(huiying: Embedded, story: number): Promise<void> {
  const teller = new Teller(huiying, story)
  try {
    if (story % 8 === 0) await teller.opinion()
    else if (story % 3 === 0) await teller.joined()
    else await teller.answered()
  } catch (error) {
    if (!(error instanceof Ended)) throw error
  }
  say({ kind: 'story-told', story })
}

/** Says that a request is about to be given, gives it, and says what was answered. */
async function give(huiying: Embedded, key: string, actor: Staff, given: Given): Promise<CommandOutcome> {
  const request = { ...given, actor, idempotencyKey: key }
  say({ kind: 'sent', key })
  const outcome = await huiying.command(request)
  if (outcome.outcome === 'accepted') {
    const ids = outcome.events.map(({ id }) => id)
    say({ kind: 'answered', key, outcome: 'accepted', stream: outcome.events[0]!.stream, ids })
  } else {
    const code = outcome.outcome === 'refused' ? outcome.code : null
    say({ kind: 'answered', key, outcome: outcome.outcome, code })
  }
  return outcome
}

class Teller {
  readonly #huiying: Embedded
  readonly #story: number
  readonly #department: string

  constructor(huiying: Embedded, story: number) {
    this.#huiying = huiying
    this.#story = story
    this.#department = WORKING[story % WORKING.length]!
  }

  /** Message, case, answer with promises, each kept and seen to be kept. */
  async answered(): Promise<void> {
    const { caseId } = await this.#message('a')
    await this.#work(caseId)
    const { responseId, marks } = await this.#publish(caseId)
    if (this.#story % 2 === 0) marks.push(await this.#correct(caseId, responseId))
    await Promise.all(marks.map((markId) => this.#keep(commitmentIdOf(caseId, responseId, markId), markId)))
  }

  /** Three messages about one trouble, in a line: what the oldest one's department says answers all of them. */
  async joined(): Promise<void> {
    const messages = await Promise.all(['a', 'b', 'c'].map((name) => this.#message(name)))
    const age = ({ openedAt, caseId }: (typeof messages)[number]) => `${openedAt} ${caseId}`
    const [first, second, third] = messages.toSorted((one, other) => (age(one) < age(other) ? -1 : 1))
    const join = (step: string, follower: string, lead: string) => {
      const payload = { lead, relation: 'similar', reason: '同一路段' }
      return this.#do(step, monitor, { command: 'JoinCase', target: follower, payload })
    }
    await Promise.all([
      this.#work(first!.caseId),
      join('join-first', second!.caseId, first!.caseId),
      join('join-second', third!.caseId, second!.caseId),
    ])
    const { responseId } = await this.#publish(first!.caseId)
    if (this.#story % 2 === 0) await this.#correct(first!.caseId, responseId)
  }

  /** Posts gathered in an opinion case; one of them turns out not to belong to it. */
  async opinion(): Promise<void> {
    const opened = await this.#do('open', opinionOffice, {
      command: 'OpenOpinionCase',
      target: null,
      payload: { discoveredAt: RECEIVED_AT, channel: 'monitoring', items: [], title: this.#title('o'), subject: null },
    })
    const { caseId } = opened[0]!.metadata
    await Promise.all(
      Array.from({ length: ITEMS_OF_OPINION }, async (_, at) => {
        const [received] = await this.#receive(`post-${at}`, 'monitoring', 'opinion')
        const item = received!.stream.slice('item-'.length)
        const attached = { caseId, contentRevision: 1, reason: null }
        await this.#do(`attach-${at}`, monitor, { command: 'AttachItem', target: item, payload: attached })
        if (at > 0) return
        const detached = { ...attached, reason: '与本事件无关' }
        await this.#do('detach', monitor, { command: 'DetachItem', target: item, payload: detached })
      }),
    )
  }

  async #message(name: string): Promise<{ caseId: string; openedAt: string }> {
    const [received] = await this.#receive(name, 'interaction-platform', 'message')
    const caseId = received!.metadata.caseId!
    const [opened] = await this.#written(`case-${caseId}`)
    return { caseId, openedAt: (opened!.data as { openedAt: string }).openedAt }
  }

  async #receive(name: string, channelId: string, kind: 'message' | 'opinion'): Promise<Accepted> {
    const content = {
      kind,
      receivedAt: RECEIVED_AT,
      title: this.#title(name),
      content: `反映人说，第${this.#story}号路段坑洼不平，夜间没有路灯，请尽快处理。`,
      author: { name: '张三', contact: '13800000000' },
      wish: 'public',
      place: null,
      address: null,
      attachments: [],
      workOrder: null,
      sourceDepartment: null,
      sourceType: null,
    }
    const arrival = { kind: 'registered', caller: null, consent: null, recording: null }
    const externalId = `story-${this.#story}-${name}`
    const payload = { channelId, externalId, origin: 'live', content, reach: null, arrival }
    const delivered = { command: 'ReceiveItem', target: null, payload }
    const received = await this.#do(`receive-${name}`, monitor, delivered)
    // As a channel does that did not hear that it was taken: another request, the same message.
    await give(this.#huiying, `story-${this.#story}-again-${name}`, monitor, delivered)
    return received
  }

  /** A word of its own, by which its case is found. */
  #title(name: string): string {
    return `路灯 story${this.#story}${name}`
  }

  async #work(caseId: string): Promise<void> {
    const officer = officerOf(this.#department)
    const triage = {
      type: 'complaint',
      subject: '道路',
      demands: ['修路', '装灯'],
      sensitivities: [],
      accused: { departments: [], persons: [] },
      opinionGrade: null,
      incident: null,
      simple: false,
      suggestion: null,
      note: null,
    }
    const route = { lead: this.#department, assisting: [], basis: { kind: 'rule', rule: '按领域' } }
    await this.#do('triage', monitor, { command: 'TriageCase', target: caseId, payload: triage })
    await this.#do('route', monitor, { command: 'RouteCase', target: caseId, payload: route })
    await this.#do('sign-for', officer, { command: 'SignForCase', target: caseId, payload: {} })
  }

  async #publish(caseId: string): Promise<{ responseId: string; marks: string[] }> {
    const marks = Array.from({ length: 1 + (this.#story % 3) }, (_, at) => `mark-${at}`)
    const payload = { responseId: null, content: this.#content(marks) }
    const responseId = await this.#approveAndPublish('answer', { command: 'SaveDraft', target: caseId, payload })
    return { responseId, marks }
  }

  /** Put right in public: one promise is no longer in it, which keeps it promised, and one is new. Which. */
  async #correct(caseId: string, responseId: string): Promise<string> {
    const payload = { responseId, content: this.#content(['mark-late']), reason: '更正' }
    await this.#approveAndPublish('correction', { command: 'CorrectResponse', target: caseId, payload })
    return 'mark-late'
  }

  #content(marks: readonly string[]): object {
    const text = `您好，答复 answer${this.#story}end 如下：${marks.map(quoteOf).join('；')}。`
    const promised = marks.map((markId) => ({ markId, terms: this.#terms(markId) }))
    return { kind: 'final', text, publicText: text, attachments: [], means: 'website', marks: promised }
  }

  async #approveAndPublish(step: string, draft: Given): Promise<string> {
    const officer = officerOf(this.#department)
    const given = (command: string, payload: object): Given => ({ command, target: draft.target, payload })
    const [drafted] = await this.#do(`${step}-draft`, officer, draft)
    const { responseId, digest } = drafted!.data as { responseId: string; digest: string }
    const read = { responseId, digest }
    await this.#do(`${step}-submit`, officer, given('SubmitResponse', read))
    await this.#do(`${step}-approve-1`, reviewerOf(this.#department), given('ApproveResponse', { ...read, level: 1 }))
    await this.#do(`${step}-approve-2`, coordinator, given('ApproveResponse', { ...read, level: 2 }))
    const published = { ...read, address: `https://example.gov.cn/${this.#story}`, publishedAt: null }
    await this.#do(`${step}-publish`, officer, given('PublishResponse', published))
    return responseId
  }

  #terms(markId: string): object {
    return {
      quote: quoteOf(markId),
      action: '整治路段',
      class: 'act',
      strength: 'firm',
      promisor: { kind: 'department', name: this.#department },
      responsible: this.#department,
      due: { kind: 'date', date: '2027-06-30', precision: 'month', words: null },
      milestones: [],
      target: null,
      publishAt: null,
    }
  }

  async #keep(commitmentId: string, markId: string): Promise<void> {
    await this.#written(`commitment-${commitmentId}`)
    const officer = officerOf(this.#department)
    const given = (command: string, payload: object): Given => ({ command, target: commitmentId, payload })
    const seen = { report: 1, pageDigest: 'a'.repeat(64), wordsFound: ['路灯'] }
    const evidence = { statement: '已完成', evidence: [] }
    await Promise.all([
      this.#do(`${markId}-fulfil`, officer, given('ReportFulfilment', evidence)),
      this.#do(`${markId}-show`, officer, given('ReportPublication', { address: 'https://example.gov.cn/done' })),
    ])
    // Both sides at once: whichever is judged last settles the promise.
    const found = { ...evidence, report: 1, degree: 'complete', method: 'site-visit' }
    await Promise.all([
      this.#do(`${markId}-verify`, verifier, given('VerifyFulfilment', found)),
      this.#do(`${markId}-see`, verifier, given('VerifyPublication', seen)),
    ])
  }

  /** Gives it; one in eight twice at once, as an impatient hand does. What it wrote, now or when it was first given. */
  async #do(step: string, actor: Staff, given: Given): Promise<Accepted> {
    const key = `story-${this.#story}-${step}`
    const isImpatient = (this.#story + step.length) % 8 === 0
    const giving = Array.from({ length: isImpatient ? 2 : 1 }, () => give(this.#huiying, key, actor, given))
    const [outcome] = await Promise.all(giving)
    if (outcome!.outcome === 'refused') throw new Ended(`${key}: ${outcome!.code}`)
    return outcome!.events
  }

  /** What policies write comes by itself; a policy that never writes it is what this test is there to find. */
  async #written(stream: string): Promise<readonly RecordedEvent[]> {
    const until = performance.now() + POLICY_WAIT_MS_MAX
    for (;;) {
      const { events } = await this.#huiying.application.ports.store.readStream(stream)
      if (events.length > 0) return events
      if (performance.now() > until) throw new Error(`${stream} was not written within ${POLICY_WAIT_MS_MAX} ms`)
      await pause(5)
    }
  }
}

function quoteOf(markId: string): string {
  return `我局承诺于六月底前完成整治（${markId}）`
}
