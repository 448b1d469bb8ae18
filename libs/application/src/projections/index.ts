import { casework } from './casework/index.ts'
import { intake } from './intake.ts'
import type { Projection } from './projection.ts'
import { watch } from './watch.ts'

/** Every read model there is. */
export const projections: readonly Projection[] = [casework, intake, watch]
