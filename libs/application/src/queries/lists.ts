import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { CommitmentDocument, CommitmentStatus } from '../projections/casework/commitment.ts'
import type { ItemDocument } from '../projections/casework/item.ts'
import type { ResponseDocument } from '../projections/casework/response.ts'
import type { WorkloadDocument } from '../projections/casework/workload.ts'
import type { RefusedRowDocument } from '../projections/intake.ts'
import { listPage } from './reading.ts'
import type { ListPage, PageRequest } from './reading.ts'

/** The plain lists: a collection, its filters, one order. */

/** 收件箱: what came in and where it is; without a place, what waits. */
export class ListItems extends Query<ListPage<ItemDocument>> {
  readonly request: PageRequest & { place?: ItemDocument['place'] | null; channel?: string | null }

  constructor(request: ListItems['request']) {
    super()
    this.request = request
  }
}

@QueryHandler(ListItems)
export class ListItemsHandler implements IQueryHandler<ListItems> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  execute({ request }: ListItems): Promise<ListPage<ItemDocument>> {
    const { place, channel } = request
    return listPage(this.#ports, {
      ...request,
      projection: 'casework',
      collection: 'items',
      where: { place: { eq: place ?? 'waiting' }, ...(channel && { channel: { eq: channel } }) },
      sort: { field: 'receivedAt', direction: 'descending' },
    })
  }
}

/** 承诺台账, the soonest due first. */
export class ListCommitments extends Query<ListPage<CommitmentDocument>> {
  readonly request: PageRequest & { state?: CommitmentStatus | null; responsible?: string | null }

  constructor(request: ListCommitments['request']) {
    super()
    this.request = request
  }
}

@QueryHandler(ListCommitments)
export class ListCommitmentsHandler implements IQueryHandler<ListCommitments> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  execute({ request }: ListCommitments): Promise<ListPage<CommitmentDocument>> {
    const { state, responsible } = request
    return listPage(this.#ports, {
      ...request,
      projection: 'casework',
      collection: 'commitments',
      where: { ...(state && { status: { eq: state } }), ...(responsible && { responsible: { eq: responsible } }) },
      sort: { field: 'due', direction: 'ascending' },
    })
  }
}

/** 舆情回应台账, the newest answer first. */
export class ListResponses extends Query<ListPage<ResponseDocument>> {
  readonly request: PageRequest & { department?: string | null; caseKind?: string | null }

  constructor(request: ListResponses['request']) {
    super()
    this.request = request
  }
}

@QueryHandler(ListResponses)
export class ListResponsesHandler implements IQueryHandler<ListResponses> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  execute({ request }: ListResponses): Promise<ListPage<ResponseDocument>> {
    const { department, caseKind } = request
    return listPage(this.#ports, {
      ...request,
      projection: 'casework',
      collection: 'responses',
      where: { ...(department && { department: { eq: department } }), ...(caseKind && { caseKind: { eq: caseKind } }) },
      sort: { field: 'publishedAt', direction: 'descending' },
    })
  }
}

/** What each department has in hand. */
export class ListWorkloads extends Query<ListPage<WorkloadDocument>> {
  readonly request: PageRequest

  constructor(request: PageRequest) {
    super()
    this.request = request
  }
}

@QueryHandler(ListWorkloads)
export class ListWorkloadsHandler implements IQueryHandler<ListWorkloads> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  execute({ request }: ListWorkloads): Promise<ListPage<WorkloadDocument>> {
    return listPage(this.#ports, {
      ...request,
      projection: 'casework',
      collection: 'workloads',
      where: {},
      sort: { field: 'department', direction: 'ascending' },
    })
  }
}

/** Rows that imports refused: those still open, or of another state. */
export class ListRefusedRows extends Query<ListPage<RefusedRowDocument>> {
  readonly request: PageRequest & { state?: RefusedRowDocument['state'] | null }

  constructor(request: ListRefusedRows['request']) {
    super()
    this.request = request
  }
}

@QueryHandler(ListRefusedRows)
export class ListRefusedRowsHandler implements IQueryHandler<ListRefusedRows> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  execute({ request }: ListRefusedRows): Promise<ListPage<RefusedRowDocument>> {
    return listPage(this.#ports, {
      ...request,
      projection: 'intake',
      collection: 'refused-rows',
      where: { state: { eq: request.state ?? 'open' } },
      sort: { field: 'order', direction: 'ascending' },
    })
  }
}
