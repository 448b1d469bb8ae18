import type { Matter } from './matter.ts'

/** 学区、校园、工资、社保、医保、网站. */
export const livelihoodMatters: readonly Matter[] = [
  {
    department: 'education',
    mistakenFor: 'natural-resources',
    subject: '义务教育招生',
    type: 'consultation',
    asks: [
      {
        title: '{estate}划到哪个学区',
        body: '孩子明年上小学，我们住{estate}，听说要调整学区，请问划到{school}吗？',
      },
      {
        title: '外来务工子女入学需要什么材料',
        body: '我们夫妻在工业园上班，孩子户口不在本县，想在{school}读书，居住证要办满多久？',
      },
      {
        title: '咨询转学',
        body: '从外县搬回来，孩子读四年级，学期中能转到{school}吗？',
      },
    ],
    demands: ['告知学区和所需材料'],
    answer:
      '按照本年度义务教育招生工作实施方案，适龄儿童按户籍和实际居住地就近入学；随迁子女凭居住证和一方务工证明，在居住地统筹安排。具体学区范围以每年六月公布的招生通告为准。',
    promise: null,
  },
  {
    department: 'education',
    mistakenFor: 'transport',
    subject: '校园安全',
    type: 'suggestion',
    asks: [
      {
        title: '{school}门口接送太乱',
        body: '放学时几百辆电动车挤在{school}门口，孩子在车缝里钻，希望装护栏、分时放学。',
      },
      {
        title: '建议{school}门口设置护栏',
        body: '校门正对{road}，车速很快，家长自发当起了交通员，这不是长久办法。',
      },
      {
        title: '盼给孩子一条安全的上学路',
        body: '{school}门前没有斑马线也没有减速带，请教育局和交警一起看看。',
      },
    ],
    demands: ['设置护栏和减速带', '分时段放学'],
    answer:
      '我局会同交警大队和学校实地勘察，门前通行空间不足、人车混行的情况属实。自下周起学校按年级分三批放学，护学岗由两人增至六人。',
    promise: {
      action: '{school}门前护栏和减速带安装',
      quote: '确保{due}在校门两侧装好护栏、施划斑马线并设减速带',
      strength: 'firm',
      target: { measure: '安装护栏', unit: '米', between: [60, 220] },
      progress: '护栏已进场，斑马线位置已由交警确定。',
      done: '{school}门前护栏和减速带安装已完成，安装护栏{amount}米，施划斑马线两处。',
    },
  },
  {
    department: 'education',
    mistakenFor: 'human-resources',
    subject: '课后服务',
    type: 'complaint',
    asks: [
      {
        title: '课后服务费用怎么还要买教材',
        body: '{school}课后服务交了钱，又让买一套{n}元的练习册，说自愿，可是不买的孩子只能坐着。',
      },
      {
        title: '课后服务是不是自愿的',
        body: '班主任在群里点名没报课后服务的家长，请问这叫自愿吗？',
      },
    ],
    demands: ['停止变相收费', '退还费用'],
    answer:
      '经查，该校课后服务由第三方机构提供，机构人员推销教辅属实，学校管理不到位。已责令停止推销、全额退款，对学校负责人进行约谈。',
    promise: {
      action: '{school}教辅费用退还',
      quote: '确保{due}将已收教辅费用全部退还家长',
      strength: 'firm',
      progress: '退款名单已与家长核对。',
      done: '{school}教辅费用退还已完成，退款明细在班级家长会上说明，问题已整改。',
    },
  },
  {
    department: 'human-resources',
    mistakenFor: 'housing',
    subject: '劳动报酬',
    type: 'help',
    asks: [
      {
        title: '求助：工程款结了工资没结',
        body: '我们{n}个人在{estate}工地做木工，五月就完工了，包工头说甲方没给钱，打电话也不接。家里等钱交学费。',
      },
      {
        title: '拖欠农民工工资',
        body: '在{road}改造工程干了三个月，只发了生活费。求劳动监察帮我们要回血汗钱。',
      },
      {
        title: '讨薪半年没有结果',
        body: '和老乡一起来的，欠条都有，去了三次都让等。请领导过问。',
      },
      {
        title: '工地欠薪，请帮帮我们',
        body: '工资专户里明明有钱，就是不发，我们不想上路堵门，只想按规矩办。',
      },
    ],
    demands: ['足额支付拖欠工资'],
    answer:
      '劳动监察大队已立案，查明分包单位欠发工资属实，总承包单位依法负有先行清偿责任。已向总承包单位送达限期支付指令书，并冻结其工资保证金相应额度。',
    promise: {
      action: '{estate}工地拖欠工资清偿',
      quote: '总承包单位承诺{due}足额清偿全部拖欠工资，我局全程监督',
      strength: 'firm',
      enterprise: '云溪第二建筑工程有限公司',
      target: { measure: '涉及务工人员', unit: '人', between: [9, 58] },
      progress: '工资表已由工人逐一签字确认，首批款项已付。',
      done: '{estate}工地拖欠工资清偿已完成，涉及{amount}人，工资全部已发放到本人银行卡。',
    },
  },
  {
    department: 'human-resources',
    mistakenFor: 'medical-insurance',
    subject: '养老保险',
    type: 'consultation',
    asks: [
      {
        title: '养老保险断缴怎么补',
        body: '换工作断了{n}个月养老保险，能补缴吗，会不会影响退休？',
      },
      {
        title: '灵活就业参保怎么办理',
        body: '自己开小店，想参加职工养老保险，在{village}便民中心能办吗？',
      },
    ],
    demands: ['告知办理方法'],
    answer:
      '因用人单位原因断缴的，由单位补缴；灵活就业人员断缴期间不能补缴，但缴费年限累计计算，不影响以后继续参保。参保登记可在全县任一便民服务中心或网上办理，当场办结。',
    promise: null,
  },
  {
    department: 'medical-insurance',
    mistakenFor: 'human-resources',
    subject: '医保报销',
    type: 'consultation',
    asks: [
      {
        title: '异地住院怎么报销',
        body: '父亲在省城住院花了{n}千多元，出院时没有直接结算，回来报销要带什么？',
      },
      {
        title: '门诊慢病怎么申请',
        body: '母亲高血压多年，听说可以办门诊慢性病，需要去哪家医院鉴定？',
      },
      {
        title: '医保卡余额能给家人用吗',
        body: '听说可以家庭共济，手机上怎么绑定？',
      },
    ],
    demands: ['告知报销办法'],
    answer:
      '异地住院未直接结算的，凭发票、费用清单、出院记录和银行卡，到参保地便民服务中心医保窗口零星报销，二十个工作日内到账；门诊慢性病在县域内二级以上医院申请，材料一次告知；家庭共济可在“云溪医保”线上绑定。',
    promise: null,
  },
  {
    department: 'medical-insurance',
    mistakenFor: 'human-resources',
    subject: '医保服务',
    type: 'complaint',
    asks: [
      {
        title: '{village}便民中心医保窗口经常没人',
        body: '跑了三趟{village}便民中心，医保窗口都说人去开会了。来回一趟车费{n}元，谁来补？',
      },
      {
        title: '报销材料说法不一',
        body: '窗口说要盖章，电话里说不用，来回跑了好几趟，请统一口径。',
      },
    ],
    demands: ['窗口有人值守', '统一材料口径'],
    answer: '经调取监控，该窗口当月三次空岗属实，材料口径前后不一。已对责任人作出处理，并印发一次性告知单。',
    promise: {
      action: '{village}便民中心医保窗口综合受理改造',
      quote: '确保{due}完成窗口综合受理改造，任一窗口均可受理医保业务',
      strength: 'firm',
      progress: '人员培训完成，系统权限正在开通。',
      done: '{village}便民中心医保窗口综合受理改造已完成，任一窗口均可受理医保业务，全部已落实。',
    },
  },
  {
    department: 'open-government',
    mistakenFor: 'education',
    subject: '政府网站',
    type: 'correction',
    asks: [
      {
        title: '招生通告附件打不开',
        body: '县政府网站“义务教育招生”栏目里，学区表附件点开是空白页。',
      },
      {
        title: '办事指南电话是空号',
        body: '网站上{village}便民中心的电话拨过去是空号，请更正。',
      },
      {
        title: '网站文章有错别字',
        body: '九月发布的《致全县居民的一封信》里“截止”应为“截至”，日期也写错了一天。',
      },
    ],
    demands: ['更正内容'],
    answer: '感谢您的细心。经核实，您指出的问题属实，相关页面已更正；我们对同栏目其他页面也作了检查。',
    promise: null,
  },
]
