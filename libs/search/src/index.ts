export * from './errors.ts'
export { openSearchIndex, openSearchWriter } from './open.ts'
export * from './port.ts'
