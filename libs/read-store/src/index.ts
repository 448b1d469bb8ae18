export * from './errors.ts'
export * from './leases/index.ts'
export { openReadStore, openReadStoreWriter } from './open.ts'
export * from './port.ts'
