/** What a report puts in the place of what tells who somebody is. Digits may be wide, as input methods for Chinese give them. */
const patterns: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, '〔邮箱〕'],
  // 18 digits with a date of birth, the last may be X; or the 15 of old
  [
    /(?<![0-9０-９])[1-9１-９][0-9０-９]{5}(?:[1１][9９]|[2２][0０])[0-9０-９]{2}[01０１][0-9０-９][0-3０-３][0-9０-９]{4}[\dXx０-９Ｘｘ](?![0-9０-９])/gu,
    '〔身份证号〕',
  ],
  [/(?<![0-9０-９])[1１][3-9３-９][0-9０-９][-－—\s]?[0-9０-９]{4}[-－—\s]?[0-9０-９]{4}(?![0-9０-９])/gu, '〔电话〕'],
  [/(?<![0-9０-９])[0０][0-9０-９]{2,3}[-－—\s]?[0-9０-９]{7,8}(?![0-9０-９])/gu, '〔电话〕'],
  [/(?<![0-9０-９])[0-9０-９]{15,19}(?![0-9０-９])/gu, '〔证件或卡号〕'],
  [
    /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]/gu,
    '〔车牌〕',
  ],
]

/** A text that people wrote, without the numbers by which somebody can be found. Names have no pattern; they stay. */
export function masked(text: string): string {
  return patterns.reduce((masked, [pattern, instead]) => masked.replaceAll(pattern, instead), text)
}
