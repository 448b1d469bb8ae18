import { setTimeout } from 'node:timers/promises'
import { Logger, Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { Relay } from '#application'
import type { RelayParts } from '#application'
import { RelayLoop } from './relay-loop.ts'

const PAUSE_MS = 1_000
const PAUSE_MS_MAX = 30_000

/** Tells other systems what happens, as long as the process runs. */
@Module({})
export class RelayModule {
  static of(parts: Omit<RelayParts, 'retry'>): DynamicModule {
    const logger = new Logger('relay')
    const relay = new Relay({
      ...parts,
      retry: {
        pauseMs: PAUSE_MS,
        pauseMsMax: PAUSE_MS_MAX,
        // Aborted, it is over: the relay sees to it.
        wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => {}),
        onFailure: (error, failures) =>
          logger.error(`failed ${failures} times in a row: ${error instanceof Error ? error.stack : String(error)}`),
      },
    })
    return {
      module: RelayModule,
      providers: [{ provide: RelayLoop, useValue: new RelayLoop(relay) }],
      exports: [RelayLoop],
    }
  }
}
