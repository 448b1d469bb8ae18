import { caseRefusals } from './case/refusals.ts'
import { commitmentRefusals } from './commitment/refusals.ts'
import { deliveryErrors } from './intake/delivery-errors.ts'
import { intakeRefusals } from './intake/refusals.ts'
import { itemRefusals } from './item/refusals.ts'
import type { ErrorTable } from './kernel/errors.ts'
import { fileErrors } from './kernel/file-errors.ts'
import { commonErrors } from './kernel/refusals.ts'
import { numberingRefusals } from './numbering/refusals.ts'
import { settingsRefusals } from './settings/refusals.ts'
import { watchRefusals } from './watch/refusals.ts'

/** The tables that make up the one table; a test fails where a code stands in two of them or is used by nobody. */
export const errorTables: readonly ErrorTable[] = [
  commonErrors,
  fileErrors,
  settingsRefusals,
  itemRefusals,
  caseRefusals,
  commitmentRefusals,
  numberingRefusals,
  intakeRefusals,
  watchRefusals,
  deliveryErrors,
]

/** Every way to fail that a caller is told of, by code. */
export const errors: ErrorTable = Object.assign({}, ...errorTables)
