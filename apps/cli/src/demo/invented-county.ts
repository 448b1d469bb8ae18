/** Messages to a county that does not exist: every name, place and number is invented, from a seed. */

export interface InventedMessage {
  id: string
  user: string
  subject: string
  /** As sources write it, with the offset of Beijing. */
  time: string
  body: string
  /** What the county answered; missing where nobody has yet. */
  reply?: string
  reply_time?: string
}

/** The first message's time, and when the last one could have been written: three years. */
const FIRST_MS = Date.UTC(2023, 10, 1)
const LAST_MS = Date.UTC(2026, 9, 31, 12)
const DAY_MS = 86_400_000
/** Characters; each text's own length scatters around them. */
const BODY_LENGTH_MEDIAN = 300
const REPLY_LENGTH_MEDIAN = 270
const REPLY_DAYS_MEDIAN = 7
/** Of a hundred messages, those that nobody ever answered. */
const NEVER_ANSWERED = 8

const surnames = Array.from('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛')
const syllables = Array.from(
  '云溪枫桥青石柳泉松岭梅湾竹坪莲塘鹤鸣白沙清河龙井凤台桂园银杏河口南山北渡东陂西林长塘古渡平川高坝',
)
const villages = ['村', '社区', '新村', '家园', '花苑', '小区', '路', '街', '巷', '大道', '工业园', '安置点']
const departments = [
  '县住建局',
  '县交通运输局',
  '县教体局',
  '县卫健委',
  '县人社局',
  '县城管局',
  '县生态环境局',
  '县农业农村局',
  '县水利局',
  '县市场监管局',
  '县自然资源局',
  '县民政局',
]

interface Matter {
  titles: readonly string[]
  troubles: readonly string[]
  answers: readonly string[]
}

/** `{p}` a place, `{q}` another, `{n}` a number, `{m}` a month. */
const matters: readonly Matter[] = [
  {
    titles: ['{p}路面破损多年无人修', '咨询{p}道路什么时候能够修好', '{p}断头路何时打通', '反映{p}修路进度太慢的问题'],
    troubles: [
      '{p}到{q}这一段路从去年{m}月开挖，到现在围挡还没有拆',
      '路面坑坑洼洼，大车一过尘土飞扬，下雨天积水有{n}厘米深',
      '骑电动车的老人和接送孩子的家长摔倒过好几次',
      '路灯也坏了{n}盏，晚上黑漆漆的什么都看不见',
    ],
    answers: [
      '经现场核实，{p}路段因地下管网迁改，工期较原计划有所推迟',
      '目前雨污管网已完成{n}%，路基工程正在同步施工',
      '我局已督促施工单位增加人员和机械，并对破损处先行填补',
      '计划于{m}月底前完成沥青摊铺并恢复通车',
    ],
  },
  {
    titles: ['{p}物业乱收费问题', '{p}小区停水停电谁来管', '{p}电梯经常故障存在安全隐患', '反映{p}交房后房屋漏水'],
    troubles: [
      '{p}的物业公司没有开业主大会就把停车费涨到了每月{n}元',
      '电梯一个月坏了{n}次，家里有老人上下楼非常不方便',
      '地下车库到处漏水，向物业反映多次都说在走流程',
      '维修基金交了这么多年，从来没有公示过用在哪里',
    ],
    answers: [
      '接到您的反映后，我局会同街道、社区和物业服务企业召开了协调会',
      '经查，该小区停车收费已按规定公示并报备，但未充分征求业主意见',
      '已责令物业公司于{n}日内完成整改，并将维修资金使用情况在小区公示栏公开',
      '业主可依法召开业主大会，按表决结果选聘物业服务企业',
    ],
  },
  {
    titles: ['{p}学区划分咨询', '孩子在{p}上学难的问题', '建议在{p}增设公办幼儿园', '咨询外来务工子女入学政策'],
    troubles: [
      '我们住在{p}，孩子今年要上小学，不知道划到哪个学区',
      '附近只有一所学校，一个班有{n}个学生，教室都坐不下',
      '社保和居住证都办了，学校说还要等通知',
      '校门口上下学时间车辆乱停，孩子过马路很危险',
    ],
    answers: [
      '根据今年义务教育招生工作实施方案，{p}划入第{n}学区',
      '符合条件的随迁子女可凭居住证和社保缴费证明就近申请入学',
      '新建学校已列入教育布局专项规划，正在办理用地手续',
      '我局已商请交警部门在上下学时段安排人员疏导交通',
    ],
  },
  {
    titles: ['{p}夜间施工噪音扰民', '{p}臭水沟污染严重', '反映{p}企业排放废气', '{p}垃圾堆积无人清理'],
    troubles: [
      '{p}工地每天晚上{n}点以后还在施工，吵得全家睡不着觉',
      '河沟里的水又黑又臭，一到夏天蚊子成群',
      '打了{n}次电话，每次来看一看就走了，过两天又是老样子',
      '旁边就是{q}，住着几百户人家，希望尽快处理',
    ],
    answers: [
      '我局执法人员于接件当日到{p}进行了现场检查',
      '经监测，该处夜间噪声为{n}分贝，超过规定限值，已立案查处',
      '已责成属地乡镇清运积存垃圾，并增设收集点{n}处',
      '下一步将加大巡查频次，发现一起查处一起',
    ],
  },
  {
    titles: ['{p}医保报销咨询', '咨询养老保险缴费年限问题', '{p}卫生院看病不方便', '农民工工资被拖欠求助'],
    troubles: [
      '我父亲在{p}住院花了{n}千多元，报销的时候说材料不全',
      '工程去年{m}月就完工了，包工头一直拖着{n}个人的工资不发',
      '窗口和电话说的不一样，来回跑了好几趟',
      '家里条件困难，实在等不起，恳请领导过问一下',
    ],
    answers: [
      '经与您电话联系，所需材料已一次性告知，可在{p}便民服务中心就近办理',
      '经劳动监察大队核查，涉及务工人员{n}名，总承包单位已承诺于{m}月底前付清',
      '参保人员可通过线上平台查询缴费年限，也可到县政务服务大厅社保窗口办理',
      '我局将对窗口服务开展专项整改，避免群众多头跑、重复跑',
    ],
  },
  {
    titles: ['{p}公交线路能否延伸', '建议在{p}设置红绿灯', '{p}违停占道严重', '咨询{p}高铁站规划'],
    troubles: [
      '{p}现在住了上千户人家，最近的公交站要走{n}分钟',
      '这个路口车流量很大，没有红绿灯，去年出了{n}起事故',
      '路两边停满了车，消防车根本进不来',
      '希望相关部门能够实地看一看，听听大家的意见',
    ],
    answers: [
      '经公交公司实地勘察，该路段暂不具备大型车辆通行条件',
      '拟将{n}路公交延伸至{p}，待道路验收后开通',
      '该路口信号灯建设已列入年度计划，预计{m}月底前投入使用',
      '交警大队已在高峰时段加强对违停车辆的劝离和处罚',
    ],
  },
]
const common = [
  '我是{p}的一名普通居民，在这里住了{n}年了',
  '之前也在网上留过言，得到的回复都是正在研究',
  '大家都说这件事情关系到{n}多户人家的切身利益',
  '不知道到底该归哪个部门管，希望能给一个明确的答复',
  '{q}那边的情况和我们一样，人家早就解决了',
  '恳请领导在百忙之中关注一下老百姓的难处，谢谢',
]
const polite = [
  '相关情况已向您作了电话解释，您表示理解',
  '如您对办理情况有疑问，可在工作日致电0000-555{n}{n}咨询',
  '办理结果将在县政府门户网站公开，接受群众监督',
  '同时安排专人负责跟踪，确保件件有着落、事事有回音',
  '由于涉及{p}和{q}两地，需要进一步与有关单位协调',
]

const allTroubles = matters.flatMap(({ troubles }) => troubles)
const allAnswers = matters.flatMap(({ answers }) => answers)

/** Lazily, oldest first; the same seed gives the same messages. */
export function* inventedMessages(count: number, seed: number): Generator<InventedMessage, void, undefined> {
  const random = randomFrom(seed)
  const pick = <Value>(from: readonly Value[]): Value => from[Math.floor(random() * from.length)]!
  const scattered = (median: number): number => median * Math.exp(0.6 * normal(random))
  const place = () => pick(syllables) + pick(syllables) + pick(villages)
  const filled = (text: string) =>
    text.replace(/\{[pqnm]\}/g, (gap) => {
      if (gap === '{m}') return String(1 + Math.floor(random() * 12))
      return gap === '{n}' ? String(2 + Math.floor(random() * 90)) : place()
    })
  const shuffled = (from: readonly string[]) =>
    from.map((text) => ({ text, order: random() })).sort((a, b) => a.order - b.order)
  /** Of the matter first; a long text goes on to others, and only the longest say something twice. */
  const sentences = (lengthMin: number, ...pools: (readonly string[])[]): string => {
    let text = ''
    while (text.length < lengthMin) {
      for (const pool of pools) {
        for (const sentence of shuffled(pool)) {
          if (text.length < lengthMin) text += filled(sentence.text) + pick(['，', '。', '。'])
        }
      }
    }
    return text.replace(/，$/, '。')
  }

  for (let index = 0; index < count; index++) {
    const matter = pick(matters)
    const user = random() < 0.5 ? `${pick(surnames)}${pick(['先生', '女士'])}` : `网友${Math.floor(random() * 1e8)}`
    const subject = filled(pick(matter.titles)) + pick(['', '，请尽快处理', '，恳请领导重视', '，多次反映没有结果'])
    const writtenMs = FIRST_MS + ((LAST_MS - FIRST_MS) * (index + random())) / count
    const body = sentences(scattered(BODY_LENGTH_MEDIAN) - 12, [...matter.troubles, ...common], allTroubles)
    const message: InventedMessage = { id: `${seed}-${index + 1}`, user, subject, time: beijingTime(writtenMs), body }
    const repliedMs = writtenMs + scattered(REPLY_DAYS_MEDIAN) * DAY_MS
    const said = sentences(scattered(REPLY_LENGTH_MEDIAN) - 75, [...matter.answers, ...polite], allAnswers)
    if (random() * 100 >= NEVER_ANSWERED && repliedMs <= LAST_MS) {
      message.reply = `${user}：您好！您反映的“${subject}”收悉。经${pick(departments)}调查核实，现答复如下：${said}感谢您对我县工作的关心和支持！`
      message.reply_time = beijingTime(repliedMs)
    }
    yield message
  }
}

function beijingTime(epochMilliseconds: number): string {
  return `${new Date(epochMilliseconds + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
}

/** Numbers from 0 up to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Of the standard normal distribution (Box–Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
