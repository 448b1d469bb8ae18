export * from './terms.ts'
export * from './events.ts'
export * from './state.ts'
