/** What an answer tells the asker. */
export interface Said {
  kind: string
  text: string
}

/** No notice of receipt runs to so many characters; longer answers are not looked through. */
const NOTICE_CHARACTERS_MAX = 400
/** Han characters that must be left over to say something. */
const LEFT_MIN = 7

/**
 * 实质性答复: a final or supplementary answer that says something about the matter. One that, beside greetings, thanks, dates
 * and web addresses, only says that the message was received, passed on or will be answered later answers nothing, whatever
 * kind it was given. Where in doubt it says something. docs/reports.md tells why.
 */
export function isSubstantive({ kind, text }: Said): boolean {
  if (kind !== 'final' && kind !== 'supplementary') return false
  if (text.length > NOTICE_CHARACTERS_MAX) return true
  const left = clausesOf(text).filter((clause) => !saysNothing.some((pattern) => pattern.test(clause)))
  return (left.join('').match(/\p{Script=Han}/gu) ?? []).length >= LEFT_MIN
}

const matter = '(?:留言|来信|来帖|帖|函件|问题|情况|建议|意见|诉求|事项|内容|反映|咨询)'

/** What a clause may say without saying anything about the matter. */
const saysNothing: readonly RegExp[] = [
  // 您的留言已收悉
  new RegExp(`(?:${matter}|^).{0,20}(?:收悉|收到|已阅|知悉|获悉)`, 'u'),
  // 您反映的问题已转县住建局核实、办理; 好转, 转变 and the like are other words
  new RegExp(`(?:${matter}|我[办局们]|已|并).{0,40}?(?<!好)转(?![变化移让账正机入学户制型为出换院弯运])`, 'u'),
  new RegExp(`(?:${matter}|已|并|立即).{0,30}?(?:交办|移交|交(?:由|给)?[^通易]{0,12}(?:部门|单位))`, 'u'),
  // 处理情况会向您反馈, 敬请关注后续回复
  /(?:将|待|会|再|如有|敬请|请|及时).{0,24}(?:反馈|回复|答复|关注|留意)/u,
  /耐心等待|勿重复/u,
  // 关于您反映的问题, 现将有关情况回复如下
  /^(?:关于|对于|就|针对)?[您你]所?(?:反映|提出|咨询)的?(?:上述)?(?:问题|情况|事项|内容)$/u,
  /(?:回复|答复|情况|汇报|说明)如下$/u,
  /^(?:再次|在此|衷心|首先|非常|也)*(?:感谢|谢谢|多谢|祝|敬请|特此|专此|欢迎|希望[您你能])/u,
]

function clausesOf(text: string): string[] {
  return text
    .replaceAll(/https?:\/\/[\w./?=&%#:-]+/gu, '')
    .replaceAll(/\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}日?/gu, '，')
    .replace(/^[^，。！？；：]{0,30}?[您你]好/u, '')
    .replace(/^[^，。！？；：:]{0,6}(?:网友|网民|市民|来信人|同志|朋友|楼主)[^，。！？；：:]{0,20}[：:]/u, '')
    .split(/[，。！？；：,!?;:()（）\s]+/u)
    .map((clause) => clause.replace(/^[“"'].{0,20}?[”"']/u, '').replace(/^[您你]好/u, ''))
}
