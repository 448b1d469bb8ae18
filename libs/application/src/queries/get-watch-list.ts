import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { watchIdOf } from '#domain'
import type { Position } from '#event-store'
import type { Reader } from '#read-store'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { CaseDocument } from '../projections/casework/case-document.ts'
import type { CommitmentDocument } from '../projections/casework/commitment.ts'
import type { WatchDocument } from '../projections/watch.ts'
import { awaitToken, QueryRefused, readerOf } from './reading.ts'
import type { Asker } from './reading.ts'

const READ_MAX = 200

export interface GetWatchListRequest {
  asker: Asker
  department: string
  /** A business day; the newest list, where nothing is said. */
  date?: string | null
  token?: Position | null
}

export interface WatchAnswer {
  /** As it was drawn. */
  list: WatchDocument
  /** What it names, as that stands now; without what the asker may not see, or not any more. */
  cases: CaseDocument[]
  commitments: CommitmentDocument[]
}

/** A department's list of a day: what was due, overdue, waiting. */
export class GetWatchList extends Query<WatchAnswer> {
  readonly request: GetWatchListRequest

  constructor(request: GetWatchListRequest) {
    super()
    this.request = request
  }
}

@QueryHandler(GetWatchList)
export class GetWatchListHandler implements IQueryHandler<GetWatchList> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  async execute({ request }: GetWatchList): Promise<WatchAnswer> {
    await awaitToken(this.#ports, 'watch', request.token)
    const reader = readerOf(request.asker)
    const list = await this.#find(request, reader)
    if (!list) throw new QueryRefused('NOT_FOUND', watchIdOf(request.department, request.date ?? ''))
    const cases = await this.#read('cases', caseIdsOf(list), reader)
    const commitments = await this.#read('commitments', commitmentIdsOf(list), reader)
    return { list, cases: cases as CaseDocument[], commitments: commitments as CommitmentDocument[] }
  }

  async #find({ department, date }: GetWatchListRequest, reader: Reader): Promise<WatchDocument | null> {
    const { views } = this.#ports
    if (date != null)
      return (await views.get('watch-lists', watchIdOf(department, date), reader)) as WatchDocument | null
    const { documents } = await views.query('watch-lists', {
      where: { department: { eq: department } },
      sort: { field: 'date', direction: 'descending' },
      limit: 1,
      reader,
    })
    return (documents[0] ?? null) as WatchDocument | null
  }

  async #read(collection: string, ids: Iterable<string>, reader: Reader) {
    const wanted = [...new Set(ids)]
    const found = []
    for (let at = 0; at < wanted.length; at += READ_MAX) {
      found.push(...(await this.#ports.views.getMany(collection, wanted.slice(at, at + READ_MAX), reader)))
    }
    return found
  }
}

function caseIdsOf({ list, week }: WatchDocument): string[] {
  const sections = [list?.toSign, list?.dueToday, list?.overdue, week?.deadlinesDue]
  return sections.flatMap((section) => section?.entries.map(({ caseId }) => caseId) ?? [])
}

function commitmentIdsOf({ list, week }: WatchDocument): string[] {
  const sections = [
    list?.promisesDue,
    list?.promisesOverdue,
    list?.promisesStalled,
    list?.rechecksDue,
    week?.promisesDue,
  ]
  return sections.flatMap((section) => section?.entries.map(({ commitmentId }) => commitmentId) ?? [])
}
