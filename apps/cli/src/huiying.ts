import type { Application, ProjectorHost } from '#application'
import type { Settings } from '#domain'
import type { VerifyMessage } from '#event-store'
import type { Embedded } from '../../standalone/src/embedded.ts'

/** What commands work with: the stores of a folder, opened here or held by a server that is asked for everything. */
export interface Huiying extends Pick<Embedded, 'command' | 'query' | 'settled' | 'close'> {
  application: Pick<Application, 'importFile' | 'retryRefusedRows'> & {
    settings: { current: Pick<Settings, 'channels' | 'channelKeys'> }
  }
  projector: Pick<ProjectorHost, 'rebuild' | 'compare'>
  verify(): AsyncGenerator<VerifyMessage>
}
