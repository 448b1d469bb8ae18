import type { Policy } from './policy.ts'

/**
 * An item that was erased or quarantined loses its key, and with it every word that its events sealed, and its files. The
 * case that it opened keeps its number, deadlines and answers; what it was asked with is only in the item. The next event
 * waits until that is done, so that nothing passes over it, whatever dies in between: then all of it is done again.
 */
export const destroyContent: Policy = {
  name: 'destroy-content',
  handles: new Set(['ItemErased', 'ItemQuarantined']),
  expectedRefusals: new Set(),
  async consequences(event, tools) {
    await tools.destroyContent(event)
    return []
  },
}
