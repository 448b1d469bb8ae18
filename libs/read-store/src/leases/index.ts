export { holdLease, LeaseLost, type HeldWork, type HoldLeaseOptions } from './hold-lease.ts'
export { openLeases } from './open.ts'
export * from './port.ts'
