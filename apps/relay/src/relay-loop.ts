import type { Relay } from '#application'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'

/** Lets the relay work from the start of the process to its end. */
export class RelayLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly relay: Relay

  constructor(relay: Relay) {
    this.relay = relay
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.relay.start()
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop()
  }
}
