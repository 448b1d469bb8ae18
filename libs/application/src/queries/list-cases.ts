import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { CaseDocument, CaseStatus } from '../projections/casework/case-document.ts'
import { awaitToken, listPage, PAGE_DEFAULT, readerOf } from './reading.ts'
import type { ListPage, PageRequest } from './reading.ts'

/** Hits of a search that are looked through where a state or department narrows it. */
const NARROWED_HITS_MAX = 2_000
const SEARCH_PAGE = 200

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
    if (!request.state && !request.department && !request.channel) {
      const page = await this.#ports.search.search({ text, reader, limit, cursor: request.cursor ?? null })
      return {
        total: page.total,
        more: page.more,
        documents: await this.#documents(page.ids, reader),
        next: page.next,
        asOf,
      }
    }

    // The index knows text and who may see it; what else a case must be is asked of its document.
    const found: CaseDocument[] = []
    let cursor: string | null = null
    let hits = 0
    do {
      const page = await this.#ports.search.search({ text, reader, limit: SEARCH_PAGE, cursor })
      for (const document of await this.#documents(page.ids, reader))
        if (matches(document, request)) found.push(document)
      hits += page.ids.length
      cursor = page.next
    } while (cursor !== null && hits < NARROWED_HITS_MAX)
    const start = Number(request.cursor ?? 0)
    const documents = found.slice(start, start + limit)
    const next = start + limit < found.length ? String(start + limit) : null
    return { total: found.length, more: cursor !== null, documents, next, asOf }
  }

  async #documents(ids: readonly string[], reader: ReturnType<typeof readerOf>): Promise<CaseDocument[]> {
    return (await this.#ports.views.getMany('cases', ids, reader)) as CaseDocument[]
  }
}

function matches(document: CaseDocument, { state, department, channel }: ListCasesRequest): boolean {
  return (
    (!state || document.status === state) &&
    (!department || document.departments.includes(department)) &&
    (!channel || document.channel === channel)
  )
}
