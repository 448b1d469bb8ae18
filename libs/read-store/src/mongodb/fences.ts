import { fenced } from '../errors.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { Registry } from './registry.ts'

/** Throws `FENCED` where a higher fence has been seen for the projection. */
export function checkFence(fences: Readonly<Record<string, number>>, projection: string, fence: number): void {
  if (fence < (fences[projection] ?? 0)) throw fenced(projection)
}

/**
 * Makes a fence the highest seen of a projection: in the registry, which every writer asks before its documents, and with
 * the checkpoint of each of its generations, which is the condition of the next one. Error: `FENCED`.
 */
export async function raiseFence(
  registry: Registry,
  checkpoints: Checkpoints,
  projection: string,
  fence: number,
): Promise<void> {
  const numbers = await registry.change((state) => {
    checkFence(state.fences, projection, fence)
    const isSeen = fence === (state.fences[projection] ?? 0)
    return {
      registered: isSeen ? null : { ...state, fences: { ...state.fences, [projection]: fence } },
      result: state.generations.filter((one) => one.projection === projection).map(({ number }) => number),
    }
  })
  for (const number of numbers) await checkpoints.raiseFence(number, fence)
}
