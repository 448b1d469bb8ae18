export * from './events.ts'
export * from './state.ts'
export * from './refusals.ts'
export * from './commands.ts'
