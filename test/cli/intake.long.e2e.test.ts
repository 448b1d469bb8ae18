import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signWebhook } from '#channels'
import { openEmbedded } from '../../apps/standalone/src/embedded.ts'
import { huiying } from '../support/cli.ts'
import { staff } from '../support/county.ts'
import { fileIn } from '../support/files.ts'
import { outcomesOf, sentItem } from '../support/sender.ts'

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'huiying-cli-'))
  const department = { id: 'office', name: '政务公开办', active: true }
  const request = { payload: { department, reason: null }, actor: staff.administrator }
  await run(['act', 'DefineDepartment', '--json', '-'], JSON.stringify(request))
})
afterAll(() => rm(data, { recursive: true, force: true }))

const run = (given: string[], input?: string) => huiying(given, { data, ...(input !== undefined && { input }) })
async function json<Answer>(given: string[], input?: string): Promise<Answer> {
  const { code, stdout, stderr } = await run([...given, '--json'], input)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Answer
}

describe('register', () => {
  const heard = {
    title: '身份证丢了怎么补办',
    type: 'consultation',
    actor: staff.monitor,
    idempotencyKey: 'window-1',
    answer: { subject: '户政', text: '请带户口簿到任一派出所户籍窗口补办。', means: 'in-person' },
  }

  test('takes what was heard from a file or standard input, answers on the spot, once', async () => {
    const file = await fileIn(data, 'heard.json', JSON.stringify(heard))
    const ran = await run(['register', '--channel', 'window', '--json', file])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const registered = JSON.parse(ran.stdout) as Record<string, unknown>
    expect(registered).toMatchObject({
      status: 'completed',
      queryCode: expect.stringMatching(/^\d{8}$/),
    })
    const again = await run(['register', '--channel', 'window', '--json', '-'], JSON.stringify(heard))
    expect(JSON.parse(again.stdout)).toEqual(registered)
  })

  test('refuses with a code what may not be, and names what is wrong with the request', async () => {
    const refused = async (changes: object) =>
      await run(
        ['register', '--channel', 'window', '--json', '-'],
        JSON.stringify({ ...heard, idempotencyKey: null, ...changes }),
      )
    const report = await refused({ type: 'report' })
    expect(report).toMatchObject({ code: 3, stdout: '' })
    expect(JSON.parse(report.stderr)).toMatchObject({ error: { code: 'ON_THE_SPOT_ONLY_CONSULTATION' } })
    expect((await refused({ actor: 'li' })).stderr).toContain('actor')
    expect((await refused({ titel: '身份证' })).stderr).toContain('titel')
  })
})

describe('channel-key', () => {
  test('issues a key, shows it once, lists and revokes it; what is signed with it is taken until then', async () => {
    const issued = await json<{ key: string; secret: string }>([
      'channel-key',
      'issue',
      'governor-suggestions',
      '--as',
      'admin@office',
      '--reason',
      '省平台对接',
    ])
    expect(issued.secret).toMatch(/^whsec_/)
    const deliver = async (id: string) => {
      const opened = await openEmbedded({ folder: data })
      try {
        const body = Buffer.from(JSON.stringify(sentItem(id)))
        const secret = Buffer.from(issued.secret.slice('whsec_'.length), 'base64')
        const now = Date.now()
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now / 1_000)),
          'webhook-signature': signWebhook(secret, id, now, body),
        }
        return outcomesOf(
          await opened.application.webhooks.accept({ channelId: 'governor-suggestions', headers, body }),
        )
      } finally {
        await opened.close()
      }
    }
    expect(await deliver('signed-1')).toEqual(['taken'])
    const shown = await run(['channel-key', 'list', 'governor-suggestions'])
    expect(shown.stdout).toContain(issued.key)
    expect(shown.stdout).toContain('有效')
    expect(shown.stdout).not.toContain(issued.secret.slice('whsec_'.length))

    await json(['channel-key', 'revoke', 'governor-suggestions', issued.key, '--as', 'admin@office'])
    const listed = await json<{ keys: object[] }>(['channel-key', 'list', 'governor-suggestions'])
    expect(listed.keys).toMatchObject([{ keyId: issued.key, revoked: true, valid: false }])
    expect(await deliver('signed-2')).toEqual(['WEBHOOK_NOT_VERIFIED'])
    expect((await json<{ imports: object[] }>(['imports'])).imports).toMatchObject([{ source: 'webhook' }])
  }, 60_000)

  test('says what is missing or unknown', async () => {
    const nobody = await run(['channel-key', 'issue', 'window'])
    const wrong = await run(['channel-key', 'issue', 'window', '--as', 'admin'])
    const unknown = await run(['channel-key', 'list', 'nowhere'])
    const key = await run(['channel-key', 'make', 'window'])
    const none = await run(['channel-key', 'revoke', 'window', '--as', 'admin@office'])
    expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('密钥编号') })
    expect([nobody.code, wrong.code, unknown.code, key.code]).toEqual([3, 2, 3, 2])
    expect(wrong.stderr).toContain('person@department')
    expect(key.stderr).toContain('issue, list, revoke')
  })
})

test('feeds lists what is looked at', async () => {
  expect((await run(['feeds'])).stdout).toContain('没有订阅源')
  const feed = {
    id: 'forum',
    channelId: 'monitoring',
    address: 'https://bbs.example.cn/rss',
    everyMinutes: 15,
    active: true,
  }
  const request = { payload: { feed, reason: null }, actor: staff.administrator }
  await run(['act', 'DefineFeed', '--json', '-'], JSON.stringify(request))
  const { feeds } = await json<{ feeds: object[] }>(['feeds'])
  expect(feeds).toMatchObject([{ id: 'forum', channel: 'monitoring', failing: null, active: true }])
  expect((await run(['feeds'])).stdout).toContain('正常')
})
