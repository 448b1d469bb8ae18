import type { Tracer } from '@opentelemetry/api'
import type { DerivedIds } from './derived-ids.ts'

/** What spans are made with while traces are recorded. */
export interface Running {
  tracer: Tracer
  ids: DerivedIds
}

/** Null: nothing is recorded, and whoever asks does nothing further. */
export let running: Running | null = null

export function setRunning(next: Running | null): void {
  running = next
}
