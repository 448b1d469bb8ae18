import type { Matter } from './matter.ts'

/** 物业、电梯、房屋质量、供水、宅基地、不动产登记. */
export const homeMatters: readonly Matter[] = [
  {
    department: 'housing',
    mistakenFor: 'urban-management',
    subject: '物业管理',
    type: 'complaint',
    asks: [
      {
        title: '{estate}停车费说涨就涨',
        body: '{estate}物业没开业主大会就把停车费从每月{n}元涨了一倍，不交就不给抬杆。这样合规吗？',
      },
      {
        title: '停车费收费标准在哪里公示',
        body: '我是{estate}业主，问物业涨价依据，只说“公司定的”。请问标准由谁批、在哪里看？',
      },
      {
        title: '反映{estate}物业乱收费',
        body: '停车费、垃圾费、“装修管理费”一样接一样，业主群里没人同意过。希望主管部门查一查账。',
      },
      {
        title: '不交停车费不让回家',
        body: '昨晚下夜班回{estate}，因为没交涨价后的停车费被拦在门外两个小时，太不讲理了。',
      },
    ],
    demands: ['停止擅自涨价', '公示收费依据', '退还多收费用'],
    answer:
      '我局会同市场监管部门、街道和社区到场核查：该小区停车费上调未经业主共同决定，公示期不足，反映属实。已约谈物业企业，责令恢复原标准。',
    promise: {
      action: '{estate}多收停车费退还',
      quote: '物业企业承诺{due}将多收停车费全部退还业主，我局负责监督到位',
      strength: 'firm',
      enterprise: '云溪安居物业服务有限公司',
      progress: '退费名单已在小区公示栏公示，现金退费窗口已开。',
      done: '{estate}多收停车费退还已完成，退费清单在小区公示栏公示七日，无异议。',
    },
  },
  {
    department: 'housing',
    mistakenFor: 'environment',
    subject: '房屋安全',
    type: 'complaint',
    asks: [
      {
        title: '{estate}电梯三天两头困人',
        body: '{estate}五号楼电梯一个月停了{n}次，上周困了一位老人四十分钟。物业说没钱修，维修基金不是有吗？',
      },
      {
        title: '电梯坏了谁来管',
        body: '我家住十七楼，婆婆腿脚不便，电梯停一次就几天下不了楼。请帮忙协调用维修资金。',
      },
      {
        title: '反映电梯安全隐患',
        body: '开门时轿厢和楼层差一截，孩子差点绊倒。希望不要等出事才管。',
      },
    ],
    demands: ['检修电梯', '启用维修资金'],
    answer:
      '经特种设备检验机构现场检验，该电梯门机和曳引钢丝绳磨损，反映属实。已张贴停用标识，安排物业在单元门口值守、帮助老人上下楼，并指导业主委员会启动维修资金应急使用程序。',
    promise: {
      action: '{estate}五号楼电梯大修',
      quote: '确保{due}完成电梯大修并检验合格',
      strength: 'firm',
      progress: '维修资金已获业主表决通过，配件生产中。',
      done: '{estate}五号楼电梯大修已完成并经检验合格，恢复运行，检验报告张贴在轿厢内。',
    },
  },
  {
    department: 'water',
    mistakenFor: 'housing',
    subject: '城乡供水',
    type: 'help',
    asks: [
      {
        title: '{estate}高层水压太低',
        body: '{estate}八楼以上早晚用水高峰没有水，洗澡洗到一半就停。水费一分没少交，请解决。',
      },
      {
        title: '{village}又停水三天',
        body: '{village}一个月停了{n}次水，也不提前通知，老人只能去井里挑。到底是什么原因？',
      },
      {
        title: '自来水水流像线一样',
        body: '搬进{estate}就没见过正常的水压，热水器打不着火。邻居家都一样。',
      },
      {
        title: '盼通上稳定的自来水',
        body: '{village}在管网末端，抽水时段才有一点水。能不能加个泵？',
      },
    ],
    demands: ['恢复正常供水', '停水提前告知'],
    answer:
      '经供水公司检测，该片区加压泵站设计规模偏小，管网末端压力不足，反映属实。用水高峰期已安排送水车定点送水，今后计划停水提前二十四小时告知。',
    promise: {
      action: '{estate}片区供水加压泵站扩容',
      quote: '确保{due}完成加压泵站扩容，末端水压达到国家标准',
      strength: 'firm',
      progress: '新泵已安装，正在调试自动控制系统。',
      done: '{estate}片区供水加压泵站扩容已完成并投入运行，末端水压监测合格。',
    },
  },
  {
    department: 'water',
    mistakenFor: 'housing',
    subject: '供水服务',
    type: 'consultation',
    asks: [
      {
        title: '水费突然多出一倍是怎么回事',
        body: '上个月水费是平时的两倍，家里没有漏水。请问怎么申请校表？',
      },
      {
        title: '咨询水表过户',
        body: '买了{estate}的二手房，水表还是前房主名字，过户要带什么材料？',
      },
    ],
    demands: ['告知办理方法'],
    answer:
      '阶梯水价按年度累计，您户用水量已进入第二阶梯。对计量有异议的，可凭户号在营业厅申请校表，检定误差超过规定的，费用由供水公司承担并退还多计水费；过户凭不动产权证和双方身份证当场办理。',
    promise: null,
  },
  {
    department: 'natural-resources',
    mistakenFor: 'housing',
    subject: '宅基地管理',
    type: 'consultation',
    asks: [
      {
        title: '{village}申请宅基地要什么条件',
        body: '我家三代五口人住{n}平方米老房子，想在{village}申请宅基地建房，找谁办、要多久？',
      },
      {
        title: '老宅翻建需要审批吗',
        body: '{village}的老房子是危房，想原址翻建，村里说要等规划，请问怎么办理？',
      },
      {
        title: '咨询宅基地确权登记',
        body: '房子是一九九几年建的，一直没有证，听说可以统一确权，我们村什么时候轮到？',
      },
    ],
    demands: ['告知条件和程序'],
    answer:
      '农村村民一户只能拥有一处宅基地。符合分户条件的，向村民小组提出申请，经村民代表会议讨论并公示后报乡镇审批，乡镇应在受理后二十个工作日内答复；原址翻建同样须先取得规划许可和宅基地批准书。',
    promise: {
      action: '{village}宅基地确权登记入户测量',
      quote: '计划{due}完成贵村宅基地确权登记入户测量',
      strength: 'planned',
      target: { measure: '入户测量', unit: '户', between: [120, 460] },
      progress: '测绘单位已进村，权属调查完成一半。',
      done: '{village}宅基地确权登记入户测量已完成，共测量{amount}户，成果在村务公开栏公示。',
    },
  },
  {
    department: 'natural-resources',
    mistakenFor: 'housing',
    subject: '不动产登记',
    type: 'help',
    asks: [
      {
        title: '{estate}交房两年办不下不动产证',
        body: '{estate}交房两年多，开发商说在走流程，孩子上学要用证，请问卡在哪里？',
      },
      {
        title: '为什么我们小区办不了证',
        body: '同样的楼盘别的小区都办了，{estate}就是办不了，契税都交了。',
      },
      {
        title: '求助：不动产证遥遥无期',
        body: '贷款还了两年，证还没见到。希望有关部门牵头解决历史遗留问题。',
      },
    ],
    demands: ['说明原因', '明确办证时间'],
    answer:
      '经查，该项目因开发企业欠缴土地出让金尾款，首次登记未能办理，责任不在购房业主。县里已成立专班，按“证缴分离”原则先行为业主办证，欠款依法另行追缴。',
    promise: {
      action: '{estate}首次登记办理',
      quote: '确保{due}完成该小区首次登记，业主可分批办证',
      strength: 'firm',
      progress: '测绘成果已备案，等待消防验收备案补办。',
      done: '{estate}首次登记办理已完成，业主可凭购房合同和契税票到不动产登记中心办证。',
    },
  },
]
