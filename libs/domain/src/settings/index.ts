export * from './model.ts'
export * from './events.ts'
export * from './state.ts'
