/** Every way in which a row or a file is refused, with what it says to a clerk and to a developer. `{…}` is filled in. */

export interface RefusalText {
  zh: string
  en: string
}

/** One row is refused; the rest of the file goes on. */
export const rowRefusals = {
  ROW_TOO_LONG: {
    zh: '这一行超过 {max} 个字符，已跳过到下一个换行；请检查是否缺少换行，或拆分后重新导入。',
    en: 'The row is longer than {max} characters and was skipped to the next line break; look for a missing line break, or split it and import it again.',
  },
  TOO_MANY_COLUMNS: {
    zh: '这一行超过 {max} 列，已跳过到下一个换行；请检查分隔符。',
    en: 'The row has more than {max} columns and was skipped to the next line break; check the delimiter.',
  },
  COLUMN_COUNT: {
    zh: '这一行有 {found} 列，表头有 {expected} 列；多半是内容里的逗号或换行没有用引号括起，请补上引号。',
    en: 'The row has {found} columns, the header {expected}; most likely a delimiter or line break inside a text is not quoted: quote it.',
  },
  QUOTE_UNTERMINATED: {
    zh: '第 {column} 列的引号没有结束；已从下一行继续读取，请补上引号。',
    en: 'The quote opened in column {column} never ends; reading went on at the next line. Close the quote.',
  },
  QUOTE_MISPLACED: {
    zh: '第 {column} 列的引号之后还有别的字；已从下一行继续读取。内容里的引号请写成两个。',
    en: 'Text follows the closing quote of column {column}; reading went on at the next line. Write quotes inside a text twice.',
  },
  JSON_INVALID: {
    zh: '这一行不是合法的 JSON；每行应是一个完整的 JSON 对象。',
    en: 'The line is not valid JSON; write one whole JSON object on each line.',
  },
  NOT_AN_OBJECT: {
    zh: '这一行的 JSON 不是对象；每行应是 {"列名": 值} 的形式。',
    en: 'The line is JSON but not an object; write each as {"column": value}.',
  },
  DUPLICATE_KEY: {
    zh: '“{column}”在这一行出现了两次，无法判断以哪个为准；请只保留一个。',
    en: '"{column}" stands twice in the line and nothing says which one counts; keep one.',
  },
  COLUMNS_CONFLICT: {
    zh: '“{column}”和“{other}”都对应 {field}，而内容不同；请用列对应表指定其中一个。',
    en: '"{column}" and "{other}" both mean {field} and differ; name one of them in the column map.',
  },
  FIELD_TYPE: {
    zh: '“{column}”应是文字；数组、对象、小数和超过 2^53 的整数不收，长编号请加引号写成文字。',
    en: '"{column}" must be text; lists, objects, fractions and whole numbers beyond 2^53 are not taken: write long ids as text.',
  },
  CONTROL_CHARACTERS: {
    zh: '“{column}”含有控制字符或残缺字符；请在来源处清除后重新导入。',
    en: '"{column}" holds control characters or broken ones; clean it at its source and import it again.',
  },
  FIELD_TOO_LONG: {
    zh: '“{column}”有 {length} 个字符，最多 {max} 个；系统不会截断，请缩短或改放到正文。',
    en: '"{column}" has {length} characters, {max} at most; nothing is cut off here: shorten it, or move it into the content.',
  },
  ID_MISSING: {
    zh: '缺少编号；没有编号的行无法辨认是否重复，请补上来源系统的编号。',
    en: 'The id is missing; without one nobody can tell a repeat from a new message: add the id of the system it comes from.',
  },
  ID_TOO_LONG: {
    zh: '“{column}”有 {length} 个字符，编号最多 {max} 个；请确认这一列是编号。',
    en: '"{column}" has {length} characters, an id {max} at most; check that this column is the id.',
  },
  ID_DAMAGED: {
    zh: '“{column}”是被电子表格改成科学计数的编号，原编号已丢失；请把该列设为文本后重新导出。',
    en: '"{column}" is an id that a spreadsheet turned into scientific notation; its digits are lost: format the column as text and export again.',
  },
  TEXT_MISSING: {
    zh: '标题和内容都是空的；请至少补上一项。',
    en: 'Both title and content are empty; give at least one.',
  },
  TIME_INVALID: {
    zh: '“{column}”不是有效的时间；请写成 2019-04-25 09:32:09 这样的形式。',
    en: '"{column}" is no time; write it as 2019-04-25 09:32:09.',
  },
  TIME_IN_FUTURE: {
    zh: '“{column}”在未来；请核对年份，或检查本机时钟。',
    en: '"{column}" lies in the future; check the year, or the clock of this machine.',
  },
  REPLY_TIME_MISSING: {
    zh: '有答复却没有答复时间；请补上答复公开的时间。',
    en: 'There is a reply without its time; add when it was published.',
  },
  REPLY_TEXT_MISSING: {
    zh: '有答复时间却没有答复内容；请补上答复全文，或清空答复时间。',
    en: 'There is a time of reply without its text; add the text, or clear the time.',
  },
  REPLY_BEFORE_QUESTION: {
    zh: '答复时间早于来件时间；请核对这两列。',
    en: 'The reply is earlier than the message; check both times.',
  },
  COUNT_INVALID: {
    zh: '“{column}”应是不小于零的整数。',
    en: '"{column}" must be a whole number, zero or more.',
  },
  WISH_INVALID: {
    zh: '“{column}”应是“公开”或“不公开”（也可写 是、否）。',
    en: '"{column}" must be public or private (or yes, no).',
  },
  ADDRESS_INVALID: {
    zh: '“{column}”不是网址；请以 http:// 或 https:// 开头写全。',
    en: '"{column}" is no web address; write it in full, with http:// or https://.',
  },
  ITEM_INVALID: {
    zh: '“{place}”不符合接口说明（{reason}）；请按说明修改后重新发送。',
    en: '"{place}" does not fit the documented form ({reason}); correct it and send the item again.',
  },
} as const satisfies Record<string, RefusalText>

export type RowRefusalCode = keyof typeof rowRefusals

/** The file as a whole can't be read, or not any further. */
export const fileRefusals = {
  FILE_UNREADABLE: {
    zh: '文件无法读取（{reason}）；请检查路径和权限，管道内容请先存成文件。',
    en: 'The file cannot be read ({reason}); check its path and permissions, and save piped input to a file first.',
  },
  FILE_EMPTY: { zh: '文件是空的；请检查导出是否完成。', en: 'The file is empty; check that its export was complete.' },
  FILE_CHANGED: {
    zh: '文件在读取过程中被改动；请等写入完成后重新导入，已收下的行不会重复。',
    en: 'The file changed while it was read; import it again when it is complete: rows already taken are not taken twice.',
  },
  FORMAT_UNSUPPORTED: {
    zh: '这是{found}，不是 CSV 或 JSON Lines；请另存为 CSV（UTF-8）或每行一个 JSON 对象。',
    en: 'This is {found}, neither CSV nor JSON Lines; save it as CSV (UTF-8) or as one JSON object a line.',
  },
  ENCODING_UNKNOWN: {
    zh: '文件的编码无法识别：按 {encoding} 读取时第 {offset} 字节（从 0 数起）无效；请另存为 UTF-8。',
    en: 'The encoding is unknown: read as {encoding}, the byte at offset {offset} is invalid; save the file as UTF-8.',
  },
  HEADER_UNREADABLE: { zh: '表头无法读取：{zh}', en: 'The header cannot be read: {en}' },
  HEADER_UNKNOWN: {
    zh: '第一行的 {count} 列没有一个是认识的列名；请加上表头，或用列对应表说明各列。',
    en: 'None of the {count} columns of the first line has a known name; add a header, or say in a column map what each column is.',
  },
  COLUMN_MISSING: {
    zh: '缺少必需的列：{missing}；请补上，或用列对应表说明是哪一列。',
    en: 'A required column is missing: {missing}; add it, or say in the column map which one it is.',
  },
  COLUMNS_CONFLICT: {
    zh: '“{column}”和“{other}”两列都对应 {field}；请用列对应表指定其中一列。',
    en: 'Columns "{column}" and "{other}" both mean {field}; name one of them in the column map.',
  },
  MAPPING_INVALID: {
    zh: '列对应表有误：{reason}。写法为 字段: 列名，字段可以是 {fields}。',
    en: 'The column map is wrong: {reason}. Write field: column; the fields are {fields}.',
  },
  TOO_MANY_ROWS: {
    zh: '文件超过 {max} 行，之后的没有读取；请拆成几个文件分别导入。',
    en: 'The file has more than {max} rows, the rest was not read; split it and import each part.',
  },
} as const satisfies Record<string, RefusalText>

export type FileRefusalCode = keyof typeof fileRefusals

export type Details = Record<string, string | number>

const DETAIL_CHARACTERS_MAX = 500

/** The text of a refusal with its details filled in: names, some of them the file's, and numbers; never content of a row. */
export function say(text: RefusalText, details: Details = {}): RefusalText {
  const fill = (template: string) =>
    template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      printable(String(details[name] ?? whole), DETAIL_CHARACTERS_MAX),
    )
  return { zh: fill(text.zh), en: fill(text.en) }
}

/** C0 without tab, line feed and carriage return. */
// oxlint-disable-next-line no-control-regex
export const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/** The beginning of a text from a file, fit to be stored and shown: well-formed, no control characters. */
export function printable(text: string, charactersMax: number): string {
  return text.slice(0, charactersMax).toWellFormed().replaceAll(new RegExp(CONTROL_CHARACTERS, 'g'), '\uFFFD')
}

/** Thrown when the file as a whole can't be read. `code` says why; `texts` says it to a clerk, too. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly code: FileRefusalCode
  readonly texts: RefusalText

  constructor(code: FileRefusalCode, details: Details = {}, options?: ErrorOptions) {
    const texts = say(fileRefusals[code], details)
    super(texts.en, options)
    this.code = code
    this.texts = texts
  }
}
