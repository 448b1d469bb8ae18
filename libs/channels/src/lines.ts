/** A line, or one that was longer than allowed and of which only the beginning was kept. */
export type Line = { kind: 'line'; text: string } | { kind: 'too-long'; beginning: string }

/** Splits text at line feeds; blank lines are left out. A line of any length passes in the memory of `charactersMax` and one chunk. */
export async function* readLines(
  chunks: AsyncIterable<string>,
  charactersMax: number,
  beginningMax: number,
): AsyncGenerator<Line> {
  let line = ''
  let skipping = false
  for await (const chunk of chunks) {
    let at = 0
    while (at < chunk.length) {
      const feed = chunk.indexOf('\n', at)
      const end = feed === -1 ? chunk.length : feed
      if (!skipping) {
        line += chunk.slice(at, end)
        if (line.length > charactersMax) {
          yield { kind: 'too-long', beginning: line.slice(0, beginningMax) }
          line = ''
          skipping = true
        }
      }
      if (feed === -1) break
      if (line.trim() !== '') yield { kind: 'line', text: line }
      line = ''
      skipping = false
      at = feed + 1
    }
  }
  if (line.trim() !== '') yield { kind: 'line', text: line }
}
