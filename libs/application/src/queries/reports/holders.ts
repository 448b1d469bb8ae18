import type { ReadStore, Reader } from '#read-store'
import type { CaseDocument } from '../../projections/casework/case-document.ts'

/** Cases follow older ones only, so that following ends; longer lines than this nobody makes. */
const FOLLOWED_MAX = 50

/** The department that works on a case: of one that follows another, who leads or coordinates the last of those. */
export async function holderOf(views: ReadStore, of: CaseDocument, reader: Reader): Promise<string | null> {
  if (of.following === null) return of.lead ?? of.coordinating
  return await holderOfFollowed(views, of.following, reader)
}

/** Likewise, of the case with an id. Null where nobody has it yet, or the reader may not see it. */
export async function holderOfFollowed(views: ReadStore, id: string, reader: Reader): Promise<string | null> {
  let next: string | null = id
  for (let steps = 0; next !== null && steps < FOLLOWED_MAX; steps += 1) {
    const followed = (await views.get('cases', next, reader)) as CaseDocument | null
    if (followed === null) return null
    if (followed.following === null) return followed.lead ?? followed.coordinating
    next = followed.following
  }
  return null
}
