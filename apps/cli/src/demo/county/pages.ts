import { hash } from 'node:crypto'
import type { PageChecker, PageOutcome, PageRequest } from '#application'
import type { PageFault } from '#domain'

/** Where 云溪县 publishes: a name that no network knows. */
export const HOST = 'www.yunxi.example'

/** What came of asking for a page that does not answer as it should. */
export interface Fault {
  fault: PageFault
  detail: string
  transient: boolean
}

/**
 * The county's site, in memory, and who looks at it: pages that nobody could fetch, because neither the site nor the county
 * exists.
 */
export class Pages implements PageChecker {
  readonly #pages = new Map<string, string | Fault>()

  put(address: string, text: string): void {
    this.#pages.set(address, text)
  }

  breakDown(address: string, fault: Fault): void {
    this.#pages.set(address, fault)
  }

  remove(address: string): void {
    this.#pages.delete(address)
  }

  check({ address, hosts, words }: PageRequest): Promise<PageOutcome> {
    return Promise.resolve(this.#look(address, hosts, words))
  }

  #look(address: string, hosts: readonly string[], words: readonly string[]): PageOutcome {
    const host = URL.parse(address)?.hostname
    if (!hosts.some((own) => host === own || host?.endsWith(`.${own}`))) {
      return failed({ fault: 'wrong-site', detail: `${host} is none of the county's hosts`, transient: false })
    }
    const page = this.#pages.get(address)
    if (page === undefined) return failed({ fault: 'unreachable', detail: 'HTTP 404', transient: false })
    if (typeof page !== 'string') return failed(page)
    const found = words.filter((word) => page.includes(word))
    return {
      outcome: 'seen',
      pageDigest: hash('sha256', page),
      wordsFound: found,
      wordsMissing: words.filter((word) => !page.includes(word)),
      checkedAddress: address,
    }
  }
}

function failed(fault: Fault): PageOutcome {
  return { outcome: 'failed', ...fault }
}
