import { Inject, Injectable } from '@nestjs/common'
import type { Type } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import type { ReadDocument, Where } from '#read-store'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import { listPage } from './reading.ts'
import type { ListPage, PageRequest } from './reading.ts'

/** A plain list: a collection, what narrows it, one order. */
interface ListDefinition<Request> {
  name: string
  projection: string
  collection: string
  where: (request: Request) => Where
  sort: { field: string; direction: 'ascending' | 'descending' }
}

export interface ListQuery<Request, Document> {
  query: new (request: PageRequest & Request) => Query<ListPage<Document>> & { request: PageRequest & Request }
  handler: Type<IQueryHandler>
}

/** The query class and its handler for the query bus. */
export function listQuery<Document extends ReadDocument, Request extends object = object>(
  definition: ListDefinition<Request>,
): ListQuery<Request, Document> {
  const { name, projection, collection, where, sort } = definition
  const query = class extends Query<ListPage<Document>> {
    readonly request: PageRequest & Request

    constructor(request: PageRequest & Request) {
      super()
      this.request = request
    }
  }
  const handler = class {
    readonly #ports: Ports

    constructor(ports: Ports) {
      this.#ports = ports
    }

    execute({ request }: InstanceType<typeof query>): Promise<ListPage<Document>> {
      return listPage(this.#ports, { ...request, projection, collection, where: where(request), sort })
    }
  }
  Object.defineProperty(query, 'name', { value: name })
  Object.defineProperty(handler, 'name', { value: `${name}Handler` })
  Injectable()(handler)
  Inject(PORTS)(handler, undefined, 0)
  QueryHandler(query)(handler)
  return { query, handler }
}

/** The conditions whose value was given. */
export function given(values: Record<string, string | null | undefined>): Where {
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value ? [[field, { eq: value }] as const] : [])),
  )
}
