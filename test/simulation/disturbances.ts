import { Chance } from '../crash/chance.ts'

/** What may happen to the machine before time does its part. None of it may change what is written. */
export type Disturbance = 'none' | 'restart' | 'two at once' | 'views made anew' | 'clock set back'

/** Often something, by chance from a seed; null: never anything. */
export function* disturbancesOf(seed: number | null): Generator<Disturbance> {
  if (seed === null) return
  const chance = new Chance(seed)
  for (;;) {
    const kind = chance.below(100)
    if (kind < 60) yield 'none'
    else if (kind < 90) yield 'two at once'
    else if (kind < 96) yield 'clock set back'
    else if (kind < 99) yield 'restart'
    else yield 'views made anew'
  }
}
