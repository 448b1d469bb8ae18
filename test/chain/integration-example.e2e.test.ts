import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readDelivery, spellSecret, verifyWebhook } from '#channels'

const run = promisify(execFile)
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
)

/** Stands for curl: writes down what it would send. */
const CURL = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    --data-binary) cat "\${2#@}" > sent-body; shift 2;;
    --header) echo "$2" >> sent-headers; shift 2;;
    *) shift;;
  esac
done
`

test.skipIf(!hasOpenssl)(
  'the example for platforms in docs/integration.md signs what is then taken (needs openssl)',
  async () => {
    const document = await readFile(new URL('../../docs/integration.md', import.meta.url), 'utf8')
    const example = /```sh\n(# sign-and-send[\s\S]*?)```/.exec(document)![1]!
    const folder = await mkdtemp(join(tmpdir(), 'huiying-example-'))
    try {
      await writeFile(join(folder, 'curl'), CURL, { mode: 0o755 })
      // Bytes that neither a text nor a shell's variable holds as they are.
      const secret = Uint8Array.from({ length: 32 }, (_, at) => (at * 37) & 0xff)
      const env = {
        ...process.env,
        PATH: `${folder}:${process.env['PATH']}`,
        SECRET: spellSecret(secret),
        URL: 'http://x',
      }
      await run('sh', ['-e', '-c', example], { cwd: folder, env })
      const headers = Object.fromEntries(
        (await readFile(join(folder, 'sent-headers'), 'utf8'))
          .trim()
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      )
      const body = await readFile(join(folder, 'sent-body'))
      expect(verifyWebhook(headers, body, [{ keyId: 'key-1', secret }], Date.now())).toMatchObject({
        outcome: 'verified',
      })
      const reading = readDelivery(body, { kind: 'message', now: '2026-03-02T01:00:00.000Z' })
      expect(reading).toMatchObject({ outcome: 'read', rows: [{ kind: 'row' }] })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
