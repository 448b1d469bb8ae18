import type { ErrorTable } from '../kernel/errors.ts'

/** Why something asked of an import run is refused. */
export const intakeRefusals = {
  IMPORT_NOT_STARTED: {
    status: 409,
    zh: '该导入尚未开始。',
    en: 'The import run has not started. Start it before recording its rows.',
  },
  IMPORT_FINISHED: {
    status: 409,
    zh: '该导入已结束，不能再记录。',
    en: 'The import run has finished and records nothing more. Start another run.',
  },
  REFUSED_ROWS_TOO_LARGE: {
    status: 422,
    zh: '一次记录的被拒行过多或过长，请分批记录。',
    en: 'These refused rows are too long for one event. Record them in smaller batches.',
  },
  REFUSED_ROWS_FULL: {
    status: 409,
    zh: '该导入保存的被拒行已达上限，其余只计数。',
    en: 'The run keeps no more refused rows. Go on counting them; correct the file and import it again.',
  },
  UNKNOWN_REFUSED_ROW: {
    status: 404,
    zh: '该导入没有这一被拒行。',
    en: 'The run refused no such row. Check its number.',
  },
  REFUSED_ROW_CLOSED: {
    status: 409,
    zh: '该被拒行已处理完毕。',
    en: 'That row was taken or dismissed already.',
  },
  REFUSED_ROW_RETRIED_TOO_OFTEN: {
    status: 409,
    zh: '该被拒行重试次数已达上限，请更正后重新导入。',
    en: 'That row was retried too often. Correct it at its source and import it again.',
  },
  DELIVERY_ID_REUSED: {
    status: 409,
    zh: '该投递编号（webhook-id）已用于另一内容，请为每次投递另取编号。',
    en: 'This webhook-id was used for a delivery with other content. Give each delivery an id of its own.',
  },
  DELIVERIES_FULL: {
    status: 429,
    zh: '本小时投递次数已达上限，请把多条来件合并为一次投递，稍后再发。',
    en: 'The channel has sent as many deliveries this hour as are taken. Put more items into each, and send it later.',
  },
} satisfies ErrorTable
