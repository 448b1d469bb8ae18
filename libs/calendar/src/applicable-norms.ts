import { dateOf, millisecondsOf, shanghaiDay } from './day.ts'
import type { ClockStart, DeadlinePurpose, Norm } from './norm.ts'

/** What of an item or case decides which norms govern it. What is not known yet is left out and matches no norm that asks for it. */
export interface NormFacts {
  kind: 'message' | 'opinion'
  origin: 'live' | 'history'
  channel?: string
  type?: string
  subject?: string
  opinionGrade?: string
  incidentGrade?: string
  /** A simple, common question, as triage marks it. */
  simple?: boolean
}

export interface NormQuestion {
  norms: readonly Norm[]
  facts: NormFacts
  purpose: DeadlinePurpose
  /** What starts the clock. */
  startsAt: ClockStart
  /** When it starts, UTC. */
  startedAt: string
  /** When the question is asked, UTC: whose norms are today's. */
  now: string
}

export interface ApplicableNorms {
  norms: Norm[]
  /** History for whose day no norm is known: these are today's. */
  retrospective: boolean
}

/**
 * The norms that govern a clock: those that hold on the day it starts. Imported history with none for its day is judged as
 * if it came in today, and marked (DOMAIN §7).
 */
export function applicableNorms(question: NormQuestion): ApplicableNorms {
  const { facts, startedAt, now } = question
  const norms = holding(question, facts, startedAt)
  if (norms.length > 0 || facts.origin === 'live') return { norms, retrospective: false }
  const todays = holding(question, { ...facts, origin: 'live' }, now)
  return { norms: todays, retrospective: todays.length > 0 }
}

/** Of each norm the newest version that has begun, unless it has ended: an older one does not outlive its successor. */
function holding({ norms, purpose, startsAt }: NormQuestion, facts: NormFacts, instant: string): Norm[] {
  const day = dateOf(shanghaiDay(millisecondsOf(instant)))
  const newest = new Map<string, Norm>()
  for (const norm of norms) {
    const other = newest.get(norm.id)
    if (norm.validFrom <= day && (other === undefined || other.version < norm.version)) newest.set(norm.id, norm)
  }
  return [...newest.values()].filter(
    (norm) =>
      (norm.validTo === null || day <= norm.validTo) &&
      norm.purpose === purpose &&
      norm.startsAt === startsAt &&
      matches(norm, facts),
  )
}

function matches({ appliesTo }: Norm, facts: NormFacts): boolean {
  return (
    admits(appliesTo.kinds, facts.kind) &&
    admits(appliesTo.channels, facts.channel) &&
    admits(appliesTo.types, facts.type) &&
    admits(appliesTo.subjects, facts.subject) &&
    admits(appliesTo.opinionGrades, facts.opinionGrade) &&
    admits(appliesTo.incidentGrades, facts.incidentGrade) &&
    admits(appliesTo.origins, facts.origin) &&
    (appliesTo.simple === undefined || appliesTo.simple === (facts.simple ?? false))
  )
}

function admits<Value>(allowed: readonly Value[] | undefined, value: Value | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value))
}
