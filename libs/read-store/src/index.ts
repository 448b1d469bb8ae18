export * from './errors.ts'
export { openReadStore, openReadStoreWriter } from './open.ts'
export * from './port.ts'
