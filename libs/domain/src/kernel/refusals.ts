import type { ErrorTable } from './errors.ts'

/** What can go wrong with any command or query, whatever it is about. */
export const commonErrors = {
  INVALID_COMMAND: {
    status: 400,
    zh: '请求内容不符合要求，请按提示修改后重新提交。',
    en: 'The command does not fit its schema. Correct the fields named and send it again.',
  },
  UNKNOWN_COMMAND: {
    status: 404,
    zh: '没有这个操作，请核对操作名称。',
    en: 'There is no such command. Check its name against the list of commands.',
  },
  NOT_FOUND: {
    status: 404,
    zh: '没有找到所指的对象，请核对编号。',
    en: 'There is nothing under that id or number. Check it.',
  },
  ROLE_NOT_ALLOWED: {
    status: 403,
    zh: '您的角色不能进行此操作，请联系有权限的人员。',
    en: 'Your role may not give this command. Ask somebody whose role may.',
  },
  VERSION_CONFLICT: {
    status: 409,
    zh: '内容已被他人更新，请刷新后重试。',
    en: 'Somebody else changed it meanwhile. Read it again and decide anew.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    zh: '同一幂等键已用于另一请求，请换一个键。',
    en: 'This idempotency key was used for another request. Use a new key.',
  },
  UNKNOWN_DEPARTMENT: {
    status: 422,
    zh: '没有这个单位，或该单位已停用。',
    en: 'There is no such department, or it is not active. Name one of the active departments.',
  },
  UNKNOWN_CHANNEL: {
    status: 404,
    zh: '没有这个渠道，或该渠道已停用。',
    en: 'There is no such channel, or it is not active. Name one of the active channels.',
  },
  STREAM_NEARLY_FULL: {
    status: 409,
    zh: '该对象的记录已接近上限，不能再追加；如为办件，请另立新件并注明本件编号。',
    en: 'Its history is nearly full and takes no more from people. For a case, open a new one that names this one.',
  },
  CURSOR_INVALID: {
    status: 400,
    zh: '翻页标记无效，或属于另一查询，请从第一页重新开始。',
    en: 'The cursor is damaged or belongs to another query. Start from the first page.',
  },
  QUERY_TOO_WIDE: {
    status: 400,
    zh: '查询条件过长或过多，请缩短后重试。',
    en: 'The question is too long or asks for too much. Shorten it.',
  },
  VIEW_NOT_READY: {
    status: 503,
    zh: '数据正在更新，请稍后重试。',
    en: 'The view has not caught up yet. Try again after the time in Retry-After.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    zh: '存储暂时不可用，请稍后重试。',
    en: 'The store cannot be reached at the moment. Try again later; nothing was written.',
  },
} satisfies ErrorTable
