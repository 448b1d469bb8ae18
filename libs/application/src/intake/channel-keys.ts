import { createHmac } from 'node:crypto'
import { spellSecret } from '#channels'
import { settingsCommands } from '#domain'
import type { SettingsEvent } from '#domain'
import { canonicalJson } from '#event-store'
import type { Completion } from '../commands/completions.ts'

/**
 * The secret of a channel's key, 32 bytes. It is derived and kept nowhere: not in an event, whoever may read the settings'
 * history, nor in a file but as the store's secret, which is wrapped by the master key. No two keys have the same, since
 * their ids come from the commands that issued them.
 */
export function channelSecret(storeSecret: Uint8Array, channelId: string, keyId: string): Uint8Array {
  return createHmac('sha256', storeSecret)
    .update(canonicalJson(['channel-key', channelId, keyId]))
    .digest()
}

/** Whoever issues a key is told its secret, the first time only. */
export function issueChannelKey(storeSecret: Uint8Array): Completion {
  return {
    schema: settingsCommands.IssueChannelKey.schema,
    complete: (payload) => Promise.resolve({ payload }),
    conclude: (outcome, _request, repeated) => {
      const [event] = outcome.events as unknown as Extract<SettingsEvent, { type: 'ChannelKeyIssued' }>[]
      if (event === undefined || repeated) return Promise.resolve(outcome)
      const { channelId, keyId } = event.data.key
      const secret = spellSecret(channelSecret(storeSecret, channelId, keyId))
      return Promise.resolve({ ...outcome, disclosed: { secret } })
    },
  }
}
