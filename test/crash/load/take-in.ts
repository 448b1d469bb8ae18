/** Takes in what its argument says, as JSON, and is killed when it has written so often. Says at its end what was answered. */
import { openEmbedded } from '../../../apps/standalone/src/embedded.ts'

export interface TakeIn {
  folder: string
  nowMs: number
  /** Appends that are written before it dies; null: it lives. */
  appendsMax: number | null
  take:
    | { kind: 'delivery'; channelId: string; headers: Record<string, string>; bodyBase64: string }
    | { kind: 'command'; request: Parameters<Awaited<ReturnType<typeof openEmbedded>>['command']>[0] }
}

const { folder, nowMs, appendsMax, take } = JSON.parse(process.argv[2]!) as TakeIn

const huiying = await openEmbedded({ folder, clock: { now: () => nowMs } })
const { store } = huiying.application.ports
const append = store.append.bind(store)
let appends = 0
store.append = async (...given) => {
  const result = await append(...given)
  appends += 1
  if (appends === appendsMax) process.kill(process.pid, 'SIGKILL')
  return result
}
const answer =
  take.kind === 'command'
    ? await huiying.command(take.request)
    : await huiying.application.webhooks.accept({ ...take, body: Buffer.from(take.bodyBase64, 'base64') })
await huiying.settled()
await huiying.close()
process.stdout.write(JSON.stringify(answer))
