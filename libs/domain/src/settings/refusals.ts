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
} satisfies ErrorTable
