import type { ErrorTable } from '../kernel/errors.ts'

/** Why something asked of an item is refused. */
export const itemRefusals = {
  ITEM_EMPTY: {
    status: 422,
    zh: '标题和内容不能都为空。',
    en: 'The item has neither a title nor content. Give at least one.',
  },
  ITEM_ERASED: {
    status: 410,
    zh: '该来件已依法删除，不再接收。',
    en: 'The item was erased and takes nothing more, however often it is delivered.',
  },
  ITEM_QUARANTINED: {
    status: 410,
    zh: '该来件已涉密隔离，不再接收。',
    en: 'The item was quarantined as secret and takes nothing more.',
  },
  MESSAGE_NEEDS_NO_CASE: {
    status: 409,
    zh: '留言自有办件，不能挂接到舆情事件；如需合并办理请使用并案。',
    en: 'A message has a case of its own and cannot be attached. To share the work, join its case to another.',
  },
  ITEM_ATTACHED_ELSEWHERE: {
    status: 409,
    zh: '该舆情信息已挂接到另一舆情事件，请先解除挂接。',
    en: 'The item belongs to another case. Detach it there first.',
  },
  ITEM_NOT_ATTACHED: {
    status: 409,
    zh: '该舆情信息没有挂接到这个舆情事件。',
    en: 'The item is not attached to that case.',
  },
  ITEM_CHANGED_SINCE: {
    status: 409,
    zh: '来件内容已更新，请查看最新内容后再研判。',
    en: 'The item was revised after you judged it. Read the present content and decide anew.',
  },
  CHANNEL_NOT_BY_HAND: {
    status: 409,
    zh: '该渠道的来件由平台送来，不在此登记；请选电话、窗口等渠道。',
    en: 'What this channel brings is sent by its platform and not registered by hand. Choose the phone or the window.',
  },
  RECORDING_WITHOUT_CONSENT: {
    status: 422,
    zh: '未经来电人或来访人同意，不得保存录音录像。',
    en: 'A recording is kept only of who agreed to it. Record the consent, or leave the recording out.',
  },
  RECEIVED_IN_FUTURE: {
    status: 422,
    zh: '来电或来访时间不能晚于现在。',
    en: 'It cannot have been received after now. Correct the time.',
  },
} satisfies ErrorTable
