export { KurrentDbStandIn, startKurrentDbStandIn } from './stand-in.ts'
export type { StandInOptions } from './stand-in.ts'
export { StandInStore } from './store.ts'
export type { StandInEvent } from './store.ts'
