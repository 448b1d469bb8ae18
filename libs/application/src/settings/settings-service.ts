import { evolveSettings, initialSettingsState, settingsAreas, settingsOf, settingsStream } from '#domain'
import type { Settings, SettingsEvent } from '#domain'
import type { EventStore } from '#event-store'

const settingsStreams: ReadonlySet<string> = new Set(settingsAreas.map((area) => settingsStream(area)))

/** The settings in force, folded from their streams; read again after each command that changes them. */
export class SettingsService {
  readonly #store: EventStore
  #settings: Settings = settingsOf(initialSettingsState)
  #loading: Promise<void> = Promise.resolve()

  constructor(store: EventStore) {
    this.#store = store
  }

  get current(): Settings {
    return this.#settings
  }

  /** One after the other: what was read earlier never takes the place of what was read later. */
  async load(): Promise<void> {
    const loading = this.#loading.catch(() => {}).then(() => this.#load())
    this.#loading = loading
    await loading
  }

  /** Reads them again whenever another process has changed them, until the signal aborts. Rejects where the store fails. */
  async follow(signal: AbortSignal): Promise<void> {
    const from = await this.#store.head()
    // What was changed before that moment, and after they were last read.
    await this.load()
    const select = ({ stream }: { stream: string }) => settingsStreams.has(stream)
    for await (const message of this.#store.subscribe(from, { signal, select })) {
      if (message.kind === 'events') await this.load()
    }
  }

  async #load(): Promise<void> {
    let state = initialSettingsState
    for (const area of settingsAreas) {
      const { events } = await this.#store.readStream(settingsStream(area))
      for (const event of events) state = evolveSettings(state, event as unknown as SettingsEvent)
    }
    this.#settings = settingsOf(state)
  }
}
