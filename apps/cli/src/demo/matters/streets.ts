import type { Matter } from './matter.ts'

/** 道路、公交、路灯、环境卫生、噪声、河道. */
export const streetMatters: readonly Matter[] = [
  {
    department: 'transport',
    mistakenFor: 'urban-management',
    subject: '道路养护',
    type: 'help',
    asks: [
      {
        title: '{road}坑洼不平，什么时候能修',
        body: '{road}从桥头到{school}门口这一段全是坑，最深的有{n}厘米，下雨天看不出深浅，上周就有孩子骑车摔了。请问什么时候能修？',
      },
      {
        title: '{school}门口的路太烂了',
        body: '每天接送孩子都走{road}，坑越来越大，电动车绕来绕去很危险。希望趁天没冷把路补好。',
      },
      {
        title: '反映{road}路面破损',
        body: '货车把{road}轧坏了，碎石子乱飞，前后几百户人家天天吃灰。打过电话，说是归养护站管，一直没人来。',
      },
      {
        title: '{road}的坑又把车底盘刮了',
        body: '昨晚走{road}，没有灯也没有警示，车底盘刮坏了。这样的路应该先放个警示牌再修。',
      },
      {
        title: '盼修{road}',
        body: '老人去{village}卫生室要走{road}，坑坑洼洼，轮椅根本推不动，请关心一下。',
      },
    ],
    demands: ['修复破损路段', '修复前设置警示标志'],
    answer:
      '经养护站现场查看，{road}桥头至{school}段因重车通行和雨水浸泡，路面沉陷、网裂属实。我局已于当日设置警示标志，对较深坑槽先行用冷补料填平。',
    promise: {
      action: '{road}桥头至{school}段路面修复',
      quote: '确保{due}完成该路段铣刨重铺',
      strength: 'firm',
      target: { measure: '重铺沥青路面', unit: '平方米', between: [600, 2400] },
      progress: '旧路面铣刨完成，正在处理基层，天气允许时摊铺沥青。',
      done: '{road}桥头至{school}段路面修复已完成，重铺沥青{amount}平方米，标线同步施划，恢复双向通行。',
    },
  },
  {
    department: 'transport',
    mistakenFor: 'housing',
    subject: '公共交通',
    type: 'suggestion',
    asks: [
      {
        title: '建议公交车通到{estate}',
        body: '{estate}住了上千户，最近的站台要走{n}分钟，老人买菜看病都不方便。建议把公交线路延伸进来。',
      },
      {
        title: '{estate}什么时候通公交',
        body: '交房时宣传说门口有公交，入住两年了还没影子。早晚高峰打不到车，希望能通一路车。',
      },
      {
        title: '老人盼公交',
        body: '我妈住{estate}，到县医院要转两趟车。能不能在小区门口加一个站？',
      },
    ],
    demands: ['延伸公交线路', '增设停靠站'],
    answer:
      '我局会同公交公司对{estate}周边客流和道路条件作了实地调查：高峰断面客流满足开行条件，进小区道路转弯半径不足，站台宜设在东门外的{road}上。',
    promise: {
      action: '公交线路延伸至{estate}东门',
      quote: '计划{due}将公交线路延伸至小区东门，并设停靠站一对',
      strength: 'planned',
      progress: '站台位置已会同交警确定，车辆调配方案报批中。',
      done: '公交线路延伸至{estate}东门的工作已完成，首班车6:30，末班车19:00，线路已开通运行。',
    },
  },
  {
    department: 'urban-management',
    mistakenFor: 'transport',
    subject: '城市照明',
    type: 'help',
    asks: [
      {
        title: '{road}路灯坏了一排',
        body: '{road}的路灯坏了{n}盏，晚上黑漆漆的，学生下晚自习要打着手电走。请尽快修。',
      },
      {
        title: '晚上走{road}害怕',
        body: '夜班回家必经{road}，整段没有一盏亮的，前几天有人被抢了包。麻烦相关部门管一管。',
      },
      {
        title: '{estate}门口路灯不亮',
        body: '{estate}门口到{road}的路灯半个月不亮了，物业说不归他们管，到底归谁？',
      },
    ],
    demands: ['修复路灯'],
    answer:
      '经照明所夜间巡查，{road}部分路灯因地下电缆老化短路不亮，情况属实。因电缆需整段更换，已先在路口架设临时照明。',
    promise: {
      action: '{road}老化路灯及电缆更换',
      quote: '确保{due}更换全部故障路灯',
      strength: 'firm',
      target: { measure: '更换路灯', unit: '盏', between: [18, 64] },
      progress: '灯具已到货，电缆沟开挖过半。',
      done: '{road}老化路灯及电缆更换已完成，共更换路灯{amount}盏，夜间亮灯率达到百分之百。',
    },
  },
  {
    department: 'urban-management',
    mistakenFor: 'environment',
    subject: '环境卫生',
    type: 'complaint',
    asks: [
      {
        title: '{village}垃圾没人清运',
        body: '{village}村口的垃圾池满了快十天，苍蝇乱飞，臭得不敢开窗。每户都交了卫生费，为什么没人拉？',
      },
      {
        title: '垃圾堆到路上了',
        body: '从{village}出来到{road}的路边全是垃圾袋，狗扒得到处都是。希望多放几个桶，按时清。',
      },
      {
        title: '{village}的垃圾池该换了',
        body: '敞口垃圾池又破又满，下雨污水流到田里。建议换成分类箱，车子天天来收。',
      },
      {
        title: '请解决{village}垃圾问题',
        body: '我们这里一周才收一次垃圾，夏天根本不行。隔壁村天天收，都是一个县，怎么不一样？',
      },
    ],
    demands: ['清运积存垃圾', '增加收集点和清运频次'],
    answer:
      '经查，承担该片区清运的企业车辆故障停运六日，未按合同调配备用车辆，反映属实。我局当日组织清运积存垃圾，并按合同对该企业扣罚当月考核分。',
    promise: {
      action: '{village}敞口垃圾池改造',
      quote: '确保{due}将敞口垃圾池改造为密闭式收集点，清运由每周一次改为每日一次',
      strength: 'firm',
      target: { measure: '新建密闭式收集点', unit: '处', between: [4, 12] },
      progress: '选址已经村民代表会同意，箱体已订购。',
      done: '{village}敞口垃圾池改造已完成，建成密闭式收集点{amount}处，清运车每日上午到村。',
    },
  },
  {
    department: 'environment',
    mistakenFor: 'urban-management',
    subject: '噪声污染',
    type: 'complaint',
    asks: [
      {
        title: '{estate}旁工地半夜施工',
        body: '{road}边的工地连续一周夜里{n}点多还在打桩，家里有高考生和刚满月的孩子，实在没法睡。',
      },
      {
        title: '夜间施工噪音扰民',
        body: '住{estate}三号楼，对面工地凌晨浇混凝土，打电话投诉，来人就停，走了又干。',
      },
      {
        title: '什么时候能睡个安稳觉',
        body: '工地白天不干晚上干，罐车倒车的声音整夜不停。请查一查有没有夜间施工许可。',
      },
    ],
    demands: ['制止夜间违规施工', '依法查处'],
    answer:
      '执法人员于接件次日夜间到场监测，场界噪声超过夜间限值，且施工单位未取得夜间施工证明，反映属实。已责令立即停止夜间作业并立案查处，处罚结果将依法公示。',
    promise: {
      action: '{road}工地噪声自动监测设备安装',
      quote: '确保{due}完成噪声自动监测设备安装并联网',
      strength: 'firm',
      progress: '设备已采购，正在办理接电手续。',
      done: '{road}工地噪声自动监测设备安装已完成并联网，超限自动报警，数据在工地大门外公示。',
    },
  },
  {
    department: 'environment',
    mistakenFor: 'water',
    subject: '水污染防治',
    type: 'complaint',
    asks: [
      {
        title: '{village}前的河沟又黑又臭',
        body: '{village}前面那条沟的水是黑的，一到傍晚臭气熏天，鱼都死光了。上游是不是有人偷排？',
      },
      {
        title: '臭水沟影响{school}上课',
        body: '{school}就在沟边上，教室窗户都不敢开。反映过两次，来人看了看就没下文了。',
      },
      {
        title: '请治理{village}黑臭水体',
        body: '生活污水直排进沟，雨天倒灌到院子里。希望早点接管网、清淤。',
      },
      {
        title: '河沟里的水能不能管管',
        body: '以前还能洗菜，现在站着都熏人。希望把排口封了，水清回来。',
      },
    ],
    demands: ['查清污染来源', '清淤治理'],
    answer:
      '经采样监测，该沟氨氮、透明度两项不达标，主要来自沿线未接管的生活污水排口，未发现工业废水偷排。已封堵排口，并投放生态浮岛应急处理。',
    promise: {
      action: '{village}河沟清淤截污',
      quote: '确保{due}完成清淤和污水接管，消除黑臭',
      strength: 'firm',
      target: { measure: '清理淤泥', unit: '立方米', between: [300, 1800] },
      progress: '截污管铺设完成六成，清淤设备已进场。',
      done: '{village}河沟清淤截污已完成，清理淤泥{amount}立方米，水质监测结果每月公布。',
    },
  },
]
