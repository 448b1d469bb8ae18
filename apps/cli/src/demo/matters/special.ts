import type { DepartmentId } from '../county/people.ts'
import type { Matter } from './matter.ts'

/** What is not like other messages: 敏感, 举报, 不予受理, 移送. */

export const sensitiveMatters: readonly (Matter & { sensitivities: readonly string[] })[] = [
  {
    sensitivities: ['minors', 'safety'],
    department: 'education',
    mistakenFor: 'environment',
    subject: '校园食品安全',
    type: 'complaint',
    asks: [
      {
        title: '{school}食堂饭菜有异味',
        body: '孩子说{school}中午的肉有味道，班里{n}个孩子拉肚子。请查一查食堂的进货，别让孩子吃坏了。',
      },
      { title: '请公开{school}食堂检查结果', body: '家长群里都在传，学校说没问题，希望把检查结果公开出来。' },
    ],
    demands: ['检查食堂', '公开结果'],
    answer:
      '我局会同市场监管、卫健部门到校核查，当日留样检测合格；就诊学生均为普通肠胃不适，已全部返校。食堂冷藏设备温度记录不全属实，已责令限期整改。',
    promise: {
      action: '{school}食堂冷藏设备温度监控改造',
      quote: '确保{due}完成温度监控改造并公开食材溯源信息',
      strength: 'firm',
      progress: '设备已进场安装。',
      done: '{school}食堂冷藏设备温度监控改造已完成，食材溯源二维码在食堂门口公开。',
    },
  },
  {
    sensitivities: ['stability'],
    department: 'human-resources',
    mistakenFor: 'housing',
    subject: '劳动报酬',
    type: 'help',
    asks: [
      {
        title: '{n}名工人准备上街讨薪',
        body: '{estate}项目部欠我们四个月工资，工友们商量后天去县政府门口。我不想闹大，请快点来人。',
      },
    ],
    demands: ['支付工资', '派人到工地协调'],
    answer: '我局劳动监察人员当日到项目部与工人代表面谈，已启动工资保证金先行垫付程序，请工友通过窗口登记，不必聚集。',
    promise: {
      action: '{estate}项目部欠薪垫付',
      quote: '确保{due}由工资保证金先行垫付到位',
      strength: 'firm',
      progress: '垫付申请已批准，银行正在逐户核对账号。',
      done: '{estate}项目部欠薪垫付已完成，工资全部已发放，问题已解决。',
    },
  },
  {
    sensitivities: ['life', 'safety'],
    department: 'housing',
    mistakenFor: 'urban-management',
    subject: '燃气安全',
    type: 'complaint',
    asks: [
      {
        title: '{estate}楼道一股燃气味',
        body: '{estate}三单元楼道连续几天有燃气味，燃气公司来人说“没事”。出了事谁负责？',
      },
    ],
    demands: ['排查燃气泄漏'],
    answer: '燃气抢险人员接报四十分钟到场，检测发现立管接头微量泄漏，已当场更换并保压合格；整栋楼逐户入户安检。',
    promise: {
      action: '{estate}老化燃气立管更换',
      quote: '确保{due}完成全小区老化立管更换',
      strength: 'firm',
      target: { measure: '更换燃气立管', unit: '根', between: [12, 48] },
      progress: '更换过半，未更换楼栋每周巡检两次。',
      done: '{estate}老化燃气立管更换已完成，共更换{amount}根，逐户通气检验合格。',
    },
  },
  {
    sensitivities: ['privacy'],
    department: 'medical-insurance',
    mistakenFor: 'human-resources',
    subject: '医保报销',
    type: 'help',
    asks: [
      {
        title: '病历信息被窗口念出来了',
        body: '在窗口报销，工作人员大声念我的病名，后面排队的都听见了，很难堪。',
      },
    ],
    demands: ['保护个人隐私'],
    answer:
      '经调看录像，窗口人员核对材料时读出病种名称属实，我局向您诚恳道歉。已要求各窗口改用书面核对，并加装一米线和隔断。',
    promise: {
      action: '便民服务大厅医保窗口隔断加装',
      quote: '确保{due}为全部医保窗口加装隔断',
      strength: 'firm',
      progress: '隔断样品已确定。',
      done: '便民服务大厅医保窗口隔断加装已完成，核对材料一律书面进行，已整改。',
    },
  },
]

/** 举报: what it says, and whom it accuses. */
export const reportMatters: readonly (Matter & { accused: readonly DepartmentId[]; routedTo: DepartmentId })[] = [
  {
    accused: ['urban-management'],
    routedTo: 'supervision',
    department: 'urban-management',
    mistakenFor: 'urban-management',
    subject: '工作作风',
    type: 'complaint',
    asks: [
      {
        title: '举报城管中队收“占道费”不开票',
        body: '{road}摆摊的都交过，一个月{n}百元，不给票，不交就收摊子。有收款记录截图。',
      },
    ],
    demands: ['查处乱收费'],
    answer: '经核查，协管人员以“卫生保证金”名义收取现金且未开具票据属实，已责令全额退还，当事人停职接受调查。',
    promise: null,
  },
  {
    accused: ['housing'],
    routedTo: 'supervision',
    department: 'housing',
    mistakenFor: 'housing',
    subject: '工作作风',
    type: 'complaint',
    asks: [
      {
        title: '举报验收走过场',
        body: '{estate}的外墙都裂了，验收居然合格，听说验收那天饭吃得很好。请查一查。',
      },
    ],
    demands: ['复查验收程序'],
    answer: '经查阅档案并现场复核，验收程序缺少一项影像记录，未发现违规宴请；已责令补充检测，检测费用由施工单位承担。',
    promise: null,
  },
  {
    accused: [],
    routedTo: 'environment',
    department: 'environment',
    mistakenFor: 'water',
    subject: '环境违法',
    type: 'complaint',
    asks: [
      {
        title: '举报工业园一家厂夜里偷排',
        body: '{village}下游每天凌晨两点以后水变红，天亮就没了，拍了视频。',
      },
    ],
    demands: ['查处偷排'],
    answer: '执法人员连续三夜布控，当场查获一家小印染作坊私设暗管，已查封设备，案件移送公安机关。',
    promise: null,
  },
]

export interface NotAccepted {
  ground: string
  title: string
  body: string
  basis: string
  notice: string
  rightRoute: string
}

export const notAccepted: readonly NotAccepted[] = [
  {
    ground: 'litigation',
    title: '邻居占了我家地基，法院一直没判',
    body: '和邻居的地界官司打了半年，请领导给法院打个招呼，早点判。',
    basis: '事项已由县人民法院立案审理',
    notice: '您反映的事项已进入诉讼程序，行政机关不宜介入，请等待人民法院依法裁判。',
    rightRoute: '可向承办法官了解进度；经济困难的，可向县法律援助中心申请法律援助。',
  },
  {
    ground: 'arbitration',
    title: '公司不认工伤，仲裁开庭了',
    body: '仲裁已经开过一次庭，公司拿不出考勤，请人社局直接下个决定。',
    basis: '劳动争议仲裁委员会已受理',
    notice: '您的劳动争议已在仲裁程序中，请在裁决作出后按裁决书告知的途径主张权利。',
    rightRoute: '对裁决不服的，可在收到裁决书之日起十五日内向人民法院起诉。',
  },
  {
    ground: 'discipline',
    title: '反映村干部优亲厚友',
    body: '低保名单里有村主任的小舅子，家里有两辆车。',
    basis: '依据纪检监察机关受理范围的规定，涉及党员干部违纪线索由纪检监察机关受理',
    notice: '您反映的线索属于纪检监察机关受理范围，我们已告知您反映渠道，不在本平台办理。',
    rightRoute: '可通过纪检监察机关举报网站或来信来访反映。',
  },
  {
    ground: 'reconsideration',
    title: '对罚款不服，复议还没结果',
    body: '占道经营罚了五百，已经申请复议，请先把罚款退给我。',
    basis: '行政复议机构已受理',
    notice: '您的事项正在行政复议审理中，请等待复议决定。',
    rightRoute: '对复议决定不服的，可依法提起行政诉讼。',
  },
  {
    ground: 'petition-under-way',
    title: '拆迁补偿的信访什么时候答复',
    body: '上个月在信访局登记过，到现在没有答复，再在这里问一次。',
    basis: '同一事项信访部门已受理，尚在办理期限内',
    notice: '您反映的事项信访部门正在办理，期限内将书面答复您，我们不再重复受理。',
    rightRoute: '可凭信访登记号查询办理进度。',
  },
  {
    ground: 'not-ours',
    title: '银行贷款利率太高',
    body: '房贷利率比邻县高，请县里管一管银行。',
    basis: '商业银行利率由其依法自主确定，不属本级政府职权',
    notice: '您反映的事项不属县级政府职权范围。',
    rightRoute: '可向该银行客服反映，或拨打金融消费权益保护热线。',
  },
  {
    ground: 'secret-or-private',
    title: '想查一下邻居家几套房',
    body: '邻居说没房要申请廉租房，请把他家名下房子查出来发给我。',
    basis: '查询他人不动产登记信息须依法定程序',
    notice: '您申请查询的内容涉及他人隐私，不能提供。',
    rightRoute: '如认为其不符合保障条件，可向住房保障部门实名反映，由部门依法核查。',
  },
  {
    ground: 'already-answered',
    title: '第三次问：路灯为什么还不装',
    body: '前两次答复说明年装，我要求今年装。',
    basis: '同一事项已于本月答复，没有新的事实和理由',
    notice: '您反映的事项已作答复，建设时间以答复为准。',
    rightRoute: '如有新的情况，可补充事实和理由后再次反映。',
  },
]

/** 移送: to bodies outside the county's departments. */
export const transferred: readonly {
  to: string
  title: string
  body: string
  basis: string
  receipt: string | null
}[] = [
  {
    to: '清江县人民政府',
    title: '县界那段路谁来修',
    body: '过了界碑两百米全是坑，两边都说归对方。',
    basis: '经核对勘界图，反映路段在清江县境内',
    receipt: '清江收〔2026〕118号',
  },
  {
    to: '国网云溪供电公司',
    title: '电压不稳烧坏了冰箱',
    body: '晚上灯一明一暗，冰箱压缩机烧了，请帮忙解决。',
    basis: '供电质量由供电企业负责',
    receipt: '95598-20260915-0032',
  },
  {
    to: '市住房公积金管理中心云溪管理部',
    title: '公积金提取一直审核中',
    body: '提交了二十天还在审核。',
    basis: '住房公积金由市级中心垂直管理',
    receipt: null,
  },
  {
    to: '县公安局交通警察大队',
    title: '路口红绿灯时间太短',
    body: '老人过马路走到一半就变红灯。',
    basis: '交通信号配时由公安机关交通管理部门负责',
    receipt: '交警收〔2026〕77号',
  },
]
