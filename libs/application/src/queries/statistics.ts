import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import type { Position } from '#event-store'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { TallyDocument } from '../projections/casework/tally.ts'
import { awaitToken, readerOf } from './reading.ts'
import type { Asker } from './reading.ts'

const PAGE = 200

export interface StatisticsRequest {
  asker: Asker
  /** Business days, both inclusive; cases by the day received, promises by the day made. */
  from?: string | null
  to?: string | null
  token?: Position | null
}

export interface CaseCounts {
  received: number
  answered: number
  answeredInTime: number
}

/** 留言办理统计. Joined cases count each on its own, so that nobody's message disappears. */
export interface Statistics extends CaseCounts {
  byNorm: Record<string, CaseCounts>
  byChannel: Record<string, CaseCounts>
  byDepartment: Record<string, CaseCounts>
  commitments: { made: number; open: number; overdue: number; settled: number; broken: number; withdrawn: number }
}

export class GetStatistics extends Query<Statistics> {
  readonly request: StatisticsRequest

  constructor(request: StatisticsRequest) {
    super()
    this.request = request
  }
}

/** Adds up tallies, a page at a time; their number grows with days, channels and departments, not with cases. */
@QueryHandler(GetStatistics)
export class GetStatisticsHandler implements IQueryHandler<GetStatistics> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  async execute({ request }: GetStatistics): Promise<Statistics> {
    await awaitToken(this.#ports, 'casework', request.token)
    const none = (): CaseCounts => ({ received: 0, answered: 0, answeredInTime: 0 })
    const statistics: Statistics = {
      ...none(),
      byNorm: {},
      byChannel: {},
      byDepartment: {},
      commitments: { made: 0, open: 0, overdue: 0, settled: 0, broken: 0, withdrawn: 0 },
    }
    for await (const { norm, channel, department, counts } of this.#tallies('cases', request)) {
      add(statistics, counts)
      add((statistics.byNorm[norm] ??= none()), counts)
      add((statistics.byChannel[channel] ??= none()), counts)
      add((statistics.byDepartment[department] ??= none()), counts)
    }
    for await (const { counts } of this.#tallies('commitments', request)) add(statistics.commitments, counts)
    return statistics
  }

  async *#tallies(
    about: TallyDocument['about'],
    { asker, from, to }: StatisticsRequest,
  ): AsyncGenerator<TallyDocument> {
    let cursor: string | null = null
    do {
      const page = await this.#ports.views.query('tallies', {
        where: {
          about: { eq: about },
          ...((from || to) && { date: { ...(from && { gte: from }), ...(to && { lte: to }) } }),
        },
        sort: { field: 'date', direction: 'ascending' },
        limit: PAGE,
        cursor,
        reader: readerOf(asker),
      })
      yield* page.documents as TallyDocument[]
      cursor = page.next
    } while (cursor !== null)
  }
}

function add<Counts extends object>(to: Counts, counts: Record<string, number>): void {
  const sums = to as Record<string, number>
  for (const [name, by] of Object.entries(counts)) if (name in sums) sums[name]! += by
}
