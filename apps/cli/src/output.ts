import stringWidth from 'string-width'

/** What a command prints: JSON for scripts or text for people, never both on standard output. */
export interface Output {
  json: boolean
  /** One JSON document for scripts. */
  data(value: unknown): void
  /** A line for people; nothing under --json. */
  line(text?: string): void
  /** For people on a terminal, whatever standard output is for. */
  note(text: string): void
}

export function createOutput(json: boolean): Output {
  return {
    json,
    data: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
    },
    line: (text = '') => {
      if (!json) process.stdout.write(`${text}\n`)
    },
    note: (text) => {
      process.stderr.write(`${text}\n`)
    },
  }
}

/** Columns that line up in a terminal, where a Han character is two wide. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  )
  const render = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column]! - stringWidth(cell)))
      .join('  ')
      .trimEnd()
  return [render(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(render)]
}

/** The start of a text that fits into so many columns, on one line. */
export function clip(text: string, columns: number): string {
  const flat = text.replaceAll(/\s+/gu, ' ').trim()
  if (stringWidth(flat) <= columns) return flat
  let clipped = ''
  let width = 0
  for (const character of flat) {
    width += stringWidth(character)
    if (width > columns - 1) break
    clipped += character
  }
  return `${clipped}…`
}

/** A bar on standard error while work is long, only on a terminal; at most ten times a second. */
export function progressBar(label: string): { update: (done: number, total: number) => void; end: () => void } {
  if (!process.stderr.isTTY) return { update: () => {}, end: () => {} }
  let last = 0
  return {
    update: (done, total) => {
      const now = performance.now()
      if (now - last < 100) return
      last = now
      const share = total > 0 ? Math.min(1, done / total) : 0
      const filled = Math.round(share * 30)
      process.stderr.write(`\r${label} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${Math.round(share * 100)} %`)
    },
    end: () => {
      process.stderr.write('\r\u001B[K')
    },
  }
}
