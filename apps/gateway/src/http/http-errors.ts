import { errors } from '#domain'
import type { ErrorTable } from '#domain'

/** What can go wrong with a request before anything is asked of the application. */
export const httpErrors = {
  HEADER_INVALID: {
    status: 400,
    zh: '请求头不符合要求，请按提示修改。',
    en: 'A request header does not fit what it is for. Correct the one named.',
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    zh: '请求缺少 Idempotency-Key；请为每次操作生成一个新键，重试时沿用原键。',
    en: 'The Idempotency-Key header is missing. Make a new key for each act, and keep it when repeating the request.',
  },
  PARAMETERS_INVALID: {
    status: 400,
    zh: '网址中的参数不符合要求，请按提示修改。',
    en: 'Parameters in the path or the query do not fit. Correct those named.',
  },
  BODY_INVALID: {
    status: 400,
    zh: '请求正文不是合法的 UTF-8 编码 JSON，或嵌套过深。',
    en: 'The body is no well-formed JSON in UTF-8, or nested too deeply.',
  },
  URL_INVALID: {
    status: 400,
    zh: '网址格式不正确。',
    en: 'The address is malformed. Check its percent-encoding.',
  },
  REQUEST_INVALID: {
    status: 400,
    zh: '请求不符合 HTTP 协议。',
    en: 'The request is not well-formed HTTP.',
  },
  UNAUTHENTICATED: {
    status: 401,
    zh: '请先登录。',
    en: 'Say who you are: this needs a signed-in person.',
  },
  CROSS_SITE_REFUSED: {
    status: 403,
    zh: '不接受来自其他网站页面的请求。',
    en: 'Requests that change something are not taken from pages of other sites.',
  },
  ROUTE_UNKNOWN: {
    status: 404,
    zh: '没有这个接口，请核对网址。',
    en: 'There is nothing at this address. See /api/docs for what there is.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    zh: '该接口不支持此请求方法。',
    en: 'This address does not take that method; Allow names those it takes.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    zh: '请求传输过慢，已中断，请重试。',
    en: 'The request took too long to arrive. Send it again.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    zh: '请求内容超过上限。',
    en: 'The body is larger than this address takes; the detail says how much that is.',
  },
  URL_TOO_LONG: {
    status: 414,
    zh: '网址过长。',
    en: 'The address is too long.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    zh: '不支持该内容类型。',
    en: 'The body’s Content-Type is not taken here; the detail says which are.',
  },
  HOST_NOT_SERVED: {
    status: 421,
    zh: '本服务不以该域名提供。',
    en: 'This server does not answer under the name in the Host header.',
  },
  RATE_LIMITED: {
    status: 429,
    zh: '请求过于频繁，请稍后重试。',
    en: 'Too many requests. Go on after the time in Retry-After.',
  },
  LIVE_CLIENTS_FULL: {
    status: 429,
    zh: '实时更新连接数已达上限，请关闭多余的页面后重试。',
    en: 'There are as many live connections as may be. Close one, or try again later.',
  },
  IMPORT_QUEUE_FULL: {
    status: 429,
    zh: '等待导入的文件已满，请稍后再上传。',
    en: 'As many files as may be are waiting to be imported. Upload again later.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    zh: '请求头过大。',
    en: 'The request’s headers are too large.',
  },
  INTERNAL: {
    status: 500,
    zh: '系统内部错误；请稍后重试，并将编号告知管理员。',
    en: 'A fault of ours. Tell the operator the number in `instance`; the log says more under it.',
  },
  SERVER_STOPPING: {
    status: 503,
    zh: '服务正在停止，请稍后重试。',
    en: 'The server is stopping. Try again later.',
  },
  TOOK_TOO_LONG: {
    status: 503,
    zh: '处理超时，请稍后重试。',
    en: 'It took too long. Try again later; repeat a command with the same Idempotency-Key.',
  },
} satisfies ErrorTable

/** The one error table, with what HTTP adds. A code never stands in both. */
export const allErrors: ErrorTable = { ...errors, ...httpErrors }
