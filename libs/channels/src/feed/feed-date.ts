import { latestTime, parseInboundTime } from '../time.ts'

const RFC_822 =
  /^(?:[A-Za-z]{3,9}\.?,? +)?(?<day>\d{1,2})[ -]+(?<month>[A-Za-z]{3})[A-Za-z]*\.?[ -]+(?<year>\d{4}|\d{2})[ ,]+(?<time>\d{1,2}:\d{2}(?::\d{2})?) *(?<zone>[A-Za-z]{1,5}|[+-]\d{2}:?\d{2})?/
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
/** CST is China's here: who writes it in a feed that a county reads is in China. */
const ZONES: Record<string, string> = {
  gmt: 'Z',
  ut: 'Z',
  utc: 'Z',
  z: 'Z',
  cst: '+08:00',
  est: '-05:00',
  edt: '-04:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
}
const EARLIEST = '1990-01-01T00:00:00.000Z'

/**
 * The instant (UTC, milliseconds) that a feed means: RFC 822 with its years of two digits and names of zones, ISO 8601, or
 * as Chinese sites write it, in Shanghai where nothing is said. Null for what is no time, or none that a post can have
 * had by `now`.
 */
export function parseFeedDate(text: string, now: string): string | null {
  const given = text.normalize('NFKC').trim()
  const instant = parseInboundTime(rfc822(given) ?? given)?.instant
  return instant !== undefined && instant >= EARLIEST && instant <= latestTime(now) ? instant : null
}

function rfc822(text: string): string | null {
  const { day, month, year, time, zone } = RFC_822.exec(text)?.groups ?? {}
  if (day === undefined || month === undefined || year === undefined || time === undefined) return null
  const offset = zone === undefined ? '' : /^[+-]/.test(zone) ? zone : ZONES[zone.toLowerCase()]
  if (offset === undefined) return null
  const numbered = MONTHS.indexOf(month.toLowerCase()) + 1
  const whole = year.length === 4 ? year : `${Number(year) < 70 ? '20' : '19'}${year}`
  return `${whole}-${numbered}-${day}T${time}${offset}`
}
