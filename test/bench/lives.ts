import { ListCases } from '#application'
import type { CaseDocument, CommandOutcome, ListPage } from '#application'
import { inventedMessages } from '../../apps/cli/src/demo/invented-county.ts'
import type { Embedded } from '../../apps/standalone/src/embedded.ts'
import { say } from './measure.ts'

const actor = (person: string, department: string, role: string) => ({ person, department, role })
const administrator = actor('admin', 'office', 'administrator')
const monitor = actor('monitor', 'office', 'monitor')
const coordinator = actor('coordinator', 'office', 'coordinator')
const CONCURRENT = 32

export const departments = ['housing', 'transport', 'education', 'health', 'water', 'environment']

type Accepted = Extract<CommandOutcome, { outcome: 'accepted' | 'nothing' }>
type Give = (
  command: string,
  target: string | null,
  payload: unknown,
  by: ReturnType<typeof actor>,
) => Promise<Accepted>

function giver(county: Embedded): Give {
  return async (command, target, payload, by) => {
    const outcome = await county.command({ command, target, payload, actor: by as never })
    if (outcome.outcome === 'refused') throw new Error(`${command}: ${outcome.code} ${outcome.detail ?? ''}`)
    return outcome
  }
}

export async function defineDepartments(county: Embedded): Promise<void> {
  const give = giver(county)
  for (const id of ['office', ...departments]) {
    const department = { id, name: id, active: true }
    await give('DefineDepartment', null, { department, reason: null }, administrator)
  }
}

/** Takes so many waiting cases through triage, routing, drafting and approval to a published answer with a promise. */
export async function liveThrough(county: Embedded, count: number): Promise<void> {
  say(`${count} cases lived through, from triage to a promise`)
  const give = giver(county)
  const texts = inventedMessages(count, 5)
  const waiting = casesWaiting(county)
  let index = 0
  const worker = async () => {
    while (index < count) {
      const department = departments[index++ % departments.length]!
      const { value: id } = await waiting.next()
      const { value: message } = texts.next()
      if (!id || !message) return
      await live(give, id, department, message.reply ?? message.body)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
  await county.settled()
}

async function* casesWaiting(county: Embedded): AsyncGenerator<string, undefined> {
  let cursor: string | null = null
  do {
    const page: ListPage<CaseDocument> = await county.query(
      new ListCases({ asker: 'operator', state: 'new', limit: 200, cursor }),
    )
    for (const { id } of page.documents) yield id
    cursor = page.next
  } while (cursor !== null)
}

async function work(give: Give, id: string, department: string) {
  const officer = actor(`${department}-officer`, department, 'officer')
  const reviewer = actor(`${department}-reviewer`, department, 'department-reviewer')
  const triage = {
    type: 'complaint',
    subject: '城乡建设',
    demands: ['尽快解决'],
    sensitivities: [],
    accused: { departments: [], persons: [] },
    opinionGrade: null,
    incident: null,
    simple: false,
    suggestion: null,
    note: null,
  }
  await give('TriageCase', id, triage, monitor)
  const basis = { kind: 'person', reason: null }
  await give('RouteCase', id, { lead: department, assisting: [], basis }, monitor)
  await give('SignForCase', id, {}, officer)
  return { officer, reviewer }
}

async function live(give: Give, id: string, department: string, text: string): Promise<void> {
  const { officer, reviewer } = await work(give, id, department)
  const terms = {
    quote: '年底前完成整改',
    action: '完成整改',
    class: 'act',
    strength: 'firm',
    promisor: { kind: 'department', name: department },
    responsible: department,
    due: { kind: 'date', date: '2027-12-31', precision: 'year', words: null },
    milestones: [],
    target: null,
    publishAt: null,
  }
  const said = `${text}年底前完成整改。`
  const content = draftContent(said, [{ markId: 'm1', terms }])
  const saved = await give('SaveDraft', id, { responseId: null, content }, officer)
  const { responseId, digest } = saved.events.at(-1)!.data
  await give('SubmitResponse', id, { responseId, digest }, officer)
  await give('ApproveResponse', id, { responseId, level: 1, digest }, reviewer)
  await give('ApproveResponse', id, { responseId, level: 2, digest }, coordinator)
  const address = `https://www.example.gov.cn/${id}.html`
  await give('PublishResponse', id, { responseId, digest, address, publishedAt: null }, officer)
}

/** One case that was drafted, submitted and returned again and again, until its stream has so many events; its id. */
export async function wornCase(county: Embedded, events: number): Promise<string> {
  say(`a case of ${events} events`)
  const give = giver(county)
  const { value: id } = await casesWaiting(county).next()
  if (!id) throw new Error('no case waits')
  const { officer, reviewer } = await work(give, id, departments[0]!)
  const texts = inventedMessages(events, 6)
  let response: { responseId: string | null; digest: string } = { responseId: null, digest: '' }
  let revision = 0
  while (revision < events - 1) {
    const { value: message } = texts.next()
    if (!message) break
    const content = draftContent(message.reply ?? message.body, [])
    const saved = await give('SaveDraft', id, { responseId: response.responseId, content }, officer)
    response = saved.events.at(-1)!.data as unknown as typeof response
    const { responseId, digest } = response
    await give('SubmitResponse', id, { responseId, digest }, officer)
    ;({ revision } = await give('ReturnResponse', id, { responseId, digest, why: '请补充核实情况' }, reviewer))
  }
  await county.settled()
  return id
}

function draftContent(text: string, marks: unknown[]) {
  return { kind: 'final', text, publicText: text, attachments: [], means: 'website', marks }
}
