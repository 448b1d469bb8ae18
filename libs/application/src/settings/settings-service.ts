import { evolveSettings, initialSettingsState, settingsAreas, settingsOf, settingsStream } from '#domain'
import type { Settings, SettingsEvent } from '#domain'
import type { EventStore } from '#event-store'

/** The settings in force, folded from their streams; read again after each command that changes them. */
export class SettingsService {
  readonly #store: EventStore
  #settings: Settings = settingsOf(initialSettingsState)

  constructor(store: EventStore) {
    this.#store = store
  }

  get current(): Settings {
    return this.#settings
  }

  async load(): Promise<void> {
    let state = initialSettingsState
    for (const area of settingsAreas) {
      const { events } = await this.#store.readStream(settingsStream(area))
      for (const event of events) state = evolveSettings(state, event as unknown as SettingsEvent)
    }
    this.#settings = settingsOf(state)
  }
}
