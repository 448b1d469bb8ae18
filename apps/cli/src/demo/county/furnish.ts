import type { Stage } from '../play/stage.ts'
import { departments, someoneWith } from './people.ts'
import { yunxiNorms } from './norms.ts'
import { HOST } from './pages.ts'

/** 云溪县's own settings; channels, norms, holidays and approval policies for all come with the system. */
export async function furnish(stage: Stage): Promise<void> {
  const by = someoneWith('administrator')
  const set = (command: string, payload: object) => stage.give({ by, command, target: null, payload })
  await Promise.all(
    Object.entries(departments).map(([id, name]) =>
      set('DefineDepartment', { department: { id, name, active: true }, reason: null }),
    ),
  )
  await Promise.all([
    set('DefineChannel', {
      channel: { id: 'yunxi-app', name: '云溪百姓通', kind: 'message', active: true },
      reason: '县级掌上平台，2026年起使用',
    }),
    set('DefineFeed', {
      feed: {
        id: 'forum',
        channelId: 'monitoring',
        address: 'https://forum.example/yunxi/feed.xml',
        everyMinutes: 30,
        active: true,
      },
      reason: '本地论坛',
    }),
    set('AdoptNormPack', { pack: yunxiNorms, reason: '云府办发〔2026〕8号' }),
    set('DefineApprovalPolicy', {
      policy: {
        id: 'reports',
        version: 1,
        title: '举报类：单位审核，法制审核，签发人签发',
        appliesTo: { caseTypes: ['report'] },
        levels: ['department-reviewer', 'legal-reviewer', 'signer'],
      },
      reason: '举报件答复须经法制审核',
    }),
    set('SetLimits', {
      limits: { handBacks: 2, recheckPassesForRoutine: 2, stalledAfterDays: 20, recheckAfterDays: 14 },
      reason: '本县承诺事项每两周回头看',
    }),
    set('SetReminders', {
      reminders: { warnWorkingDaysBefore: 1, warnHoursBefore: 2, promiseDaysBefore: 7, dailyAt: '08:30' },
      reason: '每个工作日上班时提醒',
    }),
    set('SetPublicationHosts', { hosts: [HOST], reason: '县政府门户网站' }),
  ])
}
