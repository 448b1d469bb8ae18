import { createServer } from 'node:net'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js'
import type {
  ConnectionInjector,
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
} from '@grpc/grpc-js'
import gossipService from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js'
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js'
import featuresService from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js'
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import streamsService from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js'
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import { appendAnswer, batchAnswer, batchExpectedOf, expectedOf, nameOf, NOT_READY, proposedOf } from './messages.ts'
import { answerRead } from './reading.ts'
import type { ReadCall } from './reading.ts'
import { StandInStore } from './store.ts'
import type { ExpectedState, ProposedEvent, StandInAppend } from './store.ts'

type AppendRequest = InstanceType<typeof streams.AppendReq>
type AppendAnswer = InstanceType<typeof streams.AppendResp>
type BatchRequest = InstanceType<typeof streams.BatchAppendReq>
type BatchAnswer = InstanceType<typeof streams.BatchAppendResp>
type Empty = InstanceType<typeof shared.Empty>
type SupportedMethods = InstanceType<typeof features.SupportedMethods>
type ClusterInfo = InstanceType<typeof gossip.ClusterInfo>

export interface StandInOptions {
  /** Any free one where it is left out. */
  port?: number
  /** Shared with another node, as replicas do; a new one where it is left out. */
  store?: StandInStore
  /** Whether the server says that it takes many appends on one call, as those of today do. */
  hasBatchAppend?: boolean
}

/** What was asked of it, by method. */
export type StandInCalls = Record<'append' | 'batchAppend' | 'read' | 'subscribe' | 'features' | 'gossip', number>

/**
 * Stands in for a KurrentDB server in tests, and in nothing else: it speaks enough of the gRPC protocol for the client and
 * its native bridge, keeps everything in memory, and can be made to fail in the ways that a network and a cluster do.
 */
export class KurrentDbStandIn {
  readonly store: StandInStore
  readonly port: number
  readonly calls: StandInCalls = { append: 0, batchAppend: 0, read: 0, subscribe: 0, features: 0, gossip: 0 }
  readonly #listener: NetServer
  readonly #server: Server
  readonly #injector: ConnectionInjector
  readonly #sockets = new Set<Socket>()
  readonly #hasBatchAppend: boolean
  #isRefusing = false
  #held: Promise<void> | null = null
  #requestsToLose = 0
  #answersToLose = 0
  #notReady = 0
  #readsToCutShort = 0
  #leader: KurrentDbStandIn | null = null
  #subscribed = Promise.withResolvers<void>()

  constructor(listener: NetServer, options: StandInOptions) {
    const { store = new StandInStore(), hasBatchAppend = true } = options
    this.store = store
    this.#hasBatchAppend = hasBatchAppend
    this.#listener = listener
    this.port = (listener.address() as AddressInfo).port
    this.#server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 })
    this.#addServices()
    this.#injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure())
    listener.on('connection', (socket: Socket) => this.#accept(socket))
  }

  get url(): string {
    return `kurrentdb://127.0.0.1:${this.port}?tls=false`
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()))
    this.dropConnections()
    this.#injector.destroy()
    this.#server.forceShutdown()
    await closed
  }

  /** Breaks every connection; new ones are taken. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Breaks every connection and takes none until what it returns is called. */
  refuseConnections(): () => void {
    this.#isRefusing = true
    this.dropConnections()
    return () => {
      this.#isRefusing = false
    }
  }

  /** Leaves the next so many appends unwritten and breaks the connection instead. */
  loseRequests(count: number): void {
    this.#requestsToLose = count
  }

  /** Writes the next so many appends and breaks the connection instead of answering. */
  loseAnswers(count: number): void {
    this.#answersToLose = count
  }

  /** Answers the next so many appends with what a server says that starts, or whose cluster elects a leader. */
  beNotReady(count: number): void {
    this.#notReady = count
  }

  /** Breaks off the next so many reads after none, one or two answers, in the way that the client's native part takes for their end. */
  cutReadsShort(count: number): void {
    this.#readsToCutShort = count
  }

  /** Neither writes appends nor answers reads until what it returns is called. Subscriptions go on. */
  hold(): () => void {
    const held = Promise.withResolvers<void>()
    this.#held = held.promise
    return () => {
      this.#held = null
      held.resolve()
    }
  }

  /** Answers calls that want the leader with where it is now; null makes this node the leader again. */
  follow(leader: KurrentDbStandIn | null): void {
    this.#leader = leader
    if (leader !== null) this.dropConnections()
  }

  /** What a real server writes of its own accord: statistics, users, metadata of streams. */
  appendSystemEvents(count: number, stream = '$stats-127.0.0.1:2113', type = '$statsCollected'): void {
    for (let written = 0; written < count; written += 1) {
      const id = crypto.randomUUID()
      const data = Buffer.from('{"proc-id":1}')
      const event = { id, type, contentType: 'application/json', data, metadata: Buffer.alloc(0) }
      this.store.append(stream, { is: 'any' }, [event])
    }
  }

  /** Settles when the next subscription has begun. */
  nextSubscription(): Promise<void> {
    return this.#subscribed.promise
  }

  #accept(socket: Socket): void {
    if (this.#isRefusing) {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // A broken connection is what tests want of it.
    socket.on('error', () => socket.destroy())
    this.#injector.injectConnection(socket)
  }

  #addServices(): void {
    this.#server.addService(streamsService.StreamsService, {
      read: (call: ReadCall) => this.#read(call),
      append: (call: ServerReadableStream<AppendRequest, AppendAnswer>, done: sendUnaryData<AppendAnswer>) => {
        void this.#append(call).then(
          (answer) => answer !== null && done(null, answer),
          (error: unknown) => done(failure(error)),
        )
      },
      batchAppend: (call: ServerDuplexStream<BatchRequest, BatchAnswer>) => this.#batchAppend(call),
      delete: refused,
      tombstone: refused,
    })
    this.#server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_: ServerUnaryCall<Empty, SupportedMethods>, done: sendUnaryData<SupportedMethods>) => {
        this.calls.features += 1
        done(null, this.#features())
      },
    })
    this.#server.addService(gossipService.GossipService, {
      read: (_: ServerUnaryCall<Empty, ClusterInfo>, done: sendUnaryData<ClusterInfo>) => {
        this.calls.gossip += 1
        done(null, this.#cluster())
      },
    })
  }

  #read(call: ReadCall): void {
    const isSubscription = call.request.getOptions()?.hasSubscription() === true
    this.calls[isSubscription ? 'subscribe' : 'read'] += 1
    const elsewhere = this.#notLeader(call.metadata)
    if (elsewhere !== null) {
      call.emit('error', elsewhere)
      return
    }
    if (isSubscription) {
      this.#subscribed.resolve()
      this.#subscribed = Promise.withResolvers<void>()
    }
    this.#answer(call, isSubscription).catch((error: unknown) => call.destroy(failure(error)))
  }

  async #answer(call: ReadCall, isSubscription: boolean): Promise<void> {
    if (!isSubscription && this.#held !== null) await this.#held
    if (isSubscription || this.#readsToCutShort === 0) return answerRead(call, this.store)
    this.#readsToCutShort -= 1
    await answerRead(call, this.store, this.#readsToCutShort % 3)
  }

  async #append(call: ServerReadableStream<AppendRequest, AppendAnswer>): Promise<AppendAnswer | null> {
    this.calls.append += 1
    const elsewhere = this.#notLeader(call.metadata)
    if (elsewhere !== null) throw elsewhere
    let stream = ''
    let expected: ExpectedState = { is: 'any' }
    const events: ProposedEvent[] = []
    for await (const request of call as AsyncIterable<AppendRequest>) {
      const message = request.getProposedMessage()
      if (message !== undefined) events.push(proposedOf(message))
      else {
        stream = nameOf(request.getOptions()?.getStreamIdentifier())
        expected = expectedOf(request.getOptions())
      }
    }
    // The rest never came; what came of it is no append.
    if (call.cancelled) return null
    const result = await this.#write(stream, expected, events)
    if (result?.status === 'not ready') throw Object.assign(new Error(NOT_READY), { code: status.UNAVAILABLE })
    return result === null ? null : appendAnswer(result, expected)
  }

  /** Requests come in parts, which belong together by their correlation id; each whole one is answered. */
  #batchAppend(call: ServerDuplexStream<BatchRequest, BatchAnswer>): void {
    const elsewhere = this.#notLeader(call.metadata)
    if (elsewhere !== null) {
      call.emit('error', elsewhere)
      return
    }
    const begun = new Map<string, { stream: string; expected: ExpectedState; events: ProposedEvent[] }>()
    call.on('error', () => call.destroy())
    call.on('end', () => call.end())
    call.on('data', (request: BatchRequest) => {
      const id = request.getCorrelationId()
      const key = Buffer.from(id?.serializeBinary() ?? []).toString('hex')
      const options = request.getOptions()
      const append = begun.get(key) ?? {
        stream: nameOf(options?.getStreamIdentifier()),
        expected: batchExpectedOf(options),
        events: [],
      }
      append.events.push(...request.getProposedMessagesList().map(proposedOf))
      begun.set(key, append)
      if (!request.getIsFinal()) return
      begun.delete(key)
      this.calls.batchAppend += 1
      const { stream, expected, events } = append
      void this.#write(stream, expected, events).then((result) => {
        if (result !== null && !call.destroyed) call.write(batchAnswer(id, stream, result, expected))
      })
    })
  }

  /** Null where the connection breaks instead of an answer. */
  async #write(
    stream: string,
    expected: ExpectedState,
    events: readonly ProposedEvent[],
  ): Promise<StandInAppend | { status: 'not ready' } | null> {
    if (this.#held !== null) await this.#held
    if (this.#notReady > 0) {
      this.#notReady -= 1
      return { status: 'not ready' }
    }
    if (this.#requestsToLose > 0) {
      this.#requestsToLose -= 1
      this.dropConnections()
      return null
    }
    const result = this.store.append(stream, expected, events)
    if (this.#answersToLose === 0) return result
    this.#answersToLose -= 1
    this.dropConnections()
    return null
  }

  #notLeader(metadata: Metadata): (Error & { code: status; metadata: Metadata; details: string }) | null {
    if (this.#leader === null || metadata.get('requires-leader')[0] !== 'true') return null
    const trailers = new Metadata()
    trailers.set('exception', 'not-leader')
    trailers.set('leader-endpoint-host', '127.0.0.1')
    trailers.set('leader-endpoint-port', String(this.#leader.port))
    const details = 'Leader info available'
    return Object.assign(new Error(details), { code: status.NOT_FOUND, metadata: trailers, details })
  }

  #features(): SupportedMethods {
    const methods = ['read', 'append', ...(this.#hasBatchAppend ? ['batchappend'] : [])].map((method) =>
      new features.SupportedMethod()
        .setServiceName('event_store.client.streams.streams')
        .setMethodName(method)
        .setFeaturesList(method === 'read' ? ['position', 'events'] : []),
    )
    return new features.SupportedMethods().setEventStoreServerVersion('25.0.0').setMethodsList(methods)
  }

  #cluster(): ClusterInfo {
    const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState
    const nodes: [number, number][] =
      this.#leader === null
        ? [[this.port, LEADER]]
        : [
            [this.#leader.port, LEADER],
            [this.port, FOLLOWER],
          ]
    const members = nodes.map(([port, state]) =>
      new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
        .setTimeStamp(String(Date.now()))
        .setState(state)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port)),
    )
    return new gossip.ClusterInfo().setMembersList(members)
  }
}

export async function startKurrentDbStandIn(options: StandInOptions = {}): Promise<KurrentDbStandIn> {
  const listener = createServer()
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(options.port ?? 0, '127.0.0.1', () => resolve())
  })
  return new KurrentDbStandIn(listener, options)
}

function refused(_: unknown, done: sendUnaryData<never>): void {
  done({ code: status.UNIMPLEMENTED, details: 'The stand-in deletes nothing, and neither does Huiying.' })
}

function failure(error: unknown): Error & { code: status } {
  if (error instanceof Error && 'code' in error) return error as Error & { code: status }
  return Object.assign(error instanceof Error ? error : new Error(String(error)), { code: status.INTERNAL })
}
