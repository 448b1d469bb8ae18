import { Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { controllerOf } from './http/controller.ts'
import type { Parts } from './routes/parts.ts'
import type { Route } from './routes/route.ts'

/** The table of routes as a module of Nest's. */
@Module({})
export class GatewayModule {
  static of(routes: readonly Route[], parts: Parts): DynamicModule {
    return { module: GatewayModule, controllers: [controllerOf(routes, parts)] }
  }
}
