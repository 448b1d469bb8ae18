import { roleOf } from '#domain'
import type { CommandContext, Decision, EventFormats, Role } from '#domain'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { z } from 'zod'
import { checkFormat } from './spec.ts'

/** A command that a generator thought of, with whom it comes from and when. */
export interface Attempt {
  name: string
  body: unknown
  context: CommandContext
}

interface Row {
  schema: z.ZodType
  by: readonly (Role | 'policy')[]
}

export interface Aggregate<State, Event> {
  initial: State
  evolve: (state: State, event: Event) => State
  formats: EventFormats
  commands: Record<string, Row>
}

export interface Run<State, Event> {
  events: Event[]
  state: State
  /** Commands accepted, by name. */
  accepted: Map<string, number>
}

/** Draws from one number of fast-check's, so that a failing run shrinks and repeats. */
export interface Draw {
  /** A whole number below `bound`. */
  below: (bound: number) => number
  pick: <Value>(values: readonly Value[]) => Value
  chance: (percent: number) => boolean
}

/** The seeds of a run's steps. */
export const steps = (minLength: number, maxLength: number) => fc.array(fc.nat(), { minLength, maxLength, size: 'max' })

/**
 * Lets a generator think of one command after the other and gives each twice. What holds of every aggregate is checked at
 * each step: nothing throws, every event fits its format, and the second time gives no event.
 */
export function runSequence<State, Event extends { type: string; data: unknown }>(
  aggregate: Aggregate<State, Event>,
  seeds: readonly number[],
  next: (state: State, draw: Draw, step: number) => Attempt,
  check: (before: State, events: readonly Event[], attempt: Attempt) => void = () => {},
): Run<State, Event> {
  const run: Run<State, Event> = { events: [], state: aggregate.initial, accepted: new Map() }
  for (const [step, seed] of seeds.entries()) {
    const attempt = next(run.state, drawFrom(seed), step)
    const row = aggregate.commands[attempt.name]!
    if (!row.by.includes(roleOf(attempt.context.actor))) continue
    const before = run.state
    const decision = decide<Event>(row, attempt, before)
    if (decision.outcome !== 'accepted') continue
    for (const event of decision.events) checkFormat(aggregate.formats, event)
    check(before, decision.events, attempt)
    run.state = decision.events.reduce(aggregate.evolve, before)
    run.events.push(...decision.events)
    run.accepted.set(attempt.name, (run.accepted.get(attempt.name) ?? 0) + 1)
    expect(decide<Event>(row, attempt, run.state).outcome, `${attempt.name} a second time`).not.toBe('accepted')
  }
  return run
}

function decide<Event>(row: Row, { body, context }: Attempt, state: unknown): Decision<Event> {
  return (row as unknown as Decider<Event>).decide(row.schema.parse(body), state, context)
}

interface Decider<Event> {
  decide: (body: unknown, state: unknown, context: CommandContext) => Decision<Event>
}

function drawFrom(seed: number): Draw {
  let state = seed >>> 0
  const below = (bound: number): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
  return {
    below,
    pick: (values) => values[below(values.length)]!,
    chance: (percent) => below(100) < percent,
  }
}
