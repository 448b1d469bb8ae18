import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { buildCalendar, checkNormPack, computeDeadline, holidayNoticesFrom } from '../src/index.ts'
import type { Deadline, DeadlineQuestion, Norm } from '../src/index.ts'

const packs = fileURLToPath(new URL('../../application/packs/', import.meta.url))

function content(file: string): unknown {
  return parse(readFileSync(packs + file, 'utf8'))
}

const holidays = holidayNoticesFrom(content('holidays.yaml'))
if (holidays.outcome === 'refused') throw new Error(JSON.stringify(holidays.problems))
export const notices = holidays.notices
export const calendar = buildCalendar(notices)

export const defaultPackContent = content('norms.yaml')
const pack = checkNormPack(defaultPackContent)
if (pack.outcome === 'refused') throw new Error(JSON.stringify(pack.problems))
export const defaultNorms = pack.pack.norms

/** Real data beside the repository, where there is some. */
const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
export const sharedHolidays = existsSync(`${shared}holiday`) ? `${shared}holiday/` : null
export const sharedReplies = existsSync(`${shared}replies.jsonl`) ? `${shared}replies.jsonl` : null

/** `2026-09-24 20:00` in Asia/Shanghai → UTC. */
export function shanghai(local: string): string {
  return Temporal.Instant.from(`${local.replace(' ', 'T')}+08:00`).toString({ smallestUnit: 'millisecond' })
}

/** UTC → `2026-09-24 23:59:59.999` in Asia/Shanghai. */
export function inShanghai(instant: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime()
  return local.toString({ smallestUnit: 'millisecond' }).replace('T', ' ')
}

/** The last day in Asia/Shanghai on which an action is in time. */
export function lastDay(due: string): string {
  return inShanghai(due).slice(0, 10)
}

export const now = shanghai('2026-11-23 14:00')

/** A live message of the default norms, as far as a test does not say otherwise. */
export function deadlineFor(question: Partial<DeadlineQuestion> & { startedAt: string }): Deadline | null {
  return computeDeadline({
    norms: defaultNorms,
    facts: { kind: 'message', origin: 'live', channel: 'governor-suggestions' },
    purpose: 'final-answer',
    startsAt: 'received',
    now,
    calendar,
    ...question,
  })
}

/** A norm of a county's, as far as a test does not say otherwise. */
export function norm(fields: Partial<Norm> = {}): Norm {
  return {
    id: 'test-norm',
    version: 1,
    title: '测试规则',
    appliesTo: {},
    purpose: 'final-answer',
    within: { amount: 5, unit: 'working-days' },
    startsAt: 'received',
    endsAt: 'midnight',
    extension: null,
    validFrom: '2000-01-01',
    validTo: null,
    layer: 'county',
    source: { document: '测试文件', clause: '一', quotation: '五个工作日内答复' },
    ...fields,
  }
}
