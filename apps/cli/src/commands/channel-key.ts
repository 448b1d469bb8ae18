import { Argument, Command, InvalidArgumentError } from 'commander'
import { instantAt, systemClock } from '#application'
import type { CommandRequest } from '#application'
import { validKeys } from '#domain'
import type { Actor, ChannelKey } from '#domain'
import { exitCodes } from '#processes'
import type { Huiying } from '../huiying.ts'
import { table } from '../output.ts'
import type { Output } from '../output.ts'
import { onStore, Refusal, refusalText } from '../session.ts'
import { instantOf, local } from '../times.ts'

interface Options {
  as?: Actor
  from?: string
  until?: string
  reason?: string
}

export function channelKeyCommand(): Command {
  return new Command('channel-key')
    .description('keys with which a channel’s platform signs what it sends')
    .addArgument(new Argument('<what>', 'what to do').choices(['issue', 'list', 'revoke']))
    .argument('<channel>', 'the channel, such as governor-suggestions')
    .argument('[key]', 'the key that is revoked')
    .option('--as <person@department>', 'the administrator who issues or revokes', administrator)
    .option('--from <time>', 'from when the new key is taken; now, where nothing is said')
    .option('--until <time>', 'until when; for ever, where nothing is said')
    .option('--reason <text>', 'why, for the history')
    .addHelpText(
      'after',
      `
A key is shown once, when it is issued, and never again. To change one: issue another, set the platform up with it,
revoke the old one; both are taken meanwhile. At most three. How to sign: docs/integration.md.`,
    )
    .action(
      onStore<[string, string, string | undefined], Options>(
        async ({ huiying, output }, what, channel, key, options) => {
          if (what === 'list') return list(huiying, output, channel)
          if (options.as === undefined)
            throw new Refusal('INVALID_COMMAND', '请用 --as 人员@单位 说明由哪位管理员办理。')
          const reason = options.reason ?? null
          if (what === 'revoke') {
            if (key === undefined) throw new Refusal('INVALID_COMMAND', '请给出要吊销的密钥编号；list 列出全部。')
            const payload = { channelId: channel, keyId: key, reason }
            await give(huiying, { command: 'RevokeChannelKey', target: null, payload, actor: options.as })
            output.data({ channel, key })
            output.line(`已吊销 ${channel} 的密钥 ${key}。`)
            return exitCodes.done
          }
          const [validFrom, validUntil] = [at(options.from), at(options.until, true)]
          const payload = { channelId: channel, validFrom, validUntil, reason }
          const outcome = await give(huiying, { command: 'IssueChannelKey', target: null, payload, actor: options.as })
          const { key: issued } = outcome.events[0]!.data as unknown as { key: ChannelKey }
          const secret = outcome.disclosed!['secret']!
          output.data({
            channel,
            key: issued.keyId,
            secret,
            validFrom: issued.validFrom,
            validUntil: issued.validUntil,
          })
          output.line(`密钥 ${issued.keyId}`)
          output.line(secret)
          output.line('只显示这一次；请交给平台保存。签名方法见 docs/integration.md。')
          return exitCodes.done
        },
      ),
    )
}

function list(huiying: Huiying, output: Output, channel: string): number {
  const { channelKeys, channels } = huiying.application.settings.current
  if (!channels.has(channel)) throw new Refusal('UNKNOWN_CHANNEL', refusalText('UNKNOWN_CHANNEL', channel))
  const keys = channelKeys.get(channel) ?? []
  const valid = new Set(validKeys(keys, instantAt(systemClock.now())).map(({ keyId }) => keyId))
  output.data({ channel, keys: keys.map((key) => ({ ...key, valid: valid.has(key.keyId) })) })
  if (keys.length === 0) {
    output.line(`${channel} 没有密钥。`)
    return exitCodes.done
  }
  const rows = keys.map(({ keyId, validFrom, validUntil, revoked }) => [
    keyId,
    local(validFrom),
    local(validUntil),
    revoked ? '已吊销' : valid.has(keyId) ? '有效' : '不在有效期',
  ])
  for (const text of table(['密钥', '生效', '失效', '状态'], rows)) output.line(text)
  return exitCodes.done
}

async function give(huiying: Huiying, request: CommandRequest) {
  const outcome = await huiying.command(request)
  if (outcome.outcome === 'refused') throw new Refusal(outcome.code, refusalText(outcome.code, outcome.detail))
  return outcome
}

function at(time: string | undefined, end = false): string | null {
  return time === undefined ? null : instantOf(time, end)
}

function administrator(text: string): Actor {
  const [, person, department] = /^([^@\s]{1,64})@([a-z0-9][a-z0-9-]{0,63})$/.exec(text) ?? []
  if (person === undefined || department === undefined) throw new InvalidArgumentError('person@department')
  return { person, department, role: 'administrator' }
}
