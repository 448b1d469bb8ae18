import { Parser } from 'htmlparser2'

/** Beyond these no page for people goes; they keep hostile ones from costing more than a moment. */
const DEPTH_MAX = 2_000
const ELEMENTS_MAX = 200_000

/**
 * Never shown, or only where something else cannot be; and the readings over Chinese characters (`rt`), which would
 * stand between the characters of a word. `head` is not among them: what it may hold is, and a page that forgets to
 * close it shows its text nevertheless.
 */
const NEVER_SHOWN = new Set(
  'title script style noscript template iframe noembed noframes object audio video canvas datalist defs desc metadata rp rt rtc'.split(
    ' ',
  ),
)

/** Elements that begin a line of their own, or a cell. */
const BLOCKS = new Set(
  (
    'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p ' +
    'plaintext pre search section select summary table tbody td textarea tfoot th thead tr ul xmp'
  ).split(' '),
)

/** How deep or how much there is in it is beyond what a page for people has. */
export class PageTooComplex extends Error {
  override readonly name = 'PageTooComplex'
  readonly code = 'PAGE_TOO_COMPLEX'
}

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
 * Throws `PageTooComplex`.
 */
export function visibleText(html: string): string {
  let text = ''
  let elements = 0
  let excess: string | null = null
  const open: Element[] = []
  let current: Element = { displayed: true, visible: true }

  const parser = new Parser({
    onopentag(name, attributes) {
      elements += 1
      open.push(current)
      if (elements > ELEMENTS_MAX) excess = `more than ${ELEMENTS_MAX} elements`
      else if (open.length > DEPTH_MAX) excess = `elements nested deeper than ${DEPTH_MAX}`
      if (excess !== null) return parser.pause()
      current = within(current, name, attributes)
      if (current.displayed) text += gapAt(name)
    },
    onclosetag(name) {
      if (current.displayed && BLOCKS.has(name)) text += '\n'
      current = open.pop() ?? current
    },
    ontext(data) {
      if (current.displayed && current.visible) text += data.replaceAll(/[ \t\n\f\r]+/g, ' ')
    },
  })
  parser.end(html)
  if (excess !== null) throw new PageTooComplex(excess)
  return text
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

function gapAt(name: string): '\n' | ' ' | '' {
  return BLOCKS.has(name) ? '\n' : name === 'br' ? ' ' : ''
}

function within(outer: Element, name: string, attributes: Record<string, string>): Element {
  const style = attributes['style'] ?? ''
  const visibility = style === '' ? null : lastDeclared(style, 'visibility')
  return {
    displayed:
      outer.displayed &&
      !NEVER_SHOWN.has(name) &&
      !('hidden' in attributes) &&
      !(name === 'dialog' && !('open' in attributes)) &&
      (style === '' || lastDeclared(style, 'display') !== 'none'),
    visible: visibility === null || visibility === 'inherit' ? outer.visible : visibility === 'visible',
  }
}

/** What a style written at an element gives a property in the end: the last declaration, or the last important one. */
function lastDeclared(style: string, property: string): string | null {
  let value: string | null = null
  let important = false
  for (const declaration of withoutComments(style).split(';')) {
    const [name = '', ...rest] = declaration.split(':')
    if (name.trim().toLowerCase() !== property) continue
    const [given = '', mark] = rest.join(':').toLowerCase().split('!', 2)
    const isImportant = mark?.trim() === 'important'
    if (isImportant || !important) value = given.trim()
    important ||= isImportant
  }
  return value
}

function withoutComments(style: string): string {
  const [before = '', ...comments] = style.split('/*')
  return before + comments.map((part) => part.split('*/').slice(1).join('*/')).join('')
}
