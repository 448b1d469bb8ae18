/** What a number of a cell stands for, by its format. */
export type NumberFormat =
  | { kind: 'number' }
  /** Shown with zeros before it, up to so many digits. */
  | { kind: 'padded'; digits: number }
  | TimeFormat

/** What is shown of a moment: its day, its time of day, fractions of its seconds. */
export interface TimeFormat {
  kind: 'time'
  day: boolean
  clock: boolean
  fraction: boolean
}

export const PLAIN: NumberFormat = { kind: 'number' }

/** Excel takes no more than 255. */
const CODE_CHARACTERS_MAX = 1000
const PADDING_MAX = 64

/** Quoted and escaped characters, fillings and spaces, colours, locales and conditions: what is shown as it stands. */
const LITERALS = /"[^"]*"?|\\.|[_*].|\[[^\]]*\]?/gsu
const ELAPSED = /\[(?:h+|m+|s+)\]/iu
const HALF_DAYS = /AM\/PM|A\/P|上午\/下午/giu

/**
 * Reads a format's code (ECMA-376-1, 18.8.31) as far as it says what the number is. Of several sections the first counts.
 * Elapsed time (`[h]:mm`) is no time of day and stays a number.
 */
export function numberFormat(code: string): NumberFormat {
  if (code.length > CODE_CHARACTERS_MAX || ELAPSED.test(code)) return PLAIN
  const [section = ''] = code.replaceAll(LITERALS, '').replaceAll(HALF_DAYS, 'h').split(';')
  if (/^0{2,}$/.test(section)) return { kind: 'padded', digits: Math.min(section.length, PADDING_MAX) }
  const shown = section.replace(/General/iu, '')
  const fraction = /s[.,]0/iu.test(shown)
  // What has places for digits elsewhere than behind its seconds is a number with words that were not quoted.
  if (/[0#?]/.test(shown.replaceAll(/[.,]0+/g, ''))) return PLAIN
  const clock = /[hs]/iu.test(shown)
  const day = /[yd]|a{3}|e(?![+-])/iu.test(shown) || (!clock && /m/iu.test(shown))
  return day || clock ? { kind: 'time', day, clock, fraction } : PLAIN
}

/**
 * The formats that files name by number alone and that are days or times (18.8.30, with those that Chinese Excel and WPS
 * give to 27–36 and 50–58).
 */
const builtInCodes: Record<number, string> = {
  14: 'yyyy/m/d',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy/m/d h:mm',
  27: 'yyyy"年"m"月"',
  28: 'm"月"d"日"',
  29: 'm"月"d"日"',
  30: 'm/d/yy',
  31: 'yyyy"年"m"月"d"日"',
  32: 'h"时"mm"分"',
  33: 'h"时"mm"分"ss"秒"',
  34: '上午/下午h"时"mm"分"',
  35: '上午/下午h"时"mm"分"ss"秒"',
  36: 'yyyy"年"m"月"',
  45: 'mm:ss',
  47: 'mm:ss.0',
  50: 'yyyy"年"m"月"',
  51: 'm"月"d"日"',
  52: 'yyyy"年"m"月"',
  53: 'm"月"d"日"',
  54: 'm"月"d"日"',
  55: '上午/下午h"时"mm"分"',
  56: '上午/下午h"时"mm"分"ss"秒"',
  57: 'yyyy"年"m"月"',
  58: 'm"月"d"日"',
}

export const builtInFormats: ReadonlyMap<number, NumberFormat> = new Map(
  Object.entries(builtInCodes).map(([id, code]) => [Number(id), numberFormat(code)]),
)
