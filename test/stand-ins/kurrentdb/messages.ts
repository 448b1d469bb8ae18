/** Between the stand-in's events and the messages of KurrentDB's protocol, as its client's own package generates them. */
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js'
import googleEmpty from 'google-protobuf/google/protobuf/empty_pb.js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import status from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import type { ExpectedState, ProposedEvent, StandInAppend, StandInEvent } from './store.ts'

type AppendRequest = InstanceType<typeof streams.AppendReq>
type BatchRequest = InstanceType<typeof streams.BatchAppendReq>
type ReadOptions = InstanceType<typeof streams.ReadReq.Options>
type Uuid = InstanceType<typeof shared.UUID>
type Identifier = InstanceType<typeof shared.StreamIdentifier>

export const NOT_READY = 'Server Is Not Ready'
const WRONG_VERSION = 'event_store.client.WrongExpectedVersion'
/** ALREADY_EXISTS, ABORTED and the like tell clients nothing here: they look at the details. */
const FAILED_PRECONDITION = 9

export function nameOf(identifier: Identifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8')
}

export function identifierOf(name: string): Identifier {
  return new shared.StreamIdentifier().setStreamName(Buffer.from(name, 'utf8').toString('base64'))
}

export function uuidText(uuid: Uuid | undefined): string {
  const structured = uuid?.getStructured()
  if (structured === undefined) return uuid?.getString() ?? ''
  const [high, low] = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()].map((bits) =>
    BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'),
  )
  return `${high!.slice(0, 8)}-${high!.slice(8, 12)}-${high!.slice(12)}-${low!.slice(0, 4)}-${low!.slice(4)}`
}

function uuidOf(text: string, isStructured: boolean): Uuid {
  if (!isStructured) return new shared.UUID().setString(text)
  const digits = text.replaceAll('-', '')
  const bits = (from: number): string => BigInt.asIntN(64, BigInt(`0x${digits.slice(from, from + 16)}`)).toString()
  const structured = new shared.UUID.Structured().setMostSignificantBits(bits(0)).setLeastSignificantBits(bits(16))
  return new shared.UUID().setStructured(structured)
}

/** What an append proposes, by either of the two methods. */
export function proposedOf(
  message: InstanceType<typeof streams.AppendReq.ProposedMessage | typeof streams.BatchAppendReq.ProposedMessage>,
): ProposedEvent {
  const map = message.getMetadataMap()
  return {
    id: uuidText(message.getId()),
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  }
}

export function expectedOf(options: ReturnType<AppendRequest['getOptions']>): ExpectedState {
  if (options?.hasNoStream()) return { is: 'no stream' }
  if (options?.hasStreamExists()) return { is: 'exists' }
  return options?.hasRevision() ? { is: 'revision', revision: Number(options.getRevision()) } : { is: 'any' }
}

export function batchExpectedOf(options: ReturnType<BatchRequest['getOptions']>): ExpectedState {
  if (options?.hasNoStream()) return { is: 'no stream' }
  if (options?.hasStreamExists()) return { is: 'exists' }
  return options?.hasStreamPosition()
    ? { is: 'revision', revision: Number(options.getStreamPosition()) }
    : { is: 'any' }
}

export function appendAnswer(result: StandInAppend, expected: ExpectedState): InstanceType<typeof streams.AppendResp> {
  const answer = new streams.AppendResp()
  if (result.status === 'appended') {
    const at = result.position.toString()
    const position = new streams.AppendResp.Position().setCommitPosition(at).setPreparePosition(at)
    return answer.setSuccess(
      new streams.AppendResp.Success().setCurrentRevision(String(result.revision)).setPosition(position),
    )
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion()
  if (result.current === null) wrong.setCurrentNoStream(new shared.Empty())
  else wrong.setCurrentRevision(String(result.current))
  if (expected.is === 'revision') wrong.setExpectedRevision(String(expected.revision))
  else if (expected.is === 'no stream') wrong.setExpectedNoStream(new shared.Empty())
  else if (expected.is === 'exists') wrong.setExpectedStreamExists(new shared.Empty())
  return answer.setWrongExpectedVersion(wrong)
}

export function batchAnswer(
  correlation: Uuid | undefined,
  stream: string,
  result: StandInAppend | { status: 'not ready' },
  expected: ExpectedState,
): InstanceType<typeof streams.BatchAppendResp> {
  const answer = new streams.BatchAppendResp().setCorrelationId(correlation).setStreamIdentifier(identifierOf(stream))
  if (result.status === 'appended') {
    const at = result.position.toString()
    const position = new shared.AllStreamPosition().setCommitPosition(at).setPreparePosition(at)
    return answer.setSuccess(
      new streams.BatchAppendResp.Success().setCurrentRevision(String(result.revision)).setPosition(position),
    )
  }
  if (result.status === 'not ready') {
    const nothing = new anyMessages.Any()
    nothing.pack(new googleEmpty.Empty().serializeBinary(), 'google.protobuf.Empty')
    return answer.setError(new status.Status().setMessage(NOT_READY).setDetails(nothing))
  }
  const wrong = new shared.WrongExpectedVersion()
  if (result.current === null) wrong.setCurrentNoStream(new googleEmpty.Empty())
  else wrong.setCurrentStreamRevision(String(result.current))
  if (expected.is === 'revision') wrong.setExpectedStreamPosition(String(expected.revision))
  else if (expected.is === 'no stream') wrong.setExpectedNoStream(new googleEmpty.Empty())
  else if (expected.is === 'exists') wrong.setExpectedStreamExists(new googleEmpty.Empty())
  const details = new anyMessages.Any()
  details.pack(wrong.serializeBinary(), WRONG_VERSION)
  return answer.setError(
    new status.Status().setCode(FAILED_PRECONDITION).setMessage('WrongExpectedVersion').setDetails(details),
  )
}

/** An event as a read or a subscription gives it. */
export function eventAnswer(event: StandInEvent, options: ReadOptions): InstanceType<typeof streams.ReadResp> {
  const at = event.position.toString()
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(event.id, options.getUuidOption()?.hasStructured() === true))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(at)
    .setPreparePosition(at)
    .setData(event.data)
    .setCustomMetadata(event.metadata)
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', event.contentType)
    .set('created', event.createdTicks.toString())
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(at))
}

export function streamNotFound(name: string): InstanceType<typeof streams.ReadResp> {
  return new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name)),
  )
}

export function confirmation(id: string): InstanceType<typeof streams.ReadResp> {
  return new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id))
}

export function caughtUp(): InstanceType<typeof streams.ReadResp> {
  return new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp())
}

export function checkpoint(position: bigint): InstanceType<typeof streams.ReadResp> {
  const at = position.toString()
  return new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(at).setPreparePosition(at),
  )
}

/** Whether an event passes the filter of a read. */
export function filterOf(options: ReadOptions): (event: StandInEvent) => boolean {
  const filter = options.getFilter()
  if (filter === undefined) return () => true
  const isByName = filter.hasStreamIdentifier()
  const expression = isByName ? filter.getStreamIdentifier() : filter.getEventType()
  const prefixes = expression?.getPrefixList() ?? []
  const pattern = new RegExp(expression?.getRegex() || '^')
  return (event) => {
    const subject = isByName ? event.stream : event.type
    return prefixes.length > 0 ? prefixes.some((prefix) => subject.startsWith(prefix)) : pattern.test(subject)
  }
}
