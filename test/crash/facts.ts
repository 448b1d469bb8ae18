import type { CaseEvent, CommitmentEvent, ItemEvent } from '#domain'
import type { RecordedEvent } from '#event-store'
import { caseIdOfMessage, commitmentIdOf } from '../../libs/application/src/identity/ids.ts'
import { externalIdOf, FILE_ROWS, isAnswered } from './load/files.ts'
import type { Told } from './told.ts'

/** An event with the type and data of one of the domain's. */
type As<Event, Type> = Omit<RecordedEvent, 'type' | 'data'> & Extract<Event, { type: Type }>
type Answering = As<CaseEvent, 'ResponsePublished' | 'ResponseCorrected' | 'AnsweredByLead'>

/** All events of a store, looked at from outside: what is in it twice, and what is missing. */
export class Facts {
  readonly events: readonly RecordedEvent[]
  readonly streams = new Map<string, RecordedEvent[]>()
  readonly #byType = new Map<string, RecordedEvent[]>()

  constructor(events: readonly RecordedEvent[]) {
    this.events = events
    for (const event of events) {
      append(this.streams, event.stream, event)
      append(this.#byType, event.type, event)
    }
  }

  /** Whatever else has happened or not: these hold at every moment. */
  faults(told: Told): string[] {
    return [
      ...repeated('event id', this.events, ({ id }) => id),
      ...this.#acknowledged(told),
      ...this.#commands(),
      ...repeated('item of its channel', this.ofItems('ItemReceived'), ({ data }) => data.channelId + data.externalId),
      ...repeated('opening', this.ofCases('CaseOpened'), ({ stream }) => stream),
      ...repeated('case number', this.ofCases('CaseOpened'), ({ data }) => data.number ?? ''),
      ...repeated('promise', this.ofCommitments('CommitmentMade'), ({ stream }) => stream),
      ...repeated('settling', this.ofCommitments('CommitmentSettled'), ({ stream }) => stream),
      ...repeated(
        'answer by a lead',
        this.ofCases('AnsweredByLead'),
        ({ stream, data }) => `${stream} ${data.responseId} ${data.digest}`,
      ),
      ...repeated('follower', this.ofCases('FollowerJoined'), ({ stream, data }) => stream + data.joinEventId),
      ...repeated('past response', this.ofCases('PastResponseRecorded'), ({ stream, data }) => stream + data.digest),
      ...this.#unfoundedPromises(),
    ]
  }

  /** And these when policies have done what they had to. */
  missing(told: Told): string[] {
    return [
      ...this.#casesMissing(),
      ...this.#promisesMissing(),
      ...this.#followersMissing(),
      ...this.#itemsOfOpinionsWrong(),
      ...this.#settlingMissing(),
      ...this.#rowsMissing(told),
    ]
  }

  ofCases<Type extends CaseEvent['type']>(type: Type): As<CaseEvent, Type>[] {
    return (this.#byType.get(type) ?? []) as unknown as As<CaseEvent, Type>[]
  }

  ofCommitments<Type extends CommitmentEvent['type']>(type: Type): As<CommitmentEvent, Type>[] {
    return (this.#byType.get(type) ?? []) as unknown as As<CommitmentEvent, Type>[]
  }

  ofItems<Type extends ItemEvent['type']>(type: Type): As<ItemEvent, Type>[] {
    return (this.#byType.get(type) ?? []) as unknown as As<ItemEvent, Type>[]
  }

  #acknowledged(told: Told): string[] {
    const streamOf = new Map(this.events.map(({ id, stream }) => [id, stream]))
    return [...told.accepted].flatMap(([key, { stream, ids }]) =>
      ids
        .filter((id) => streamOf.get(id) !== stream)
        .map((id) => `${key} was accepted with ${id} in ${stream}, where it is not`),
    )
  }

  /** One command's events in a stream stand side by side and were written at once. */
  #commands(): string[] {
    return [...this.streams.values()].flatMap((events) => {
      const lastOf = new Map<string, RecordedEvent>()
      return events.flatMap((event) => {
        const { commandId, recordedAt } = event.metadata
        const last = lastOf.get(commandId)
        lastOf.set(commandId, event)
        const isOne = !last || (last.revision === event.revision - 1 && last.metadata.recordedAt === recordedAt)
        return isOne ? [] : [`the command ${commandId} wrote twice to ${event.stream}: ${event.type}`]
      })
    })
  }

  /** The promises that were made in public: by their streams, who made them. */
  #marks(): Map<string, Answering> {
    return new Map(
      [...this.ofCases('ResponsePublished'), ...this.ofCases('ResponseCorrected')].flatMap((event) =>
        event.data.content.marks.map(({ markId }) => {
          const caseId = event.stream.slice('case-'.length)
          return [`commitment-${commitmentIdOf(caseId, event.data.responseId, markId)}`, event] as const
        }),
      ),
    )
  }

  #unfoundedPromises(): string[] {
    const marks = this.#marks()
    return this.ofCommitments('CommitmentMade')
      .filter(({ stream }) => !marks.has(stream))
      .map(({ stream }) => `${stream} was promised nowhere`)
  }

  #promisesMissing(): string[] {
    return [...this.#marks()]
      .filter(([stream]) => this.streams.get(stream)?.[0]?.type !== 'CommitmentMade')
      .map(([stream, event]) => `${stream}, promised in ${event.stream}, was not recorded`)
  }

  #casesMissing(): string[] {
    return this.ofItems('ItemReceived')
      .filter(({ data }) => data.kind === 'message')
      .filter(({ stream }) => {
        const opened = this.streams.get(`case-${caseIdOfMessage(stream.slice('item-'.length))}`)?.[0]
        return opened?.type !== 'CaseOpened'
      })
      .map(({ stream }) => `${stream} has no case`)
  }

  /** Whom a lead answers, link by link: what it said after they joined, and what corrects what they were told. */
  #followersMissing(): string[] {
    const given = new Set(this.ofCases('AnsweredByLead').map(({ stream, data }) => `${stream} ${data.digest}`))
    return this.ofCases('CaseJoined').flatMap(({ id, stream, data: { lead, at } }) => {
      const events = (this.streams.get(`case-${lead}`) ?? []) as unknown as As<CaseEvent, CaseEvent['type']>[]
      const knows = events.some((event) => event.type === 'FollowerJoined' && event.data.joinEventId === id)
      const answers = events.filter(isAnswering)
      const owed = answers.filter(({ data: { responseId, publishedAt }, revision }) => {
        const first = answers.find((earlier) => earlier.data.responseId === responseId)!
        return first.revision === revision ? publishedAt >= at : given.has(`${stream} ${first.data.digest}`)
      })
      return [
        ...(knows ? [] : [`case-${lead} does not know that ${stream} follows it`]),
        ...owed
          .filter(({ data }) => !given.has(`${stream} ${data.digest}`))
          .map(({ type, data }) => `${stream} was not told of ${type} ${data.responseId} of case-${lead}`),
      ]
    })
  }

  #itemsOfOpinionsWrong(): string[] {
    const told = (type: 'ItemsJoined' | 'ItemsLeft') =>
      this.ofCases(type).flatMap(({ stream, data }) =>
        data.items.map(({ item, revision }) => `${stream} ${item} ${revision}`),
      )
    const own = (type: 'ItemAttached' | 'ItemDetached') =>
      this.ofItems(type).map(
        ({ stream, revision, data }) => `case-${data.caseId} ${stream.slice('item-'.length)} ${revision}`,
      )
    return [
      ...repeated('joining of an item', told('ItemsJoined'), (key) => key),
      ...differing('ItemsLeft', told('ItemsLeft'), own('ItemDetached')),
      // A case that hears of the detachment first has nothing to hear of the attachment before it.
      ...own('ItemAttached')
        .filter((key) => !told('ItemsJoined').includes(key))
        .filter((key) => !own('ItemDetached').some((later) => later.startsWith(key.slice(0, key.lastIndexOf(' ')))))
        .map((key) => `ItemsJoined lacks ${key}`),
    ]
  }

  #settlingMissing(): string[] {
    const has = (stream: string, type: string) => this.streams.get(stream)!.some((event) => event.type === type)
    return this.ofCommitments('FulfilmentVerified')
      .filter(({ stream }) => has(stream, 'PublicationVerified') && !has(stream, 'CommitmentSettled'))
      .map(({ stream }) => `${stream} was verified on both sides and not settled`)
  }

  #rowsMissing({ filesTaken }: Told): string[] {
    const items = new Map(this.ofItems('ItemReceived').map(({ stream, data }) => [data.externalId, stream]))
    return filesTaken.flatMap((file) =>
      Array.from({ length: FILE_ROWS }, (_, row) => row).flatMap((row) => {
        const externalId = externalIdOf(file, row)
        const item = items.get(externalId)
        if (item === undefined) return [`the row ${externalId} was taken and is not there`]
        if (!isAnswered(row)) return []
        const events = this.streams.get(`case-${caseIdOfMessage(item.slice('item-'.length))}`) ?? []
        const answers = events.filter(({ type }) => type === 'PastResponseRecorded').length
        return answers === 1 ? [] : [`the row ${externalId} has ${answers} answers`]
      }),
    )
  }
}

function isAnswering(event: As<CaseEvent, CaseEvent['type']>): event is Answering {
  return event.type === 'ResponsePublished' || event.type === 'ResponseCorrected' || event.type === 'AnsweredByLead'
}

function repeated<One>(what: string, all: readonly One[], keyOf: (one: One) => string): string[] {
  const seen = new Set<string>()
  return all.flatMap((one) => {
    const key = keyOf(one)
    if (seen.has(key)) return [`twice: ${what} ${key}`]
    seen.add(key)
    return []
  })
}

function differing(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const [a, b] = [new Set(found), new Set(expected)]
  return [
    ...repeated(what, found, (key) => key),
    ...[...b].filter((key) => !a.has(key)).map((key) => `${what} lacks ${key}`),
    ...[...a].filter((key) => !b.has(key)).map((key) => `${what} has ${key} too much`),
  ]
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
