import { readFields, type DocumentFields } from './definition.ts'
import { ReadStoreError } from './errors.ts'
import { BATCH_CHANGES_MAX, type Change, type CollectionDefinition, type Position } from './port.ts'

/** A change whose document keeps the rules; `fields` null: a removal. */
export interface CheckedChange {
  position: Position
  fields: DocumentFields | null
}

/**
 * The changes by collection and id, checked before anything is written; of several of one document the one with the newest
 * position. Errors: `OUT_OF_BOUNDS`, `BAD_DOCUMENT`, and what `definitionOf` throws.
 */
export function checkChanges(
  changes: readonly Change[],
  definitionOf: (collection: string) => CollectionDefinition,
): Map<string, Map<string, CheckedChange>> {
  if (changes.length > BATCH_CHANGES_MAX) {
    throw new ReadStoreError('OUT_OF_BOUNDS', `Write at most ${BATCH_CHANGES_MAX} changes at once`)
  }
  const byCollection = new Map<string, Map<string, CheckedChange>>()
  for (const { collection, id, position, document } of changes) {
    const definition = definitionOf(collection)
    const checked = byCollection.get(collection) ?? new Map<string, CheckedChange>()
    byCollection.set(collection, checked)
    const before = checked.get(id)
    if (before !== undefined && position <= before.position) continue
    checked.set(id, { position, fields: document === null ? null : readFields(definition, id, document) })
  }
  return byCollection
}
