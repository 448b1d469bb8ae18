import type { Generation, ReadDocument, ReadStoreWriter } from '#read-store'
import type { Projection } from '../projections/projection.ts'
import type { Comparison, Difference } from './messages.ts'
import type { Projector } from './projector.ts'

const PAGE = 1_000
const DIFFERENCES_SHOWN_MAX = 100

/** Builds every read model anew beside the one in use and holds the two against each other. */
export async function compareWithRebuilt(
  projector: Pick<Projector, 'beside'>,
  views: Pick<ReadStoreWriter, 'active'>,
  projections: readonly Projection[],
): Promise<Comparison> {
  const total: Comparison = { documents: 0, differences: [], differing: 0 }
  for (const projection of projections) {
    const inUse = await views.active(projection.name)
    if (!inUse) continue
    const until = await inUse.checkpoint()
    const found = await projector.beside(projection, until, (anew) => compareGenerations(projection, inUse, anew))
    total.documents += found.documents
    total.differing += found.differing
    total.differences.push(...found.differences.slice(0, DIFFERENCES_SHOWN_MAX - total.differences.length))
  }
  return total
}

/** Holds two generations of a projection against each other, document by document in id order, a page of each at a time. */
async function compareGenerations(projection: Projection, inUse: Generation, anew: Generation): Promise<Comparison> {
  const comparison: Comparison = { documents: 0, differences: [], differing: 0 }
  for (const { name } of projection.collections) {
    const differ = (id: string, kind: Difference['kind']) => {
      comparison.differing += 1
      if (comparison.differences.length < DIFFERENCES_SHOWN_MAX)
        comparison.differences.push({ collection: name, id, kind })
    }
    const left = documents(inUse, name)
    const right = documents(anew, name)
    let a = await left.next()
    let b = await right.next()
    while (!a.done || !b.done) {
      comparison.documents += 1
      if (!a.done && !b.done && a.value.id === b.value.id) {
        if (!same(a.value, b.value)) differ(a.value.id, 'different')
        a = await left.next()
        b = await right.next()
      } else if (b.done || (!a.done && a.value.id < b.value.id)) {
        differ(a.value!.id, 'surplus')
        a = await left.next()
      } else {
        differ(b.value.id, 'missing')
        b = await right.next()
      }
    }
  }
  return comparison
}

async function* documents(generation: Generation, collection: string): AsyncGenerator<ReadDocument, undefined> {
  let after: string | null = null
  for (;;) {
    const page = await generation.scan(collection, after, PAGE)
    for (const { document } of page) if (document) yield document
    if (page.length < PAGE) return undefined
    after = page.at(-1)!.id
  }
}

/** As JSON with sorted keys, which is all that a document is. */
function same(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  )
}
