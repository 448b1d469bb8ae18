import { createHash } from 'node:crypto'
import { fileTypeFromBuffer } from 'file-type'
import { decodePage } from './charset.ts'
import { PageFailed } from './faults.ts'
import type { PageFault } from './faults.ts'
import type { FetchedPage, PageFetcher } from './fetch.ts'
import { normalise } from './normalise.ts'
import { visibleText } from './visible-text.ts'

export interface PageCheckRequest {
  address: string
  /** Names of hosts, lower-case; where there is none, no page is on the right site. */
  hosts: readonly string[]
  words: readonly string[]
  signal?: AbortSignal
}

export type PageCheck =
  | {
      outcome: 'seen'
      /** SHA-256, hexadecimal, of the page's bytes as received, content coding undone: `curl --compressed … | sha256sum`. */
      pageDigest: string
      wordsFound: string[]
      wordsMissing: string[]
      /** After redirects. */
      checkedAddress: string
    }
  /** `detail` is one line of English; `transient` says to try again later instead of condemning the page. */
  | { outcome: 'failed'; fault: PageFault; detail: string; transient: boolean }

export interface PageChecker {
  /** Never throws for what the web does; throws for faults of ours, and the signal's reason when it aborts. */
  check(request: PageCheckRequest): Promise<PageCheck>
}

const ACCEPT = 'text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1'
/** Enough for a book; comparing costs time and memory by the character. */
const TEXT_CHARACTERS_MAX = 300_000
/** What a file is shows at its beginning. */
const SIGNATURE_BYTES = 4100

/**
 * Compares a page with words, as its readers see it: visible text only (see `visibleText`), normalised, each word within
 * one block. A page that says in words that it is not there, but answers 200, has its words missing.
 */
export function createPageChecker(fetcher: PageFetcher): PageChecker {
  return {
    async check({ address, hosts, words, signal }) {
      const page = await fetcher.fetch({ address, hosts, headers: { accept: ACCEPT }, signal })
      if (page.outcome === 'failed') return page
      if (page.outcome === 'not-modified') throw new Error('not modified, though no condition was sent')
      try {
        return compare(page, await readLines(page), words)
      } catch (error) {
        if (!(error instanceof PageFailed)) throw error
        return { outcome: 'failed', fault: error.fault, detail: error.message, transient: error.transient }
      }
    },
  }
}

type Content = Extract<FetchedPage, { outcome: 'fetched' }>

function compare({ body, address }: Content, lines: readonly string[], words: readonly string[]): PageCheck {
  const seen = lines.map(normalise)
  const isSeen = (word: string) => {
    const sought = normalise(word)
    return sought !== '' && seen.some((line) => line.includes(sought))
  }
  const wordsFound = words.filter(isSeen)
  return {
    outcome: 'seen',
    pageDigest: createHash('sha256').update(body).digest('hex'),
    wordsFound,
    wordsMissing: words.filter((word) => !wordsFound.includes(word)),
    checkedAddress: address,
  }
}

/** What a reader sees, a text for each block. Throws `PageFailed`. */
async function readLines(page: Content): Promise<string[]> {
  requireStatus(page.status)
  await requirePage(page)
  const source = decodePage(page.body, page.charset)
  const text = page.mediaType === 'text/plain' ? source : visibleText(source)
  if (text.length > TEXT_CHARACTERS_MAX) {
    throw new PageFailed('too-large', `the page shows more than ${TEXT_CHARACTERS_MAX} characters`)
  }
  return page.mediaType === 'text/plain' ? [text] : text.split('\n')
}

const NOT_PUBLIC = new Set([401, 403, 407, 451])
/** The site is busy just now. 412 is what the guards before many county sites say to a robot that they may let pass later. */
const FOR_NOW = new Set([408, 412, 425, 429])

function requireStatus(status: number): void {
  if (status >= 200 && status < 300) return
  const fault = NOT_PUBLIC.has(status) ? 'not-public' : 'unreachable'
  throw new PageFailed(fault, `HTTP ${status}`, { transient: status >= 500 || FOR_NOW.has(status) })
}

/** `''`: undeclared. Browsers look for themselves what it is, and so do we. */
const PAGES = new Set(['text/html', 'application/xhtml+xml', 'text/plain', ''])

/** A file is no page, whatever it calls itself. */
async function requirePage({ mediaType, body }: Content): Promise<void> {
  if (!PAGES.has(mediaType)) throw new PageFailed('not-a-page', `${mediaType} is a file, not a page`)
  const start = body.subarray(0, SIGNATURE_BYTES)
  const found = await fileTypeFromBuffer(start)
  if (found === undefined || found.mime === 'application/xml') return
  throw new PageFailed('not-a-page', `declared as ${mediaType || 'nothing'}, it is a file: ${found.mime}`)
}
