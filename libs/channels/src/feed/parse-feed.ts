import { Parser } from 'htmlparser2'
import { decodeMarkup } from './decode.ts'
import { parseFeedDate } from './feed-date.ts'
import { printable } from '../refusals.ts'
import { inLines, plainText } from './plain-text.ts'

/** One post as a feed tells of it; texts are plain. */
export interface FeedEntry {
  /** What the feed names it by; null where it does not. */
  id: string | null
  title: string
  content: string
  author: string | null
  /** Its page: absolute, http or https. */
  link: string | null
  publishedAt: string | null
}

export interface FeedReading {
  /** In the order of the feed. */
  entries: FeedEntry[]
  /** Whether there were more than `FEED_ENTRIES_MAX`. */
  more: boolean
}

export interface FeedSource {
  body: Uint8Array
  /** What its sender called the encoding; may be wrong or ''. */
  charset: string
  /** Where it was found; relative links start there. */
  address: string
  /** The instant that the future is told by. */
  now: string
}

export const FEED_ENTRIES_MAX = 500
const FIELD_CHARACTERS_MAX = 200_000
const CHUNK_CHARACTERS = 16_384
/** Deeper than any feed: what is nested so costs more to close than it says. */
const DEPTH_MAX = 100
const ADDRESS_CHARACTERS_MAX = 2_000

/**
 * Reads RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom; null for what is no feed.
 *
 * Why our own and not `parseFeed` of htmlparser2, or saxes: the first knows no `content:encoded`, no `xml:base`, no
 * relative links and takes an Atom entry's first link, whatever its relation; the second stops at the first `&` that a
 * site forgot to escape. htmlparser2's parser in XML mode goes on, and neither declares nor expands entities: a DOCTYPE
 * is passed over.
 */
export function parseFeed({ body, charset, address, now }: FeedSource): FeedReading | null {
  const reader = new FeedReader(address, now)
  const parser = new Parser(reader, { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true })
  const text = decodeMarkup(body, charset)
  for (let at = 0; at < text.length && !reader.isDone; at += CHUNK_CHARACTERS) {
    parser.write(text.slice(at, at + CHUNK_CHARACTERS))
  }
  // Not ended: what the document breaks off within is no entry yet.
  return reader.isFeed ? { entries: reader.entries, more: reader.more } : null
}

/** Prefixes that feeds use, and the namespaces that they, or others, may be declared for. */
const NAMESPACES: Record<string, string> = {
  'http://www.w3.org/2005/atom': 'atom',
  'http://purl.org/atom/ns#': 'atom',
  'http://purl.org/rss/1.0/': 'rss',
  'http://my.netscape.com/rdf/simple/0.9/': 'rss',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://purl.org/rss/1.0/modules/content/': 'content',
}
const CONVENTIONAL = new Set(Object.values(NAMESPACES))

const ROOTS = new Set(['rss:rss', 'rdf:rdf', 'atom:feed'])
const ENTRIES = new Set(['rss:item', 'atom:entry'])

type Field = 'title' | 'content' | 'summary' | 'id' | 'link' | 'published' | 'updated' | 'author'
type Markup = 'plain' | 'html' | 'xhtml'

/** What each child of an entry is, and how its text is written; of Atom's texts, their `type` says that. */
const FIELDS: Record<string, [field: Field, markup: Markup]> = {
  'rss:title': ['title', 'html'],
  'atom:title': ['title', 'plain'],
  'rss:description': ['summary', 'html'],
  'atom:summary': ['summary', 'plain'],
  'content:encoded': ['content', 'html'],
  'atom:content': ['content', 'plain'],
  'rss:guid': ['id', 'plain'],
  'atom:id': ['id', 'plain'],
  'rss:link': ['link', 'plain'],
  'rss:pubdate': ['published', 'plain'],
  'dc:date': ['published', 'plain'],
  'atom:published': ['published', 'plain'],
  'atom:issued': ['published', 'plain'],
  'atom:updated': ['updated', 'plain'],
  'rss:author': ['author', 'plain'],
  'dc:creator': ['author', 'plain'],
  'atom:author': ['author', 'plain'],
}
const IN_AUTHOR = new Set(['atom:uri', 'atom:email'])

interface Element {
  name: string
  base: string
  prefixes: Readonly<Record<string, string>>
}

interface Draft {
  texts: Partial<Record<Field, string>>
  /** As attributes give them. */
  about: string | null
  links: { href: string; isAlternate: boolean }[]
  isPermaLink: boolean
}

interface Capture {
  field: Field
  markup: Markup
  depth: number
  text: string
  /** Within a child whose text is none of the field's. */
  skipping: number
}

type Attributes = Record<string, string>

class FeedReader {
  readonly entries: FeedEntry[] = []
  isFeed = false
  isDone = false
  more = false
  readonly #now: string
  readonly #stack: Element[] = []
  #entry: { draft: Draft; depth: number } | null = null
  #capture: Capture | null = null
  readonly #root: Element

  constructor(address: string, now: string) {
    this.#now = now
    this.#root = { name: '', base: address, prefixes: {} }
  }

  onopentag(tag: string, attributes: Attributes): void {
    const parent = this.#stack.at(-1) ?? this.#root
    const element = elementOf(tag, attributes, parent)
    this.#stack.push(element)
    if (this.#stack.length > DEPTH_MAX) this.isDone = true
    if (this.#stack.length === 1) {
      this.isFeed = ROOTS.has(element.name)
      this.isDone ||= !this.isFeed
    } else if (this.#capture !== null) this.#openWithin(this.#capture, tag, element.name)
    else if (this.#entry !== null) this.#openField(this.#entry, element, attributes)
    else if (ENTRIES.has(element.name)) this.#openEntry(attributes)
  }

  ontext(text: string): void {
    const capture = this.#capture
    if (capture === null || capture.skipping > 0 || capture.text.length > FIELD_CHARACTERS_MAX) return
    const isMarkup = capture.markup === 'xhtml' || (capture.markup === 'html' && capture.depth < this.#stack.length)
    capture.text += isMarkup ? escaped(text) : text
  }

  onclosetag(tag: string): void {
    const depth = this.#stack.length
    const element = this.#stack.pop() ?? this.#root
    const capture = this.#capture
    if (capture !== null && this.#entry !== null) {
      if (depth > capture.depth) {
        if (capture.skipping > 0) capture.skipping -= 1
        else if (capture.markup !== 'plain') capture.text += `</${localName(tag)}>`
        return
      }
      keep(this.#entry.draft, capture, element.base)
      this.#capture = null
    } else if (this.#entry !== null && depth === this.#entry.depth) {
      this.#closeEntry(this.#entry.draft, element.base)
      this.#entry = null
    }
  }

  #openEntry(attributes: Attributes): void {
    this.more ||= this.entries.length === FEED_ENTRIES_MAX
    this.isDone ||= this.more
    const about = attributes['rdf:about'] ?? null
    this.#entry = { draft: { texts: {}, about, links: [], isPermaLink: true }, depth: this.#stack.length }
  }

  #openField({ draft, depth }: { draft: Draft; depth: number }, element: Element, attributes: Attributes): void {
    if (this.#stack.length !== depth + 1) return
    if (element.name === 'atom:link') {
      const { href, rel = 'alternate', type = '' } = attributes
      const link = href === undefined ? null : absolute(href, element.base)
      if (link !== null && rel === 'alternate') draft.links.push({ href: link, isAlternate: !type.includes('xml') })
      return
    }
    const known = FIELDS[element.name]
    if (known === undefined) return
    const [field, usual] = known
    if (element.name === 'rss:guid') draft.isPermaLink = attributes['ispermalink']?.toLowerCase() !== 'false'
    const markup = element.name.startsWith('atom:') && usual === 'plain' ? markupOf(attributes['type']) : usual
    this.#capture = { field, markup, depth: this.#stack.length, text: '', skipping: 0 }
  }

  #openWithin(capture: Capture, tag: string, name: string): void {
    if (capture.skipping > 0 || IN_AUTHOR.has(name)) capture.skipping += 1
    else if (capture.markup !== 'plain') capture.text += `<${localName(tag)}>`
  }

  #closeEntry({ texts, about, links, isPermaLink }: Draft, base: string): void {
    if (this.more) return
    const id = blankToNull(texts.id) ?? blankToNull(about ?? undefined)
    const permanent = id !== null && isPermaLink && /^https?:\/\//i.test(id) ? absolute(id, base) : null
    const link = texts.link ?? (links.find(({ isAlternate }) => isAlternate) ?? links[0])?.href ?? permanent
    this.entries.push({
      id,
      title: (texts.title ?? '').replaceAll(/\s+/g, ' '),
      content: texts.content ?? texts.summary ?? '',
      author: blankToNull(texts.author),
      link: link ?? null,
      publishedAt:
        parseFeedDate(texts.published ?? '', this.#now) ?? parseFeedDate(texts.updated ?? '', this.#now) ?? null,
    })
  }
}

function elementOf(tag: string, attributes: Attributes, parent: Element): Element {
  let { base, prefixes } = parent
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'xml:base') base = absolute(value, base) ?? base
    else if (name === 'xmlns' || name.startsWith('xmlns:')) {
      prefixes = { ...prefixes, [name.slice('xmlns:'.length)]: NAMESPACES[value.trim().toLowerCase()] ?? 'other' }
    }
  }
  const colon = tag.indexOf(':')
  const prefix = colon === -1 ? '' : tag.slice(0, colon)
  // What has no prefix is RSS whatever it declares, since it mostly declares nothing, unless it is Atom.
  const declared = Object.hasOwn(prefixes, prefix) ? prefixes[prefix]! : null
  const known = prefix === '' ? (declared === 'atom' ? 'atom' : 'rss') : (declared ?? conventional(prefix))
  return { name: `${known}:${localName(tag)}`, base, prefixes }
}

function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1)
}

function conventional(prefix: string): string {
  return CONVENTIONAL.has(prefix) ? prefix : 'other'
}

function markupOf(type = 'text'): Markup {
  if (type === 'xhtml' || type === 'application/xhtml+xml') return 'xhtml'
  return type === 'html' || type === 'text/html' ? 'html' : 'plain'
}

/** The first of a kind counts, a blank one for nothing. */
function keep({ texts }: Draft, { field, markup, text }: Capture, base: string): void {
  const said = printable(markup === 'plain' ? inLines(text) : plainText(text), FIELD_CHARACTERS_MAX)
  const value = field === 'link' ? absolute(said, base) : said
  if (value !== null && value !== '') texts[field] ??= value
}

function blankToNull(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text.trim()
}

function absolute(address: string, base: string): string | null {
  const url = URL.parse(address.trim(), base)
  if (url === null || !/^https?:$/.test(url.protocol) || url.href.length > ADDRESS_CHARACTERS_MAX) return null
  return url.href
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
