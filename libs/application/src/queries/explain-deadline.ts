import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import { computeDeadline } from '#calendar'
import type { Deadline } from '#calendar'
import { instantAt } from '../clock.ts'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import { SettingsService } from '../settings/settings-service.ts'
import { QueryRefused } from './reading.ts'

/** When something received then would have to be answered, and why. */
export class ExplainDeadline extends Query<Deadline | null> {
  readonly channel: string
  readonly received: string
  readonly type: string | null

  constructor(channel: string, received: string, type: string | null) {
    super()
    this.channel = channel
    this.received = received
    this.type = type
  }
}

@QueryHandler(ExplainDeadline)
export class ExplainDeadlineHandler implements IQueryHandler<ExplainDeadline> {
  readonly #settings: SettingsService
  readonly #ports: Ports

  constructor(@Inject(SettingsService) settings: SettingsService, @Inject(PORTS) ports: Ports) {
    this.#settings = settings
    this.#ports = ports
  }

  execute({ channel, received, type }: ExplainDeadline): Promise<Deadline | null> {
    const { channels, norms, calendar } = this.#settings.current
    const known = channels.get(channel)
    if (!known) throw new QueryRefused('UNKNOWN_CHANNEL', `${channel}: ${[...channels.keys()].join(', ')}`)
    const now = instantAt(this.#ports.clock.now())
    const deadline = computeDeadline({
      purpose: 'final-answer',
      startsAt: known.kind === 'message' ? 'received' : 'discovered',
      startedAt: received,
      now,
      norms,
      calendar,
      facts: {
        kind: known.kind,
        channel,
        ...(type && { type }),
        // A day that has passed is judged as history is: by the norm that held then, else by today's.
        origin: received < now ? 'history' : 'live',
      },
    })
    return Promise.resolve(deadline)
  }
}
