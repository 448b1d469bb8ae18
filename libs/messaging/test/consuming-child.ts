/** Consumes and never comes to an end with its first batch. Run by kafka-failures.distributed.test.ts, which kills it. */
import { openMessaging } from '#messaging'

const [address, topic, group] = process.argv.slice(2) as [string, string, string]

await openMessaging(address, { sessionTimeoutMs: 6_000 }).consume({
  topic,
  group,
  batchMax: 5,
  onFailure: (error) => process.send?.({ failed: String(error) }),
  handle: (messages) => {
    process.send?.({ inHand: messages.map(({ value }) => Buffer.from(value).toString()) })
    return new Promise(() => undefined)
  },
})
