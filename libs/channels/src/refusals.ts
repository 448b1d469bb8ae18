/** Every way in which a row or a file is refused, with what it says to a clerk and to a developer. `{…}` is filled in. */

export interface RefusalText {
  zh: string
  en: string
}

/** One row is refused; the rest of the file goes on. */
export const rowRefusals = {
  ROW_TOO_LONG: {
    zh: '这一行超过 {max} 个字符，已跳过；请检查是否缺少换行，或拆分后重新导入。',
    en: 'The row is longer than {max} characters and was skipped; look for a missing line break, or split it and import it again.',
  },
  TOO_MANY_COLUMNS: {
    zh: '这一行超过 {max} 列，已跳过；请检查分隔符，或删去右边多余的列。',
    en: 'The row has more than {max} columns and was skipped; check the delimiter, or delete what stands to the right.',
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
    zh: '这一行不是合法的 JSON；每行（或数组的每一项）应是一个完整的 JSON 对象。',
    en: 'This is not valid JSON; each line, or each element of the list, is one whole JSON object.',
  },
  NOT_AN_OBJECT: {
    zh: '这一行的 JSON 不是对象；每行（或数组的每一项）应是 {"列名": 值} 的形式。',
    en: 'This is JSON but not an object; write each as {"column": value}.',
  },
  JSON_TOO_DEEP: {
    zh: '这一项的 JSON 嵌套超过 {max} 层；请去掉不需要的内容后重新导出。',
    en: 'The JSON is nested more than {max} deep; leave out what is not needed and export it again.',
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
  CELL_ERROR: {
    zh: '“{column}”是公式错误 {value}；请在表格里改正后重新导入。',
    en: '"{column}" is the error {value} of a formula; correct it in the sheet and import it again.',
  },
  CELL_NOT_CALCULATED: {
    zh: '“{column}”是公式，文件里没有它的计算结果；请用 Excel 或 WPS 打开并保存一次，再重新导入。',
    en: '"{column}" is a formula whose result the file does not hold; open it in Excel or WPS, save it and import it again.',
  },
  CELL_UNREADABLE: {
    zh: '“{column}”单元格无法读取；请在表格里重新填写，或另存为 .xlsx 后重新导入。',
    en: 'The cell of "{column}" cannot be read; type it again in the sheet, or save the file anew as .xlsx.',
  },
  CELL_TOO_LONG: {
    zh: '“{column}”单元格超过 {max} 个字符；系统不会截断，请拆分后重新导入。',
    en: 'The cell of "{column}" holds more than {max} characters; nothing is cut off here: split it and import it again.',
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
    zh: '“{column}”是被电子表格当作数字的长编号，后面的数字已丢失；请把该列设为文本后重新导出。',
    en: '"{column}" is a long id that a spreadsheet took for a number; its last digits are lost: format the column as text and export again.',
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
    zh: '这是{found}文件，不能导入；请用 Excel 或 WPS 打开后另存为 .xlsx 或 CSV（UTF-8），压缩包请先解压。',
    en: 'This is {found}, which is not taken; open it in Excel or WPS and save it as .xlsx or as CSV (UTF-8), and unpack archives first.',
  },
  FORMAT_MISMATCH: {
    zh: '所选格式是 {wanted}，而文件内容是{found}；请改选格式，或选自动识别。',
    en: 'The format asked for is {wanted}, but the file holds {found}; choose another, or let it be told from the file.',
  },
  XLS_OUTDATED: {
    zh: '这是旧版 Excel 工作簿（.xls）；请用 Excel 或 WPS 打开，另存为 .xlsx 后导入。',
    en: 'This is a workbook of the old kind (.xls); open it in Excel or WPS, save it as .xlsx and import that.',
  },
  WORKBOOK_ENCRYPTED: {
    zh: '工作簿设有打开密码，无法读取；请用 Excel 或 WPS 打开，去掉密码后另存为 .xlsx。',
    en: 'The workbook has a password and cannot be read; open it in Excel or WPS and save it as .xlsx without one.',
  },
  WORKBOOK_MISSING: {
    zh: '这个压缩文件里没有 .xlsx 工作簿；压缩包请先解压，.xlsb、.ods 等请用 Excel 或 WPS 另存为 .xlsx。',
    en: 'There is no .xlsx workbook in this zip file; unpack an archive first, and save .xlsb, .ods and the like as .xlsx.',
  },
  WORKBOOK_DAMAGED: {
    zh: '工作簿已损坏或不完整（{reason}）；请重新下载，或用 Excel、WPS 打开后另存为 .xlsx。',
    en: 'The workbook is damaged or incomplete ({reason}); download it again, or open it in Excel or WPS and save it as .xlsx.',
  },
  WORKBOOK_TOO_LARGE: {
    zh: '工作簿过大：{zh}；请删去不用的工作表、图片和空白区域的格式，拆成几个文件，或另存为 CSV（UTF-8）。',
    en: 'The workbook is too large: {en}; delete unused sheets, pictures and the formats of blank areas, split it, or save it as CSV (UTF-8).',
  },
  WORKBOOK_SIZE_FALSE: {
    zh: '工作簿里的 {part} 解压后比它声明的 {declared} 字节大，已停止读取；请用 Excel 或 WPS 打开后另存为 .xlsx。',
    en: '{part} in the workbook unpacks to more than the {declared} bytes it declares, and was read no further; open it in Excel or WPS and save it as .xlsx.',
  },
  WORKBOOK_XML_UNSAFE: {
    zh: '工作簿里的 {part} 含有{zh}，正常保存的工作簿里不会有；请用 Excel 或 WPS 打开后另存为 .xlsx。',
    en: '{part} in the workbook holds {en}, which no workbook saved as usual does; open it in Excel or WPS and save it as .xlsx.',
  },
  WORKBOOK_NEEDS_FILE: {
    zh: 'Excel 工作簿要从磁盘上的文件读取；请先存成文件。',
    en: 'A workbook is read from a file on disk; save it to one first.',
  },
  SHEET_UNKNOWN: {
    zh: '没有工作表“{sheet}”；可选的有：{sheets}。',
    en: 'There is no sheet "{sheet}"; the workbook has: {sheets}.',
  },
  SHEET_NOT_FOUND: {
    zh: '没有一张可见的工作表有认识的列名；请加上表头，或指明工作表和列对应表。工作表有：{sheets}。',
    en: 'No visible sheet has a column with a known name; add a header, or name the sheet and a column map. The workbook has: {sheets}.',
  },
  SHEET_NOT_APPLICABLE: {
    zh: '这个文件不是 Excel 工作簿，没有工作表可选；请去掉工作表选项。',
    en: 'The file is no workbook and has no sheets to choose from; leave the sheet out.',
  },
  TEMPORARY_FILE_FAILED: {
    zh: '临时文件夹无法写入（{reason}）；请清理磁盘空间，或把工作簿另存为 CSV（UTF-8）后导入。',
    en: 'The temporary folder cannot be written ({reason}); free disk space, or save the workbook as CSV (UTF-8) and import that.',
  },
  JSON_NO_LIST: {
    zh: '没有找到记录的数组；应是 [{…}, {…}]，或一个对象，在 data、rows、items、list 等键下有这样的数组。',
    en: 'There is no list of records; write [{...}, {...}], or an object that holds such a list under data, rows, items, list or the like.',
  },
  JSON_LISTS_SEVERAL: {
    zh: '文件里有不止一个记录数组，只读取了第一个的 {count} 项；请拆成几个文件分别导入。',
    en: 'The file holds more than one list of records, and only the {count} elements of the first were read; import each from a file of its own.',
  },
  JSON_BROKEN: {
    zh: '从第 {row} 项起 JSON 的括号或引号不成对，之后的没有读取；请重新导出。',
    en: 'From element {row} on brackets or quotes do not match, and the rest was not read; export it again.',
  },
  JSON_UNFINISHED: {
    zh: 'JSON 没有写完，读到 {count} 项就结束了；请检查导出是否完成。',
    en: 'The JSON breaks off after {count} elements; check that its export was complete.',
  },
  ENCODING_UNKNOWN: {
    zh: '文件的编码无法识别：按 {encoding} 读取时第 {offset} 字节（从 0 数起）无效；请另存为 UTF-8。',
    en: 'The encoding is unknown: read as {encoding}, the byte at offset {offset} is invalid; save the file as UTF-8.',
  },
  HEADER_UNREADABLE: { zh: '表头无法读取：{zh}', en: 'The header cannot be read: {en}' },
  HEADER_UNKNOWN: {
    zh: '表头所在行的 {count} 列没有一个是认识的列名；请加上表头，或用列对应表说明各列。',
    en: 'None of the {count} columns of the header has a known name; add a header, or say in a column map what each column is.',
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
