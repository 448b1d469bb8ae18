import { casework } from './casework/index.ts'
import { intake } from './intake.ts'
import type { Projection } from './projection.ts'

/** Every read model there is. */
export const projections: readonly Projection[] = [casework, intake]
