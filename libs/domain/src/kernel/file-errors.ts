import type { ErrorTable } from './errors.ts'

/** What can go wrong with a file that a person sends, names in a command or opens. */
export const fileErrors = {
  FILE_HAS_NO_CONTENT: {
    status: 422,
    zh: '文件是空的，请检查后重新上传。',
    en: 'The file is empty. Check it and send it again.',
  },
  FILE_TOO_LARGE: {
    status: 413,
    zh: '文件超过大小限制，请压缩或拆分后上传。',
    en: 'The file is larger than is taken. Make it smaller or split it.',
  },
  FILE_TYPE_NOT_ALLOWED: {
    status: 415,
    zh: '不接收这种文件。请上传 PDF、OFD、Office/WPS 文档（不含宏）、文本、图片、MP4/MOV 视频或录音；压缩包请解压后逐个上传。',
    en: 'Files of this kind are not taken. Send PDF, OFD, Office or WPS documents without macros, text, pictures, MP4 or MOV films or recordings; unpack archives and send each file.',
  },
  FILES_TOO_MANY: {
    status: 409,
    zh: '该对象的文件数已达上限，不能再上传。',
    en: 'It has as many files as it may have and takes no more.',
  },
  FILE_UNKNOWN: {
    status: 422,
    zh: '所指的文件没有上传到该对象，或与上传时不一致；请重新上传，并原样使用返回的文件信息。',
    en: 'The file named was not stored for what the command is for, or not like that. Send it again and name it as the answer does.',
  },
  FILE_RANGE_INVALID: {
    status: 416,
    zh: '所要的字节范围超出了文件，请从头下载。',
    en: 'The range of bytes lies beyond the file. Ask for all of it.',
  },
  FILE_DAMAGED: {
    status: 500,
    zh: '文件已损坏，不能打开；请联系管理员从备份恢复，或重新上传。',
    en: 'The stored file is damaged and is not given out. Have it restored from a backup, or send it again.',
  },
} satisfies ErrorTable
