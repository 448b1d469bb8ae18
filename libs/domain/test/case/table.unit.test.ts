import { readFileSync, readdirSync } from 'node:fs'
import { caseCommands, caseRefusals, PEOPLE_EVENTS_MAX } from '#domain'
import type { CaseEvent } from '#domain'
import { describe, expect, test } from 'vitest'
import {
  after,
  deadlineIn,
  given,
  hoursLater,
  officer,
  policy,
  received,
  settings,
  signed,
  stateAfter,
  triage,
} from './support.ts'
import { contextOf } from '../support/context.ts'

const specifications = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.unit.test.ts'))
  .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
  .join('\n')

describe('the table of commands', () => {
  test.each(Object.keys(caseCommands))('%s is specified', (name) => {
    expect(specifications).toContain(`when('${name}'`)
  })

  test.each(Object.keys(caseRefusals))('%s is refused in a specification', (code) => {
    expect(specifications).toContain(`thenRefused('${code}')`)
  })

  test('nobody who only reads or sets commands a case', () => {
    const allowed = Object.values(caseCommands).flatMap(({ by }) => [...by])
    expect(allowed).not.toContain('auditor')
    expect(allowed).not.toContain('administrator')
  })

  test('a policy is refused where only people may act, whoever calls', () => {
    const decision = caseCommands.TriageCase.decide(
      { ...triage, demands: [] },
      stateAfter(after(...received)),
      contextOf({ actor: policy, settings }),
    )
    expect(decision).toMatchObject({ outcome: 'refused', code: 'ROLE_NOT_ALLOWED' })
  })
})

describe('the length of a stream', () => {
  /** So many ratings by an asker who cannot decide. */
  const long = (events: CaseEvent[], length: number): CaseEvent[] => [
    ...events,
    ...Array.from({ length: length - events.length }, (_, at): CaseEvent => ({
      type: 'SatisfactionRated',
      data: { rating: { scale: 'stars', stars: (at % 5) + 1 }, comment: null, ratedAt: hoursLater(at).now },
    })),
  ]

  test('people add nothing when it is nearly full, so that policies still find room', () => {
    const full = long(after(...signed), PEOPLE_EVENTS_MAX)
    given(...full)
      .when('AssignOfficer', { officer: 'sun' }, { actor: officer, settings })
      .thenRefused('STREAM_NEARLY_FULL')
    given(...full)
      .when(
        'MarkDeadlineMissed',
        { deadlineId: deadlineIn(after(...signed), 'final-answer').id },
        { settings, ...hoursLater(999) },
      )
      .thenEvents({ type: 'DeadlineMissed', data: expect.anything() })
  })

  test('policies leave out what can be left out', () => {
    const full = long(after(...signed), PEOPLE_EVENTS_MAX)
    given(...full)
      .when('RemindCase', { cause: 'weekly', deadlineId: null, note: null }, { settings })
      .thenNothing()
  })

  test('one before that, people still may', () => {
    given(...long(after(...signed), PEOPLE_EVENTS_MAX - 1))
      .when('AssignOfficer', { officer: 'sun' }, { actor: officer, settings })
      .thenEvents({ type: 'CaseAssigned', data: expect.anything() })
  })
})
