import {
  caseEventFormats,
  commitmentEventFormats,
  intakeEventFormats,
  itemEventFormats,
  numberingEventFormats,
  settingsEventFormats,
  watchEventFormats,
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
  ...watchEventFormats,
}
