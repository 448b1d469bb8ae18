/** Writes and rebuilds without end, until it is killed. Run by crash.unit.test.ts. */
import { openReadStoreWriter, type Generation } from '#read-store'
import { BATCH, thing, things } from './crash-things.ts'

const writer = await openReadStoreWriter(process.argv[2] ?? '')

async function writeBatches(generation: Generation, batches: number): Promise<void> {
  for (let done = 0; done < batches; done += 1) {
    const checkpoint = await generation.checkpoint()
    const first = checkpoint === 'start' ? 0 : Number(checkpoint) + 1
    const changes = Array.from({ length: BATCH }, (_, n) => thing(first + n))
    await generation.write({ changes, checkpoint: String(first + BATCH - 1).padStart(9, '0'), asOf: '' })
  }
}

const first = await writer.prepare('things', 1, [things])
await first.switchOver()
process.send?.('ready')
for (;;) {
  const active = await writer.active('things')
  if (active !== null) await writeBatches(active, 3)
  const next = await writer.rebuild('things', 1, [things])
  await writeBatches(next, 6)
  await next.switchOver()
}
