import { performance } from 'node:perf_hooks'
import { isMongodb, pathOf } from '../open.ts'
import { SqliteCells } from '../sqlite/cells.ts'
import { CellLeases } from './leases.ts'
import type { Leases, MonotonicClock } from './port.ts'

/**
 * Leases beside the read models of an address, whose fences they are for. Address: as of `openReadStore`. Errors:
 * `BAD_ADDRESS`; of a server also `BAD_CREDENTIALS`, `UNAVAILABLE`.
 */
export async function openLeases(
  address: string,
  { clock = performance }: { clock?: MonotonicClock } = {},
): Promise<Leases> {
  if (!isMongodb(address)) return new CellLeases(new SqliteCells(pathOf(address)), clock)
  const { openMongodbCells } = await import('../mongodb/open.ts')
  return new CellLeases(await openMongodbCells(address, 'leases'), clock)
}
