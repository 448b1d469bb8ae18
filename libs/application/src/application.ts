import type { From, RecordedEvent } from '#event-store'
import type { KeyStore } from '#key-store'
import type { Messaging } from '#messaging'
import { instantAt } from './clock.ts'
import { completions } from './commands/completions.ts'
import { Commander } from './commands/commander.ts'
import { NumberAllocator } from './commands/numbers.ts'
import { Files } from './files/files.ts'
import { OrphanSweep } from './files/orphan-sweep.ts'
import { importFile } from './imports/import-file.ts'
import type { ImportReport, ImportRequest } from './imports/import-file.ts'
import { retryRefusedRows } from './imports/retry.ts'
import type { RetryReport } from './imports/retry.ts'
import { RowIntake } from './imports/row-intake.ts'
import { DeadLetters } from './inbound/dead-letters.ts'
import { InboundIntake } from './inbound/inbound-intake.ts'
import { LetterBox } from './inbound/letter-box.ts'
import { MessageIntake } from './inbound/message-intake.ts'
import { issueChannelKey } from './intake/channel-keys.ts'
import { FeedPoller } from './intake/feeds/feed-poller.ts'
import type { FeedPollerParts } from './intake/feeds/feed-poller.ts'
import { registerItem } from './intake/registration.ts'
import { WebhookIntake } from './intake/webhook-intake.ts'
import { gatheringPolicies, policies } from './policies/index.ts'
import { PolicyRunner } from './policies/policy-runner.ts'
import type { PolicyRetry } from './policies/policy-runner.ts'
import type { Ports } from './ports.ts'
import { installDefaults } from './settings/packs.ts'
import { PageLooks } from './sentinel/page-looks.ts'
import { Sentinel } from './sentinel/sentinel.ts'
import { SettingsService } from './settings/settings-service.ts'

export interface PolicyCheckpoints {
  load(): Promise<From>
  save(position: From): Promise<void>
}

export interface InboundParts {
  messaging: Messaging
  /** That of the events: dead letters are sealed too. */
  keys: Pick<KeyStore, 'allot' | 'find'>
  deadLetterTopic: string
  /** Told of each dead letter, by the code that says why. */
  onDeadLetter?: (code: string) => void
}

/** The application over its ports: commands, policies, imports. Queries stand beside it, over the read models. */
export class Application {
  readonly ports: Ports
  readonly settings: SettingsService
  readonly commander: Commander
  readonly files: Files
  readonly policies: PolicyRunner
  /** What time does, when it is told that time has passed; nothing here tells it by itself. */
  readonly sentinel: Sentinel
  readonly pageLooks: PageLooks | null
  readonly orphanSweep: OrphanSweep
  readonly webhooks: WebhookIntake
  readonly #rows: RowIntake

  /** Without `policyRetry` a policy that fails stops until the next start. */
  constructor(ports: Ports, checkpoints: PolicyCheckpoints, { policyRetry }: { policyRetry?: PolicyRetry } = {}) {
    this.ports = ports
    this.settings = new SettingsService(ports.store)
    this.files = new Files(ports)
    this.orphanSweep = new OrphanSweep(this.files, ports.clock)
    const numbers = new NumberAllocator((request) => this.commander.execute(request))
    this.commander = new Commander(
      { store: ports.store, clock: ports.clock, settings: () => this.settings.current },
      completions({
        store: ports.store,
        storeSecret: ports.storeSecret,
        numbers,
        now: () => instantAt(ports.clock.now()),
        intake: {
          IssueChannelKey: issueChannelKey(ports.storeSecret),
          RegisterItem: registerItem({
            ...ports,
            settings: () => this.settings.current,
            execute: (request) => this.commander.execute(request),
            follow: (event) => this.policies.handleEarly(event),
          }),
        },
      }),
      () => this.settings.load(),
      this.files,
    )
    const tools = {
      readStream: async (stream: string): Promise<readonly RecordedEvent[]> =>
        (await ports.store.readStream(stream)).events,
      execute: this.commander.execute.bind(this.commander),
      destroyContent: async ({ stream, position }: RecordedEvent): Promise<void> => {
        await ports.store.eraseStream(stream)
        await ports.blobs.removeAll(stream)
        await ports.purge(position)
      },
    }
    this.policies = new PolicyRunner({
      store: ports.store,
      tools,
      policies: policies(numbers, ports.storeSecret),
      gathering: gatheringPolicies,
      checkpoints,
      ...(policyRetry && { retry: policyRetry }),
    })
    const { views, clock, reached, pageChecker } = ports
    const parts = { views, clock, settings: () => this.settings.current, execute: tools.execute }
    this.sentinel = new Sentinel({ ...parts, reached })
    this.pageLooks = pageChecker
      ? new PageLooks({ ...parts, readStream: tools.readStream, checker: pageChecker })
      : null
    this.#rows = new RowIntake({
      store: ports.store,
      storeSecret: ports.storeSecret,
      execute: tools.execute,
      follow: (event) => this.policies.handleEarly(event),
    })
    this.webhooks = new WebhookIntake({
      ...ports,
      settings: () => this.settings.current,
      execute: tools.execute,
      rows: this.#rows,
    })
  }

  /** Looks at the feeds that the settings name, once somebody asks it to. */
  feedPoller(parts: Pick<FeedPollerParts, 'fetcher' | 'progress' | 'random' | 'timeout' | 'onFault'>): FeedPoller {
    return new FeedPoller({
      ...parts,
      storeSecret: this.ports.storeSecret,
      clock: this.ports.clock,
      settings: () => this.settings.current,
      execute: (request) => this.commander.execute(request),
      rows: this.#rows,
    })
  }

  /** What a broker's messages need: taking them in, and looking after those that could not be. */
  inbound({ messaging, keys, deadLetterTopic, onDeadLetter }: InboundParts): {
    intake: InboundIntake
    deadLetters: DeadLetters
  } {
    const { store, storeSecret, clock } = this.ports
    const messages = new MessageIntake({
      rows: this.#rows,
      storeSecret,
      clock,
      settings: () => this.settings.current,
      reloadSettings: () => this.settings.load(),
    })
    const letters = new LetterBox({ messaging, keys, topic: deadLetterTopic, clock, onPosted: onDeadLetter })
    const probe = () => store.head()
    return {
      intake: new InboundIntake({ messages, letters, probe }),
      deadLetters: new DeadLetters({ messaging, topic: deadLetterTopic, letters, messages, probe }),
    }
  }

  /**
   * Loads the settings, giving a new store its defaults. Of the processes that share a store only one should start the
   * policies, for the sake of work: `policies.start()`.
   */
  async start(): Promise<void> {
    await installDefaults(this.ports.store, (request) => this.commander.execute(request))
    await this.settings.load()
  }

  async stop(): Promise<void> {
    await this.policies.stop()
  }

  importFile(request: ImportRequest): Promise<ImportReport> {
    return importFile(
      { execute: (command) => this.commander.execute(command), rows: this.#rows, clock: this.ports.clock },
      request,
    )
  }

  retryRefusedRows(): Promise<RetryReport> {
    return retryRefusedRows({
      execute: (command) => this.commander.execute(command),
      rows: this.#rows,
      ports: this.ports,
      kindOf: (channel) => this.settings.current.channels.get(channel)?.kind ?? 'message',
    })
  }
}
