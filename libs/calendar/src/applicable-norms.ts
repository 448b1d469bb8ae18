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
 * The norms that govern a clock: those that hold on the day it starts. For imported history with none for that day,
 * those that hold today, marked (DOMAIN §7). Of a norm in several versions the highest that holds counts.
 */
export function applicableNorms(question: NormQuestion): ApplicableNorms {
  const { norms, facts, purpose, startsAt, startedAt, now } = question
  const matching = norms.filter(
    (norm) => norm.purpose === purpose && norm.startsAt === startsAt && matches(norm, facts),
  )
  const then = holding(matching, startedAt)
  if (then.length > 0 || facts.origin === 'live' || matching.length === 0) return { norms: then, retrospective: false }
  const today = holding(matching, now)
  return { norms: today, retrospective: today.length > 0 }
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

function holding(norms: readonly Norm[], instant: string): Norm[] {
  const day = dateOf(shanghaiDay(millisecondsOf(instant)))
  const newest = new Map<string, Norm>()
  for (const norm of norms) {
    if (norm.validFrom > day || (norm.validTo !== null && norm.validTo < day)) continue
    const other = newest.get(norm.id)
    if (other === undefined || other.version < norm.version) newest.set(norm.id, norm)
  }
  return [...newest.values()]
}
