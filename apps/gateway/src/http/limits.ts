/** Bounds of everything that comes in. Tests set their own. */
export interface Limits {
  /** Of a command's JSON. One append takes half of it. */
  bodyBytesMax: number
  /** Of a file to be imported. */
  uploadBytesMax: number
  headersBytesMax: number
  /** From a request's first byte to the answer's last; uploads have their own. */
  requestMsMax: number
  uploadMsMax: number
  /** Who sends nothing of a file for so long has gone. */
  uploadSilenceMsMax: number
  /** Of what walks the whole store. */
  maintenanceMsMax: number
  /** Within a minute. An address may be a whole office behind one. */
  requestsPerAddressMax: number
  requestsPerPersonMax: number
  connectionsMax: number
  live: LiveLimits
  /** Files that wait to be imported or are on their way. */
  importsWaitingMax: number
}

export interface LiveLimits {
  clientsMax: number
  clientsPerPersonMax: number
  /** Something is sent at least so often, so that both sides notice a connection that is gone. */
  heartbeatMs: number
  /** A client that takes nothing for so long is cut off, and resumes. */
  stallMsMax: number
  /** Then it connects again, and is asked again who it is. */
  lifeMsMax: number
}

const MINUTE_MS = 60_000

export const defaultLimits: Limits = {
  bodyBytesMax: 1024 * 1024,
  uploadBytesMax: 512 * 1024 * 1024,
  headersBytesMax: 16 * 1024,
  requestMsMax: 30_000,
  uploadMsMax: 15 * MINUTE_MS,
  uploadSilenceMsMax: 30_000,
  maintenanceMsMax: 360 * MINUTE_MS,
  requestsPerAddressMax: 6_000,
  requestsPerPersonMax: 1_200,
  connectionsMax: 2_000,
  live: {
    clientsMax: 1_000,
    clientsPerPersonMax: 8,
    heartbeatMs: 15_000,
    stallMsMax: 20_000,
    lifeMsMax: 30 * MINUTE_MS,
  },
  importsWaitingMax: 8,
}
