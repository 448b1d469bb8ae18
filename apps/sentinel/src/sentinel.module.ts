import type { Application } from '#application'
import { Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { Timekeeper } from './timekeeper.ts'

/** Everything that happens because time passed, for an application that somebody has put together. */
@Module({})
export class SentinelModule {
  static of(application: Application): DynamicModule {
    return {
      module: SentinelModule,
      providers: [{ provide: Timekeeper, useFactory: () => new Timekeeper(application) }],
      exports: [Timekeeper],
    }
  }
}
