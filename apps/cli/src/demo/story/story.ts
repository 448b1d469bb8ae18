import { join } from 'node:path'
import { tellProof, tellReplay } from './audit-chapter.ts'
import { furnish, people } from './county.ts'
import { tellIntake } from './intake-chapter.ts'
import type { Narrator } from '../narrator.ts'
import { tellPromise } from './promise-chapter.ts'
import type { PromiseStory } from './promise-chapter.ts'
import { StoryStage } from './story-stage.ts'
import type { StoryPerson } from './story-stage.ts'

const STARTS_AT = '2025-06-30 17:00'

/** Tells the whole story in a folder. Throws `DemoFault` where something goes otherwise than the story says. */
export async function tellStory(
  folder: string,
  narrator: Narrator,
): Promise<{ data: string; file: string; number: string }> {
  const data = join(folder, 'data')
  const file = join(folder, '留言.jsonl')
  narrator.title('回应 Huiying 演示：云溪县的一个承诺')
  narrator.say(
    '云溪县并不存在，人、单位、道路和留言都是虚构的。每一步都是真实的命令，只有时钟由演示拨动。故事从 2025 年 6 月底讲到年底；每行依次是时间、谁、做了什么。',
  )
  const story = await play(data, file, narrator)
  await tellProof(narrator, data, join(folder, 'copy'), story)
  return { data, file, number: story.number }
}

async function play(data: string, file: string, narrator: Narrator): Promise<PromiseStory> {
  const stage = await StoryStage.open(data, STARTS_AT, narrator)
  try {
    narrator.chapter('准备')
    await furnish(stage, STARTS_AT)
    introduce(narrator)
    await tellIntake(stage, narrator, file)
    const story = await tellPromise(stage, narrator)
    await tellReplay(stage, narrator, story)
    return story
  } finally {
    await stage.huiying.close()
  }
}

function introduce(narrator: Narrator): void {
  const { monitor, coordinator, officer, reviewer, ownVerifier, verifier, auditor } = people
  const of = (department: string, ...persons: StoryPerson[]) =>
    narrator.detail(department, persons.map(({ called }) => called).join('、'))
  of('政务公开办', monitor, coordinator)
  of('交通运输局', officer, reviewer, ownVerifier)
  of('督查室', verifier)
  of('审计局', auditor)
}
