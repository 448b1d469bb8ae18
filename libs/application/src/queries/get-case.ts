import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { caseStream } from '#domain'
import type { Position, RecordedEvent } from '#event-store'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { CaseDocument } from '../projections/casework/case-document.ts'
import type { CaseDetailDocument } from '../projections/casework/case-detail.ts'
import type { CommitmentDocument } from '../projections/casework/commitment.ts'
import type { ItemDocument } from '../projections/casework/item.ts'
import { awaitToken, QueryRefused, readerOf } from './reading.ts'
import type { Asker } from './reading.ts'
import { replayCase } from './replay.ts'
import type { CaseAtMoment, Moment } from './replay.ts'

/** Items of an opinion case that its page shows at once. */
const ITEMS_SHOWN = 200

export interface GetCaseRequest extends Moment {
  /** Its number 受理编号, or its id. */
  number: string
  asker: Asker
  history?: boolean
  token?: Position | null
}

export interface CaseAnswer extends CaseAtMoment {
  /** Every event of its stream, in order, where the history was asked for. */
  history: RecordedEvent[] | null
}

/** One case with its items, answers and promises: now from the read models, at another moment by replay. */
export class GetCase extends Query<CaseAnswer> {
  readonly request: GetCaseRequest

  constructor(request: GetCaseRequest) {
    super()
    this.request = request
  }
}

@QueryHandler(GetCase)
export class GetCaseHandler implements IQueryHandler<GetCase> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  async execute({ request }: GetCase): Promise<CaseAnswer> {
    const { number, asker, at, asOf } = request
    await awaitToken(this.#ports, 'casework', request.token)
    // Who may see it is decided by what it is now: an accused department sees no earlier state of it either.
    const now = await this.#find(number, asker)
    const found = at || asOf ? await replayCase(this.#ports.store, now.id, request) : await this.#current(now)
    if (!found) throw new QueryRefused('NOT_FOUND', `${number}，当时尚未立案`)
    if (!request.history) return { ...found, history: null }
    const { events } = await this.#ports.store.readStream(caseStream(now.id))
    const history = events.filter(
      ({ metadata }) => (!at || metadata.recordedAt <= at) && (!asOf || metadata.occurredAt <= asOf),
    )
    return { ...found, history }
  }

  async #find(number: string, asker: Asker): Promise<CaseDocument> {
    const reader = readerOf(asker)
    const byId = await this.#ports.views.get('cases', number, reader)
    if (byId) return byId as CaseDocument
    const { documents } = await this.#ports.views.query('cases', {
      where: { number: { eq: number } },
      sort: { field: 'receivedAt', direction: 'descending' },
      limit: 1,
      reader,
    })
    const [document] = documents
    if (!document) throw new QueryRefused('NOT_FOUND', number)
    return document as CaseDocument
  }

  async #current(document: CaseDocument): Promise<CaseAtMoment | null> {
    const { views } = this.#ports
    const detail = (await views.get('case-details', document.id, 'system')) as CaseDetailDocument | null
    if (!detail) return null
    const items = (await views.getMany('items', document.items.slice(0, ITEMS_SHOWN), 'system')) as ItemDocument[]
    const commitments = (await views.getMany(
      'commitments',
      document.commitments.slice(0, ITEMS_SHOWN),
      'system',
    )) as CommitmentDocument[]
    return { case: document, detail, items, commitments }
  }
}
