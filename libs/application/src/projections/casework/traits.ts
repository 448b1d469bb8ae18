import type { CaseDocument } from './case-document.ts'

/** What a search for cases may be narrowed by. */
export interface CaseTraits {
  state?: string | null
  department?: string | null
  channel?: string | null
}

/** As the search index holds them. */
export function traits({ state, department, channel }: CaseTraits): string[] {
  return [
    ...(state ? [`state:${state}`] : []),
    ...(department ? [`department:${department}`] : []),
    ...(channel ? [`channel:${channel}`] : []),
  ]
}

export function traitsOf({ status, departments, channel }: CaseDocument): string[] {
  return [...traits({ state: status, channel }), ...departments.flatMap((department) => traits({ department }))]
}
