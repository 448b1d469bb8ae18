import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:http2'
import type { ServerHttp2Stream } from 'node:http2'
import { Metadata, status } from '@grpc/grpc-js'
import type { ServerWritableStream } from '@grpc/grpc-js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import { caughtUp, checkpoint, confirmation, eventAnswer, filterOf, nameOf, streamNotFound } from './messages.ts'
import type { StandInEvent, StandInStore } from './store.ts'

type ReadRequest = InstanceType<typeof streams.ReadReq>
type ReadAnswer = InstanceType<typeof streams.ReadResp>
type Options = InstanceType<typeof streams.ReadReq.Options>
export type ReadCall = ServerWritableStream<ReadRequest, ReadAnswer>

/** A subscription tells how far it looked after so many events that its filter left out, times the interval asked for. */
const CHECKPOINT_EVENTS = 32

/** Answers a read or a subscription, of a stream or of `$all`; a read no further than so many answers, and then breaks it off. */
export async function answerRead(call: ReadCall, store: StandInStore, answersMax = Infinity): Promise<void> {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options()
  if (isBetweenEvents(store, options)) {
    const details = 'Trying to read from an invalid position.'
    call.emit('error', Object.assign(new Error(details), { code: status.INVALID_ARGUMENT, details }))
    return
  }
  if (options.hasSubscription()) return subscribeToAll(call, store, options)
  let answered = 0
  for (const answer of options.hasAll() ? readAll(store, options) : readStream(store, options)) {
    if (answered === answersMax) break
    if (!(await send(call, answer))) return
    answered += 1
  }
  if (answersMax === Infinity) call.end()
  else await breakOff(call)
}

/** RST_STREAM with CANCEL, as proxies and servers that stop send it. gRPC's own server keeps its stream to itself. */
async function breakOff(call: ReadCall): Promise<void> {
  call.sendMetadata(new Metadata())
  const { stream } = (call as unknown as { call: { stream: ServerHttp2Stream } }).call
  // What was answered goes first.
  await new Promise((resolve) => setImmediate(resolve))
  stream.close(constants.NGHTTP2_CANCEL)
}

/** A position in the middle of the log at which no event begins: one of another store, or of a leader that is no more. */
function isBetweenEvents(store: StandInStore, options: Options): boolean {
  const at = options.getAll()?.getPosition()?.getCommitPosition()
  if (at === undefined) return false
  const found = store.all[store.indexAt(BigInt(at))]
  return found !== undefined && found.position !== BigInt(at)
}

function* readStream(store: StandInStore, options: Options): Generator<ReadAnswer> {
  const place = options.getStream()
  const name = nameOf(place?.getStreamIdentifier())
  const events = store.stream(name)
  if (events === undefined) return yield streamNotFound(name)
  const isForwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS
  const revision = place?.hasRevision() ? Number(place.getRevision()) : isForwards ? 0 : Infinity
  const found = isForwards
    ? events.filter((event) => event.revision >= revision)
    : events.filter((event) => event.revision <= revision).toReversed()
  for (const event of found.slice(0, Number(options.getCount()))) yield eventAnswer(event, options)
}

/** A position is inclusive forwards, and backwards exclusive: it lies before its event. */
function* readAll(store: StandInStore, options: Options): Generator<ReadAnswer> {
  const isWanted = filterOf(options)
  const isForwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS
  const at = options.getAll()?.getPosition()?.getCommitPosition()
  const end = isForwards ? store.all.length : -1
  let index = at === undefined ? (isForwards ? 0 : store.all.length) : store.indexAt(BigInt(at))
  if (options.getAll()?.hasEnd() && isForwards) index = end
  if (!isForwards) index -= 1
  let left = Number(options.getCount())
  for (; index !== end && left > 0; index += isForwards ? 1 : -1) {
    const event = store.all[index]!
    if (!isWanted(event)) continue
    left -= 1
    yield eventAnswer(event, options)
  }
}

/** A position is exclusive: what was seen last. Goes on until the client, or the connection, ends it. */
async function subscribeToAll(call: ReadCall, store: StandInStore, options: Options): Promise<void> {
  const isWanted = filterOf(options)
  const isFiltered = options.hasFilter()
  const interval = CHECKPOINT_EVENTS * Math.max(1, options.getFilter()?.getCheckpointintervalmultiplier() ?? 1)
  const at = options.getAll()?.getPosition()?.getCommitPosition()
  let last: bigint = at === undefined ? -1n : BigInt(at)
  if (options.getAll()?.hasEnd()) last = store.all.at(-1)?.position ?? -1n
  const next = (): StandInEvent | undefined => store.all[store.indexAt(last + 1n)]
  if (!(await send(call, confirmation(randomUUID())))) return

  let leftOut = 0
  let isLive = false
  let appended = Promise.withResolvers<void>()
  const stop = store.onAppended(() => appended.resolve())
  const cancelled = new Promise<void>((resolve) => {
    call.once('cancelled', () => resolve())
    call.once('close', () => resolve())
  })
  try {
    while (!isOver(call)) {
      appended = Promise.withResolvers<void>()
      const event = next()
      if (event === undefined) {
        if (!isLive && !(await send(call, caughtUp()))) return
        isLive = true
        await Promise.race([appended.promise, cancelled])
        continue
      }
      last = event.position
      if (isWanted(event)) {
        leftOut = 0
        if (!(await send(call, eventAnswer(event, options)))) return
        continue
      }
      leftOut += 1
      if (isFiltered && leftOut % interval === 0 && !(await send(call, checkpoint(last)))) return
    }
  } finally {
    stop()
  }
}

function isOver(call: ReadCall): boolean {
  return call.cancelled || call.destroyed || call.writableEnded
}

/** Writes when the other side has room. False where it is gone. */
async function send(call: ReadCall, answer: ReadAnswer): Promise<boolean> {
  if (isOver(call)) return false
  if (call.write(answer)) return true
  const gone = new AbortController()
  const onGone = (): void => gone.abort()
  call.once('cancelled', onGone).once('close', onGone)
  try {
    await once(call, 'drain', { signal: gone.signal })
    return !isOver(call)
  } catch (error) {
    if (gone.signal.aborted) return false
    throw error
  } finally {
    call.off('cancelled', onGone).off('close', onGone)
  }
}
