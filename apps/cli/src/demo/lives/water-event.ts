import { instantAt } from '#application'
import type { PromiseTerms } from '#domain'
import { departments, someoneWith, staffOf } from '../county/people.ts'
import { waterPosts } from '../matters/posts.ts'
import type { WaterPhase } from '../matters/posts.ts'
import { dataOf, give, look } from '../play/step.ts'
import type { Life } from '../play/step.ts'
import type { Cast } from './cast.ts'
import { Opinion } from './opinion.ts'
import { Pledge } from './pledge.ts'

/** 桥头片区自来水发黄: an event that spreads for days, its grade raised, answered within hours, its promises followed. */

const DAY = '2026-10-13'
const PIPE = {
  action: '桥头片区老旧供水主管更换',
  quote: '确保10月30日前完成桥头片区老旧供水主管更换，费用由供水企业承担',
  done: '桥头片区老旧供水主管更换已完成，更换管道1200米，沿线用户已恢复正常供水。',
  progress: '主管更换累计完成八百米，夜间施工，白天恢复供水。',
}
const TESTS = '坚持每日检测水质并向社会公布结果'
/** Of a hundred posts after the first, by when they are found, and what people know by then. */
const SPREAD: readonly (readonly [at: string, share: number, phase: WaterPhase])[] = [
  [`${DAY} 08:15`, 18, 'alarm'],
  [`${DAY} 09:40`, 30, 'alarm'],
  [`${DAY} 14:10`, 22, 'notice'],
  ['2026-10-14 08:10', 14, 'conference'],
  ['2026-10-15 09:00', 9, 'repair'],
  ['2026-10-16 10:00', 5, 'repair'],
  ['2026-10-18 15:00', 2, 'repair'],
]

/** `posts`: how many are found, about. */
export function waterEvent(posts: number) {
  return function* (cast: Cast): Life {
    const { pace, random, name } = cast
    const subject = '城乡供水'
    const event = new Opinion({ name, pace, random, title: '桥头片区自来水发黄有异味', subject, lead: 'water' })
    const spread = spreading(event, posts)

    pace.at(`${DAY} 07:20`)
    const first = yield* event.post(waterPosts.alarm[0], 320)
    pace.pass(14)
    yield* event.open(instantAt(pace.nowMs - 14 * 60_000))
    pace.pass(3)
    yield* event.attach(first)
    yield* event.triage('general')
    pace.pass(4)
    yield* event.route()
    pace.pass(16)
    yield* event.sign()
    yield* spread.next()
    yield* event.observe(first, 4_100)

    pace.at(`${DAY} 09:30`)
    yield* event.triage('larger', { note: '两小时内转发过百，出现“肚子疼”说法' })
    yield* spread.next()
    pace.at(`${DAY} 10:35`)
    yield* event.observe(first, 26_000)
    yield* gradedAsIncident(event)
    yield* spread.next()

    pace.at(`${DAY} 19:05`)
    yield* pressConference(event)
    yield* event.observe(first, 184_000)
    yield* spread.next()
    pace.at('2026-10-14 09:30')
    yield* strayDetached(event)
    const supervisionId = yield* supervision(event)
    pace.at('2026-10-14 19:40')
    yield* finalAnswer(event)
    const pledges = yield* pledgesOf(event, name)
    yield* spread.next()
    pace.at('2026-10-15 10:20')
    yield* event.act(event.officer, 'AnswerSupervision', {
      supervisionId,
      text: '管道破损点已修复，三次全项检测合格，老旧主管更换方案已报批。',
      attachments: [],
    })
    yield* spread.next()
    pace.at('2026-10-16 11:00')
    yield* event.say(
      'supplementary',
      '桥头片区连续三日出厂水、管网水全项检测合格，检测报告附后。停水期间水费按日减免。',
      'website',
    )
    yield* spread.next()
    pace.at('2026-10-20 09:10')
    yield* event.act(staffOf('supervision', 'verifier')[0], 'CloseSupervision', {
      supervisionId,
      conclusion: '供水恢复，水质合格，承诺事项转入承诺台账跟踪',
    })
    pace.pass(40)
    yield* event.complete('substantiated', '已多轮回应，承诺事项挂账跟踪')
    yield* kept(pledges)
  }
}

/** Each `next` lets those come that are found by then. */
function spreading(event: Opinion, posts: number): { next: () => Life } {
  const batches = SPREAD.values()
  const told: Record<WaterPhase, number> = { alarm: 1, notice: 0, conference: 0, repair: 0 }
  let spread = 1
  return {
    *next() {
      const { value } = batches.next()
      if (value === undefined) return
      const [at, share, phase] = value
      event.pace.at(at)
      for (let left = Math.max(1, Math.round((posts * share) / 100)); left > 0; left -= 1) {
        const texts = waterPosts[phase]
        const order = told[phase]++
        // Who has nothing new to say passes on what others said.
        const text = `${order < texts.length ? '' : '转发：'}${texts[order % texts.length]!}`
        const item = yield* event.post(text, event.random.between(60, 900) * spread++)
        event.pace.pass(1)
        yield* event.attach(item)
        event.pace.pass(event.random.between(1, 3))
      }
    },
  }
}

/** 重大突发事件: five hours from discovery to authoritative information, 24 to a press conference. */
function* gradedAsIncident(event: Opinion): Life {
  const { pace } = event
  const incident = { grade: 'major', setBy: '县应急指挥部', document: '云应急〔2026〕11号' }
  yield* event.triage('major', { incident, note: '县应急指挥部认定为重大突发事件' })
  pace.pass(5)
  const instruction = yield* event.act(someoneWith('leader'), 'ReceiveInstruction', {
    leader: '江北副县长',
    text: '先保供水、先讲实情。正午前发布第一次权威信息，晚上开发布会。',
    due: pace.dueIn(1),
  })
  pace.pass(5)
  const asked = yield* event.act(event.officer, 'RequestAssist', {
    department: 'environment',
    question: '请立即对水源地和出厂水取样检测',
    due: instantAt(pace.nowMs + 2 * 3_600_000),
  })
  pace.pass(38)
  yield* event.act(staffOf('environment', 'officer')[0], 'ReplyAssist', {
    assistId: dataOf<{ assistId: string }>(asked, 'AssistRequested').assistId,
    text: '水源地水质正常；桥头片区管网水浊度、铁超标，未检出有毒有害物质。',
    attachments: [],
  })
  pace.pass(4)
  yield* event.say(
    'interim',
    '云溪水务通报：今晨桥头片区自来水发黄，系主管道破损、泥沙进入所致。水源地水质正常，未检出有毒有害物质，请勿饮用发黄的水。十二处送水点已启用，抢修正在进行，将于今晚召开发布会。',
    'new-media',
  )
  pace.pass(20)
  yield* event.act(event.officer, 'AnswerInstruction', {
    instructionId: dataOf<{ instructionId: string }>(instruction, 'InstructionReceived').instructionId,
    text: '第一次权威信息已发布，送水点十二处，抢修两班倒。',
  })
}

function* pressConference(event: Opinion): Life {
  yield* event.say(
    'interim',
    '发布会实录（摘要）：破损主管铺设于1996年，破损点两处，预计明晨修复；就医人员与水质无直接关联，已建立健康随访；副县长承诺：11月底前完成全县同期管道排查。',
    'press-conference',
  )
  event.pace.pass(30)
  yield* give(event.pace.nowMs, {
    by: someoneWith('coordinator'),
    command: 'MakeCommitment',
    target: null,
    payload: {
      source: { kind: 'press-conference', heldOn: DAY, title: '桥头片区供水情况新闻发布会' },
      origin: 'live',
      madeAt: event.pace.instant,
      terms: termsOf({
        quote: '11月底前完成全县同期管道排查',
        action: '全县1996年前后铺设供水管道排查',
        due: { kind: 'date', date: '2026-11-30', precision: 'month', words: null },
      }),
    },
  })
}

/** One of the posts was about something else. */
function* strayDetached(event: Opinion): Life {
  const stray = yield* event.post('桥头小学门口又堵车了，早高峰水泄不通。', 240)
  event.pace.pass(3)
  yield* event.attach(stray)
  event.pace.pass(20)
  yield* event.detach(stray, '讲的是交通，与供水无关')
}

function* supervision(event: Opinion): Life<string> {
  event.pace.pass(10)
  const issued = yield* event.act(staffOf('supervision', 'verifier')[0], 'IssueSupervision', {
    number: '云督〔2026〕舆1号',
    to: 'water',
    demand: '每日报告抢修、水质和群众安抚情况，直至舆情平息',
    due: event.pace.dueIn(2),
  })
  return dataOf<{ supervisionId: string }>(issued, 'SupervisionIssued').supervisionId
}

/** Within 48 hours of discovery, with two promises. */
function* finalAnswer(event: Opinion): Life {
  yield* event.say(
    'final',
    `关于桥头片区自来水发黄的情况通报：主管道破损点已于今晨修复，管网冲洗完成，三次检测合格，已恢复饮用。${PIPE.quote}；今后${TESTS}。`,
    'website',
    [
      {
        markId: 'pipe',
        terms: termsOf({
          ...PIPE,
          due: { kind: 'date', date: '2026-10-30', precision: 'day', words: null },
          target: { measure: '更换管道', unit: '米', amount: 1_200 },
        }),
      },
      {
        markId: 'tests',
        terms: termsOf({
          quote: TESTS,
          action: '每日检测桥头片区水质并公布结果',
          due: { kind: 'ongoing', reviewEveryMonths: 1, firstReviewOn: '2026-11-14' },
        }),
      },
    ],
  )
}

function termsOf({
  quote,
  action,
  due,
  target = null,
}: Pick<PromiseTerms, 'quote' | 'action' | 'due'> & Partial<PromiseTerms>): PromiseTerms {
  return {
    quote,
    action,
    class: 'act',
    strength: 'firm',
    promisor: { kind: 'department', name: departments.water },
    responsible: 'water',
    due,
    milestones: [],
    target,
    publishAt: null,
  }
}

function* pledgesOf(event: Opinion, name: string): Life<Record<'pipe' | 'tests', Pledge>> {
  event.pace.pass(10)
  const { commitments } = yield* look(event.pace.nowMs, event.caseId)
  const pledge = (quote: string, outcome: Pledge['outcome']) => {
    const { id } = commitments.find((each) => each.quote === quote)!
    const [verifier] = staffOf('supervision', 'verifier')
    const { pace, officer } = event
    return new Pledge({ id, name: `${name}-${outcome.action}`, pace, outcome, officer, verifier })
  }
  return {
    pipe: pledge(PIPE.quote, PIPE),
    tests: pledge(TESTS, {
      action: '每日检测桥头片区水质并公布结果',
      done: '每日检测桥头片区水质并公布结果的要求已落实，本月检测三十一次，全部合格。',
      progress: '每日检测结果均在网站公布。',
    }),
  }
}

function* kept({ pipe, tests }: Record<'pipe' | 'tests', Pledge>): Life {
  pipe.pace.at('2026-10-23 15:00')
  yield* pipe.progress()
  pipe.pace.at('2026-10-29 16:20')
  yield* pipe.keep()
  yield* pipe.inform('settled', '桥头片区供水主管更换已经完成，结果在县政府网站公开。', 'website')
  pipe.pace.at('2026-11-12 10:00')
  yield* tests.fulfil('documents')
  yield* tests.showAt()
}
