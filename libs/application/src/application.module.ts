import { Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import { CqrsModule } from '@nestjs/cqrs'
import type { Application } from './application.ts'
import { Commander } from './commands/commander.ts'
import { commandHandlers } from './commands/cqrs.ts'
import { PORTS } from './ports.ts'
import { queryHandlers } from './queries/index.ts'
import { SettingsService } from './settings/settings-service.ts'

/** Commands and queries on Nest's buses, over an application that somebody has put together. */
@Module({})
export class ApplicationModule {
  static of(application: Application): DynamicModule {
    return {
      module: ApplicationModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: PORTS, useValue: application.ports },
        { provide: Commander, useValue: application.commander },
        { provide: SettingsService, useValue: application.settings },
        ...commandHandlers,
        ...queryHandlers,
      ],
      exports: [CqrsModule],
    }
  }
}
