/** Works as fast as it can on a folder of stores until it is killed. Its task stands in its argument, as JSON. */
import { openEmbedded } from '../../../apps/standalone/src/embedded.ts'
import { importFiles } from './files.ts'
import { say } from './journal.ts'
import type { Task } from './journal.ts'
import { defineDepartments, tellStory } from './stories.ts'

const task = JSON.parse(process.argv[2]!) as Task

try {
  const clock = { now: () => Date.now() + task.clockOffsetMs }
  const huiying = await openEmbedded({ folder: task.folder, clock })
  say({ kind: 'open' })
  await defineDepartments(huiying)
  const again = [...task.again]
  let next = task.nextStory
  const tell = async () => {
    for (;;) await tellStory(huiying, again.shift() ?? next++)
  }
  const rebuild = async () => {
    for (;;) {
      await huiying.projector.rebuild()
      say({ kind: 'rebuilt' })
    }
  }
  await Promise.all([
    ...Array.from({ length: task.storiesAtOnce }, tell),
    ...(task.nextFile === null ? [] : [importFiles(huiying, task.folder, task.nextFile)]),
    ...(task.rebuilding ? [rebuild()] : []),
    // Policies that fail do so behind everything else; what would be a silent end of theirs is a loud one of ours.
    watchPolicies(huiying.application.policies),
  ])
} catch (error) {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  say({ kind: 'failed', code, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  // Nothing is finished or closed: whoever looks at the folder next finds what a dying process leaves.
  process.exit(1)
}

async function watchPolicies(policies: { settled(): Promise<void> }): Promise<never> {
  for (;;) {
    await policies.settled()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
