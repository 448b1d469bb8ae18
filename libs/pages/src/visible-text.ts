import { Parser } from 'htmlparser2'
import type { Handler } from 'htmlparser2'
import { PageFailed } from './faults.ts'

/** Beyond these no page for people goes; they keep hostile ones from costing more than a moment. Chrome nests no deeper, too. */
const DEPTH_MAX = 512
/** Tags, opening and closing, and pieces of text: each character that is written as an entity is one. */
const PIECES_MAX = 200_000
/** Of a style written at an element; what hides it stands at the beginning, pictures in it come later. */
const STYLE_CHARACTERS_MAX = 10_000

/**
 * Never shown, or only where something else cannot be; and the readings over Chinese characters (`rt`), which would
 * stand between the characters of a word. `head` is not among them: what it may hold is, and a page that forgets to
 * close it shows its text nevertheless.
 */
const NEVER_SHOWN = new Set(
  (
    'title script style noscript template iframe noembed noframes object audio video canvas datalist ' +
    'defs desc metadata rp rt rtc'
  ).split(' '),
)

/** Elements that begin a line of their own, or a cell. */
const BLOCKS = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p ' +
    'plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp'
  ).split(' '),
)

/** `display: none` hides all within; `visibility: hidden` what does not say otherwise. */
interface Element {
  displayed: boolean
  visible: boolean
}

/**
 * The text of a page that its readers see, a line for each block (paragraph, cell, item, heading); elements within a
 * line leave no trace in it and `<br>` is a space, because many pages break their lines by it. Hidden is what HTML
 * hides by its elements, `hidden`, and styles written at the element; style sheets and scripts are not looked at. Of
 * what opens at a click (`details`, `select`) everything counts as seen. Texts of images and titles do not.
 * Throws `PageFailed` too-large for what no people read.
 */
export function visibleText(html: string): string {
  let text = ''
  let pieces = 0
  let excess: string | null = null
  const open: Element[] = []
  let current: Element = { displayed: true, visible: true }

  const stop = (why: string) => {
    excess = why
    parser.pause()
  }
  const count = () => {
    pieces += 1
    if (pieces > PIECES_MAX) stop(`more than ${PIECES_MAX} tags and pieces of text`)
  }
  const parser = new CountingParser(count, {
    onopentag(name, attributes) {
      count()
      open.push(current)
      if (open.length > DEPTH_MAX) stop(`elements nested deeper than ${DEPTH_MAX}`)
      current = within(current, name, attributes)
      if (current.displayed) text += gapAt(name)
    },
    onclosetag(name) {
      if (current.displayed && BLOCKS.has(name)) text += '\n'
      current = open.pop() ?? current
    },
    ontext(data) {
      count()
      if (current.displayed && current.visible) text += data.replaceAll(/[ \t\n\f\r]+/g, ' ')
    },
  })
  parser.end(html)
  if (excess !== null) throw new PageFailed('too-large', excess)
  return text
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** A closing tag that closes nothing is looked for in the whole depth, and no handler hears of it. */
class CountingParser extends Parser {
  readonly #count: () => void

  constructor(count: () => void, handler: Partial<Handler>) {
    super(handler)
    this.#count = count
  }

  override onclosetag(start: number, end: number): void {
    this.#count()
    super.onclosetag(start, end)
  }
}

function gapAt(name: string): '\n' | ' ' | '' {
  return BLOCKS.has(name) ? '\n' : name === 'br' ? ' ' : ''
}

function within(outer: Element, name: string, attributes: Record<string, string>): Element {
  const style = declarations(attributes['style'] ?? '')
  const visibility = style.get('visibility') ?? 'inherit'
  const isHidden =
    NEVER_SHOWN.has(name) ||
    'hidden' in attributes ||
    (name === 'dialog' && !('open' in attributes)) ||
    style.get('display') === 'none'
  return {
    displayed: outer.displayed && !isHidden,
    visible: visibility === 'inherit' ? outer.visible : visibility === 'visible',
  }
}

/** What a style written at an element gives each property in the end: the last declaration, or the last important one. */
function declarations(style: string): Map<string, string> {
  const values = new Map<string, string>()
  const important = new Set<string>()
  if (style === '') return values
  for (const declaration of withoutComments(style.slice(0, STYLE_CHARACTERS_MAX)).toLowerCase().split(';')) {
    const [name = '', value = ''] = declaration.split(':', 2).map((part) => part.trim())
    const [plain = '', mark] = value.split('!', 2).map((part) => part.trim())
    if (mark === 'important') important.add(name)
    else if (important.has(name)) continue
    values.set(name, plain)
  }
  return values
}

function withoutComments(style: string): string {
  const [before = '', ...comments] = style.split('/*')
  return before + comments.map((part) => part.split('*/').slice(1).join('*/')).join('')
}
