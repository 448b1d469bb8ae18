import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { CaseDocument, CaseStatus } from '../projections/casework/case-document.ts'
import { traits } from '../projections/casework/traits.ts'
import { awaitToken, listPage, PAGE_DEFAULT, readerOf } from './reading.ts'
import type { ListPage, PageRequest } from './reading.ts'

export interface ListCasesRequest extends PageRequest {
  search?: string | null
  state?: CaseStatus | null
  department?: string | null
  channel?: string | null
}

/** Cases, newest received first. */
export class ListCases extends Query<ListPage<CaseDocument>> {
  readonly request: ListCasesRequest

  constructor(request: ListCasesRequest) {
    super()
    this.request = request
  }
}

@QueryHandler(ListCases)
export class ListCasesHandler implements IQueryHandler<ListCases> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  async execute({ request }: ListCases): Promise<ListPage<CaseDocument>> {
    if (request.search) return this.#search({ ...request, search: request.search })
    const { state, department, channel } = request
    return listPage<CaseDocument>(this.#ports, {
      ...request,
      projection: 'casework',
      collection: 'cases',
      where: {
        ...(state && { status: { eq: state } }),
        ...(department && { departments: { has: department } }),
        ...(channel && { channel: { eq: channel } }),
      },
      sort: { field: 'receivedAt', direction: 'descending' },
    })
  }

  async #search(request: ListCasesRequest & { search: string }): Promise<ListPage<CaseDocument>> {
    const { search: text, limit = PAGE_DEFAULT, token } = request
    await awaitToken(this.#ports, 'search', token)
    const reader = readerOf(request.asker)
    const { asOf } = await this.#ports.views.progress('casework')
    const page = await this.#ports.search.search({
      text,
      reader,
      limit,
      cursor: request.cursor ?? null,
      traits: traits(request),
    })
    return {
      total: page.total,
      more: page.more,
      documents: await this.#documents(page.ids, reader),
      next: page.next,
      asOf,
    }
  }

  async #documents(ids: readonly string[], reader: ReturnType<typeof readerOf>): Promise<CaseDocument[]> {
    return (await this.#ports.views.getMany('cases', ids, reader)) as CaseDocument[]
  }
}
