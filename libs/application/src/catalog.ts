import {
  caseEventFormats,
  commitmentEventFormats,
  intakeEventFormats,
  itemEventFormats,
  numberingEventFormats,
  settingsEventFormats,
} from '#domain'
import type { Catalog } from '#event-store'

/** Every event type that this release can write or read. */
export const catalog: Catalog = {
  ...itemEventFormats,
  ...caseEventFormats,
  ...commitmentEventFormats,
  ...settingsEventFormats,
  ...numberingEventFormats,
  ...intakeEventFormats,
}
