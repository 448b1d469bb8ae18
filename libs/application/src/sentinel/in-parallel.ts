/** Works on all, at most so many at a time. After a failure nothing more begins; it is thrown when what is under way has ended. */
export async function inParallel<Item>(
  items: readonly Item[],
  max: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const pending = items.values()
  let failed = false
  const worker = async () => {
    for (const item of pending) {
      if (failed) return
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(max, items.length) }, worker))
  const rejected = ended.find((result) => result.status === 'rejected')
  if (rejected) throw rejected.reason
}
