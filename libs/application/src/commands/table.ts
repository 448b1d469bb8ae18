import {
  caseCommands,
  caseStream,
  commitmentCommands,
  commitmentStream,
  evolveCase,
  evolveCommitment,
  evolveIntake,
  evolveItem,
  evolveNumbering,
  evolveSettings,
  evolveWatch,
  initialCase,
  initialCommitment,
  initialIntake,
  initialItem,
  initialNumbering,
  initialSettingsState,
  initialWatch,
  intakeCommands,
  itemCommands,
  itemStream,
  numberingCommands,
  numberingStream,
  settingsCommands,
  settingsStream,
  watchCommands,
  watchStream,
} from '#domain'
import type { SettingsArea } from '#domain'
import { caseIdOfMessage } from '../identity/ids.ts'
import { aggregate } from './aggregate.ts'
import type { Aggregate, CommandRow } from './aggregate.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NAME = /^[a-z0-9][a-z0-9-]{0,127}$/
const DEPARTMENT_AND_DAY = /^[a-z0-9][a-z0-9-]{0,63}-\d{4}-\d{2}-\d{2}$/
const YEAR = /^[12]\d{3}$/

const item = aggregate({
  name: 'item',
  idShape: UUID,
  streamOf: itemStream,
  initial: initialItem,
  evolve: evolveItem,
  // A message belongs to the case that it opens; an opinion item to the case that it is attached to, if any.
  caseIdOf: (id, state, payload: { content?: { kind: string } | string; kind?: string; caseId?: string }) => {
    const told = typeof payload.content === 'object' ? payload.content.kind : payload.kind
    const kind = state.status === 'held' ? state.kind : told
    if (kind === 'message') return caseIdOfMessage(id)
    return payload.caseId ?? (state.status === 'held' ? (state.attachedTo?.caseId ?? null) : null)
  },
})

const case_ = aggregate({
  name: 'case',
  idShape: UUID,
  streamOf: caseStream,
  initial: initialCase,
  evolve: evolveCase,
  caseIdOf: (id) => id,
})

const commitment = aggregate({
  name: 'commitment',
  idShape: UUID,
  streamOf: commitmentStream,
  initial: initialCommitment,
  evolve: evolveCommitment,
  caseIdOf: (_id, state, payload: { source?: { kind: string; caseId?: string } }) => {
    const source = state.status === 'none' ? payload.source : state.source
    return source?.kind === 'response' && 'caseId' in source ? (source.caseId ?? null) : null
  },
})

const settings = aggregate({
  name: 'settings',
  idShape: NAME,
  streamOf: (area) => settingsStream(area as SettingsArea),
  initial: initialSettingsState,
  evolve: evolveSettings,
  caseIdOf: () => null,
})

const numbering = aggregate({
  name: 'numbering',
  idShape: YEAR,
  streamOf: (year) => numberingStream(Number(year)),
  initial: initialNumbering,
  evolve: evolveNumbering,
  caseIdOf: () => null,
})

export const intake = aggregate({
  name: 'intake',
  idShape: NAME,
  streamOf: (run) => `intake-${run}`,
  initial: initialIntake,
  evolve: evolveIntake,
  caseIdOf: () => null,
})

const watch = aggregate({
  name: 'watch',
  idShape: DEPARTMENT_AND_DAY,
  streamOf: watchStream,
  initial: initialWatch,
  evolve: evolveWatch,
  caseIdOf: () => null,
})

/** Commands that may be the first of their stream. */
const creating = new Set([
  'ReceiveItem',
  'OpenCase',
  'OpenOpinionCase',
  'MakeCommitment',
  'StartImport',
  'RecordDelivery',
  'RecordFeedFailure',
  'RegisterItem',
  ...Object.keys(settingsCommands),
  ...Object.keys(numberingCommands),
  ...Object.keys(watchCommands),
])

/** Every command there is: what HTTP, the terminal and the policies give, and what documents them. */
export const commandTable: ReadonlyMap<string, CommandRow> = new Map(
  [
    ...rows(item, itemCommands),
    ...rows(case_, caseCommands),
    ...rows(commitment, commitmentCommands),
    ...rows(settings, settingsCommands),
    ...rows(numbering, numberingCommands),
    ...rows(intake, intakeCommands),
    ...rows(watch, watchCommands),
  ].map((row) => [row.name, row]),
)

function rows(of: Aggregate, commands: Record<string, unknown>): CommandRow[] {
  return Object.entries(commands).map(([name, definition]) => ({
    ...(definition as Omit<CommandRow, 'name' | 'aggregate' | 'creates' | 'area'>),
    name,
    aggregate: of,
    creates: creating.has(name),
    area: (definition as { area?: string }).area ?? null,
  }))
}
