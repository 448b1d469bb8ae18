import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import type { ApprovalPolicy, Channel, ChannelKey, Department, Feed, Limits, OnTheSpotRule, Reminders } from '#domain'
import { SettingsService } from '../settings/settings-service.ts'

/** What people choose from, and the limits that hold. */
export interface SettingsAnswer {
  departments: Department[]
  channels: Channel[]
  approvalPolicies: ApprovalPolicy[]
  limits: Limits
  reminders: Reminders
  feeds: Feed[]
  /** By what they are known; no secret is among them. */
  channelKeys: ChannelKey[]
  onTheSpot: OnTheSpotRule
  publicationHosts: string[]
}

/** The settings in force; nothing of them is secret from staff. */
export class GetSettings extends Query<SettingsAnswer> {}

@QueryHandler(GetSettings)
export class GetSettingsHandler implements IQueryHandler<GetSettings> {
  readonly #settings: SettingsService

  constructor(@Inject(SettingsService) settings: SettingsService) {
    this.#settings = settings
  }

  execute(): Promise<SettingsAnswer> {
    const {
      departments,
      channels,
      channelKeys,
      approvalPolicies,
      limits,
      reminders,
      feeds,
      onTheSpot,
      publicationHosts,
    } = this.#settings.current
    return Promise.resolve({
      departments: [...departments.values()],
      channels: [...channels.values()],
      approvalPolicies: [...approvalPolicies],
      limits,
      reminders,
      feeds: [...feeds.values()],
      channelKeys: [...channelKeys.values()].flat(),
      onTheSpot,
      publicationHosts: [...publicationHosts],
    })
  }
}
