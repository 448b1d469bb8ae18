/** Why a page could not be fetched or looked at, with what it says to a clerk and to a developer. */
export const pageFaults = {
  'wrong-site': {
    zh: '网址不在本县登记的网站上，或跳转到了别的网站。',
    en: 'The address is not on one of the listed sites, or leads away from them.',
  },
  'address-refused': {
    zh: '网址不能访问：只访问公网上以域名写成的 http、https 网址，使用 80 或 443 端口，不带用户名和密码。',
    en: 'The address may not be visited: only http and https, by name, on ports 80 and 443, without credentials, on the public internet.',
  },
  unreachable: {
    zh: '网页打不开：网站没有正常应答，或网页不存在。',
    en: 'The page cannot be reached: its site did not answer as it should, or it is not there.',
  },
  'not-public': {
    zh: '网页不公开：需要登录或没有访问权限。',
    en: 'The page is not public: it asks for a login or a permission.',
  },
  'too-large': { zh: '网页过大，没有读完。', en: 'The page is too large and was not read to its end.' },
  'too-slow': { zh: '网站应答过慢，没有等到结果。', en: 'The site was too slow to wait for.' },
  'too-many-redirects': { zh: '网页跳转次数过多。', en: 'The page redirects too often.' },
  'not-a-page': {
    zh: '网址指向的不是网页，或内容已损坏；请填写网页的网址，不要填写附件的网址。',
    en: 'The address leads to something that is no page, or is damaged; give the address of the page, not of its attachment.',
  },
} as const satisfies Record<string, { zh: string; en: string }>

export type PageFault = keyof typeof pageFaults

const DETAIL_CHARACTERS_MAX = 300

/**
 * What the web does wrong, thrown within this library; fetcher and checker make an outcome of it. `message` is the
 * detail: one line of English with the technical facts. `transient` says that trying again later may help.
 */
export class PageFailed extends Error {
  override readonly name = 'PageFailed'
  readonly fault: PageFault
  readonly transient: boolean

  constructor(fault: PageFault, detail: string, options: { transient?: boolean; cause?: unknown } = {}) {
    super(printable(detail), { cause: options.cause })
    this.fault = fault
    this.transient = options.transient ?? false
  }
}

/** A line fit to be stored and shown, whatever a server put into it. */
function printable(text: string): string {
  return text
    .slice(0, DETAIL_CHARACTERS_MAX)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}
