import type { Actor, ErrorCode } from '#domain'
import type { Position } from '#event-store'
import type { ReadDocument, Reader } from '#read-store'
import type { Ports } from '../ports.ts'
import { departmentToken, WHOLE_COUNTY } from '../projections/visibility.ts'

/** Who asks: an actor, whose role says what they may see, or the operator of the machine, who sees everything. */
export type Asker = Actor | 'operator'

/** Roles whose duty spans departments (DESIGN §9); the administrator's is none of the cases. */
export const countyRoles: ReadonlySet<string> = new Set([
  'monitor',
  'coordinator',
  'opinion-office',
  'leader',
  'signer',
  'legal-reviewer',
  'secrecy-reviewer',
  'verifier',
  'auditor',
])

/** The tokens that an asker holds. */
export function readerOf(asker: Asker): Reader {
  if (asker === 'operator' || 'policy' in asker) return 'system'
  if (asker.role === 'administrator' || asker.role === 'channel') return []
  return countyRoles.has(asker.role) ? [WHOLE_COUNTY] : [departmentToken(asker.department)]
}

/** A question that cannot be answered, with a code of the one table. */
export class QueryRefused extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: string) {
    super(detail)
    this.name = 'QueryRefused'
    this.code = code
  }
}

/** What read models and search refuse for a reason that lies with the question, by code. */
const refusedByStores: Readonly<Record<string, ErrorCode>> = {
  BAD_CURSOR: 'CURSOR_INVALID',
  OUT_OF_BOUNDS: 'QUERY_TOO_WIDE',
  NOT_READY: 'VIEW_NOT_READY',
}

/** What a query threw, as a refusal with a code of the one table where it is one; anything else as it is. */
export function asQueryRefused(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? refusedByStores[String(error.code)] : undefined
  return code === undefined ? error : new QueryRefused(code, (error as Error).message)
}

/** Waits until a read model shows what a write's token stands for. Throws `VIEW_NOT_READY`. */
export async function awaitToken(ports: Ports, projection: string, token: Position | null | undefined): Promise<void> {
  if (token == null) return
  if (!(await ports.reached(projection, token)))
    throw new QueryRefused('VIEW_NOT_READY', `${projection} is not there yet`)
}

export interface PageRequest {
  asker: Asker
  /** 1 to 200; 50 where nothing is said. */
  limit?: number
  cursor?: string | null
  /** The token of a write that the answer must show. */
  token?: Position | null
}

/** A page of a list. `total` is exact up to 10,000, else 10,000 and `more`. */
export interface ListPage<Document> {
  total: number
  more: boolean
  documents: Document[]
  next: string | null
  /** How far the read model had come (instant); null while it is built for the first time. */
  asOf: string | null
}

export const PAGE_DEFAULT = 50

/** The usual list: one collection, conditions, one order. */
export async function listPage<Document extends ReadDocument>(
  ports: Ports,
  request: PageRequest & {
    projection: string
    collection: string
    where: Parameters<Ports['views']['query']>[1]['where']
    sort: Parameters<Ports['views']['query']>[1]['sort']
  },
): Promise<ListPage<Document>> {
  const { projection, collection, where, sort, limit = PAGE_DEFAULT, cursor = null } = request
  await awaitToken(ports, projection, request.token)
  const reader = readerOf(request.asker)
  const filter = where === undefined ? {} : { where }
  const page = await ports.views.query(collection, { ...filter, sort, limit, cursor, reader })
  const { count, more } = await ports.views.count(collection, { ...filter, reader })
  const { asOf } = await ports.views.progress(projection)
  return { total: count, more, documents: page.documents as Document[], next: page.next, asOf }
}
