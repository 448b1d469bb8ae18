import { hash } from 'node:crypto'
import { binaryEvent } from '@kurrent/kurrentdb-client'
import type { AllStreamRecordedEvent, BinaryEventType, EventData, RecordedEvent } from '@kurrent/kurrentdb-client'
import { EventStoreError } from '../errors.ts'
import type { LogRow, NewLogEvent } from '../log.ts'
import { positionOf } from './position.ts'

/** What stands in an event's metadata at the server. Our own stands in it as one string, because as JSON it would come back in other words. */
interface Frame {
  id: string
  version: number
  metadata: string
}

/** The data as bytes, not as JSON: the client would parse and write it anew, and keys that look like numbers change places. */
export function eventDataOf(event: NewLogEvent): EventData<BinaryEventType> {
  const { id, type, version, data, metadata } = event
  const frame: Frame = { id, version, metadata }
  return binaryEvent({ id: serverIdOf(event), type, data: Buffer.from(data, 'utf8'), metadata: { ...frame } })
}

/**
 * The id that the server knows an event by: a UUID (version 8) from our id and its digest. The server answers the same ids
 * at the same place as written, whatever they hold now; only a retry of the same bytes may be answered so, since otherwise
 * we would go on from a digest that is not stored.
 */
export function serverIdOf({ id, digest }: Pick<NewLogEvent, 'id' | 'digest'>): string {
  const bytes = hash('sha256', `${id} ${digest}`, 'buffer')
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const digits = bytes.toString('hex')
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-')
}

/** Whether an event is ours: streams, and types of links, that begin with `$` are the server's. */
export function isOurs({ streamId, type }: { streamId: string; type: string }): boolean {
  return !streamId.startsWith('$') && !type.startsWith('$')
}

/**
 * An event as it was stored. What another program wrote has no frame: it is given as it is, so that whoever checks it says
 * what is wrong with it. Throws `STORE_FAILED` where the server is too old to say where the event stands.
 */
export function rowOf(event: RecordedEvent | AllStreamRecordedEvent): LogRow {
  const position = event.position === undefined ? null : positionOf(event.position)
  if (position === null) {
    throw new EventStoreError(
      'STORE_FAILED',
      'The server does not say where the events of a stream stand in $all; use KurrentDB, or EventStoreDB from 22.6 on.',
    )
  }
  const { streamId: stream, revision, type } = event
  const frame = isFrame(event.metadata)
    ? event.metadata
    : { id: event.id, version: 0, metadata: textOf(event.metadata) }
  return { position, stream, revision: Number(revision), type, ...frameParts(frame), data: textOf(event.data) }
}

function frameParts({ id, version, metadata }: Frame): Frame {
  return { id, version, metadata }
}

function isFrame(metadata: unknown): metadata is Frame {
  if (typeof metadata !== 'object' || metadata === null) return false
  const { id, version, metadata: text } = metadata as Partial<Frame>
  return typeof id === 'string' && typeof version === 'number' && typeof text === 'string'
}

function textOf(content: unknown): string {
  if (content instanceof Uint8Array)
    return Buffer.from(content.buffer, content.byteOffset, content.length).toString('utf8')
  return JSON.stringify(content) ?? ''
}
