import type { Random } from '../random.ts'

/** Where things happen in 云溪县. */
export interface Place {
  road: string
  village: string
  estate: string
  school: string
}

const roads = [
  '青石路',
  '滨溪大道',
  '桂园街',
  '望江路',
  '银杏大道',
  '柳桥路',
  '学府路',
  '东渡街',
  '松岭路',
  '古渡巷',
  '梅岭路',
  '清河西路',
]
const villages = [
  '白沙村',
  '莲塘村',
  '鹤坪村',
  '竹湾村',
  '龙井村',
  '高坝村',
  '河口社区',
  '南山社区',
  '枫桥村',
  '泉塘村',
  '西林村',
  '长塘社区',
]
const estates = [
  '溪畔花园',
  '桂园小区',
  '金桥名苑',
  '和顺家园',
  '梅湾新村',
  '东方安置点',
  '滨江一号院',
  '学府佳苑',
  '银杏花苑',
  '柳岸小区',
  '凤台雅居',
  '河口安置小区',
]
const schools = ['青石小学', '云溪三中', '莲塘小学', '滨溪实验学校', '南山小学', '枫桥中学', '龙井小学', '县第二幼儿园']

const surnames = Array.from('赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章')

export interface Asker {
  name: string
  contact: string | null
}

export function somewhere(random: Random): Place {
  return {
    road: random.pick(roads),
    village: random.pick(villages),
    estate: random.pick(estates),
    school: random.pick(schools),
  }
}

/** A name as platforms pass it on; a number that no telephone has. */
export function somebody(random: Random): Asker {
  const name = random.pick(surnames) + random.pick(['先生', '女士', '女士', '先生', '大爷', '老师'])
  const number = String(random.between(0, 9_999)).padStart(4, '0')
  return { name, contact: random.chance(70) ? `1000000${number}` : null }
}
