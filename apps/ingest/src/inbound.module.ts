import { Logger, Module } from '@nestjs/common'
import type { DynamicModule } from '@nestjs/common'
import type { InboundIntake } from '#application'
import type { Messaging } from '#messaging'
import { InboundConsumer } from './inbound-consumer.ts'
import type { InboundTopics } from './inbound-consumer.ts'

export interface InboundModuleParts {
  messaging: Messaging
  intake: InboundIntake
  topics: InboundTopics
  group: string
  batchMax?: number
}

/** Takes in the messages of a broker as long as the process runs. */
@Module({})
export class InboundModule {
  static of(parts: InboundModuleParts): DynamicModule {
    const logger = new Logger('inbound')
    const consumer = new InboundConsumer({
      ...parts,
      onFailure: (error) => logger.error(error instanceof Error ? error.stack : String(error)),
    })
    return {
      module: InboundModule,
      providers: [{ provide: InboundConsumer, useValue: consumer }],
      exports: [InboundConsumer],
    }
  }
}
