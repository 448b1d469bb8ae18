import type { IntegrationType } from './definition.ts'
import { caseTypes } from './types/case.ts'
import { commitmentTypes } from './types/commitment.ts'
import { itemTypes } from './types/item.ts'
import { oversightTypes } from './types/oversight.ts'

/** Everything that other systems are told, by the event that it tells of. */
export const integrationTypes: ReadonlyMap<string, IntegrationType> = new Map(
  [...caseTypes, ...oversightTypes, ...commitmentTypes, ...itemTypes].map((type) => [type.of, type]),
)
