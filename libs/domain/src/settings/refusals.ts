import type { ErrorTable } from '../kernel/errors.ts'

/** Why a setting is refused. */
export const settingsRefusals = {
  CHANNEL_KIND_FIXED: {
    status: 409,
    zh: '渠道的来件类别一经设定不能更改，请新设渠道。',
    en: 'What a channel’s items are cannot change once it is defined. Define another channel.',
  },
  VERSION_NOT_NEWER: {
    status: 409,
    zh: '版本号必须高于现行版本。',
    en: 'The version must be newer than the one in force. Raise it.',
  },
  NORM_LOOSENS_STATUTE: {
    status: 422,
    zh: '任何设置都不能放宽法律法规和国务院规定的时限。',
    en: 'No setting loosens a norm of statute or State Council. Restore what the detail names.',
  },
  NORM_PACK_INVALID: {
    status: 422,
    zh: '时限规则包有误，请按提示修改。',
    en: 'The norm pack contradicts itself or what is in force. Correct what the detail names.',
  },
  NOTICE_DAY_OUTSIDE_YEAR: {
    status: 422,
    zh: '放假通知所列日期超出该年度及其前后各一个月。',
    en: 'A notice lists days of its year and of the month before and after. Correct the day named.',
  },
  SETTINGS_TOO_MANY: {
    status: 409,
    zh: '该类设置已达数量上限。',
    en: 'There are as many of these as the system takes. Change or deactivate an existing one.',
  },
  APPROVAL_LEVEL_ROLE: {
    status: 422,
    zh: '审计员、管理员和渠道不能作为审批层级。',
    en: 'Auditors, administrators and channels approve nothing. Name another role for the level.',
  },
  CHANNEL_KEYS_FULL: {
    status: 409,
    zh: '该渠道的密钥已达三个，请先吊销不用的。',
    en: 'The channel has three keys that are not spent. Revoke one that is no longer used.',
  },
  CHANNEL_KEY_NEVER_VALID: {
    status: 422,
    zh: '密钥的失效时间须晚于生效时间和现在。',
    en: 'A key must end after it begins, and after now. Name a later end.',
  },
  UNKNOWN_CHANNEL_KEY: {
    status: 404,
    zh: '该渠道没有这个密钥，请核对编号。',
    en: 'The channel has no such key. Check its id.',
  },
  FEED_CHANNEL_FIXED: {
    status: 409,
    zh: '订阅源的渠道一经设定不能更改，请新设订阅源。',
    en: 'The channel of a feed never changes. Define another feed.',
  },
  FEED_OF_MESSAGES: {
    status: 422,
    zh: '订阅源只能用于舆情渠道，留言须由其平台送来。',
    en: 'Feeds bring opinion items. Name a channel of that kind; messages are sent by their platform.',
  },
  FEED_ADDRESS_HAS_PASSWORD: {
    status: 422,
    zh: '订阅源网址不能含有用户名或密码，设置是公开可查的。',
    en: 'A feed’s address holds no user name or password, since settings can be read. Leave them out.',
  },
} satisfies ErrorTable
