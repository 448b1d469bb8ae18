import { Parser } from 'htmlparser2'

/** What is not read by anybody. */
const SILENT = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'head', 'svg', 'select'])
const BREAKING = new Set(
  'address article blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul'.split(' '),
)
const CHUNK_CHARACTERS = 16_384
/** Deeper than anybody writes: what is nested so costs more to close than it says. */
const DEPTH_MAX = 256

/** What a reader sees of HTML: no markup, no scripts, entities as their characters, a line for each paragraph. */
export function plainText(html: string): string {
  const seen = { text: '', depth: 0, silent: 0 }
  const parser = new Parser({
    onopentagname: (name) => {
      seen.depth += 1
      if (SILENT.has(name)) seen.silent += 1
      if (BREAKING.has(name)) seen.text += '\n'
    },
    onclosetag: (name) => {
      seen.depth -= 1
      if (SILENT.has(name)) seen.silent -= 1
      if (BREAKING.has(name)) seen.text += '\n'
      else if (name === 'td' || name === 'th') seen.text += ' '
    },
    ontext: (data) => {
      if (seen.silent === 0) seen.text += data
    },
  })
  for (let at = 0; at < html.length && seen.depth <= DEPTH_MAX; at += CHUNK_CHARACTERS) {
    parser.write(html.slice(at, at + CHUNK_CHARACTERS))
  }
  parser.end()
  return inLines(seen.text)
}

/** White space as it is read: runs of it are one, blank lines part paragraphs. */
export function inLines(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}
