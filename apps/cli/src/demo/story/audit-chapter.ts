import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GetCase } from '#application'
import type { CaseAnswer } from '#application'
import { verifyFolder } from '../../../../standalone/src/verify.ts'
import { table } from '../../output.ts'
import { instantOf, local } from '../../times.ts'
import { commitmentWords, statusWords } from '../../words.ts'
import { names, people } from './county.ts'
import type { Narrator } from '../narrator.ts'
import type { PromiseStory } from './promise-chapter.ts'
import { DemoFault } from '../fault.ts'
import type { StoryStage } from './story-stage.ts'

const REPLAYED_AT = '2025-12-30 09:00'
const VERIFIED_AT = '2025-12-30 10:00'
const TAMPERED_AT = '2025-12-30 10:30'

const responseWords: Record<string, string> = { approved: '已签发，未公开', published: '已公开' }

/** The case as it was known on the day before its answer was published, beside what is known now. */
export async function tellReplay(
  stage: StoryStage,
  narrator: Narrator,
  { caseId, number, dayBefore }: PromiseStory,
): Promise<void> {
  narrator.chapter('三、审计：回到那一天，谁知道什么')
  stage.at(REPLAYED_AT)
  narrator.step(instantOf(REPLAYED_AT), people.auditor.called, `回放 ${number} 到公开前一天（${dayBefore.slice(5)}）`)
  const ask = { number: caseId, asker: people.auditor.actor, history: true }
  const then = await stage.huiying.query(new GetCase({ ...ask, at: instantOf(dayBefore, true) }))
  const now = await stage.huiying.query(new GetCase(ask))
  if (then.case.answeredAt !== null || then.commitments.length > 0) throw new DemoFault('回放看到了后来的事')
  const [known, today] = [then, now].map(factsOf)
  const rows = known!.map(([name, value], row) => [name, value, today![row]![1]])
  narrator.lines(table(['', `${dayBefore.slice(5)} 那天`, '今天'], rows))
  narrator.say('到那天为止，经手的人和各自最后一次的时间：')
  narrator.lines(handsOf(then))
}

function factsOf({ case: of, detail, commitments }: CaseAnswer): [name: string, value: string][] {
  const response = detail.responses[0] as Record<string, unknown> | undefined
  const [promise] = commitments
  return [
    ['状态', statusWords[of.status] ?? of.status],
    [
      '答复',
      response
        ? `第 ${String(response['version'])} 稿，${responseWords[String(response['state'])] ?? String(response['state'])}`
        : '无',
    ],
    ['时限', `${local(of.final?.due ?? null).slice(5, 10)}，${of.final?.state === 'met' ? '按时' : '未到'}`],
    ['承诺', promise ? `1 项，${commitmentWords[promise.status] ?? promise.status}` : '还没有'],
  ]
}

/** Whose acts stand in a case's history, each with the last of them. */
function handsOf({ history }: CaseAnswer): string[] {
  const last = new Map<string, string>()
  for (const { metadata } of history ?? []) {
    if ('person' in metadata.actor) last.set(metadata.actor.person, local(metadata.recordedAt).slice(5))
  }
  const rows = [...last].map(([person, at]) => [names.get(person) ?? person, at])
  return table(['经手人', '最后一次'], rows)
}

/** Every chain is walked; then one byte of a copy is changed, and the walk says where. The store is closed by now. */
export async function tellProof(
  narrator: Narrator,
  folder: string,
  copy: string,
  { caseId }: PromiseStory,
): Promise<void> {
  narrator.chapter('四、核验：一个字节也瞒不过')
  const intact = await verify(folder)
  narrator.step(instantOf(VERIFIED_AT), people.auditor.called, '核验全部事件链')
  if (intact.findings.length > 0) throw new DemoFault(`事件链应当完好：${intact.findings[0]!.message}`)
  narrator.consequence(`${intact.streams} 条链、${intact.events} 个事件，完好无改动`)

  await cp(folder, copy, { recursive: true })
  try {
    const revision = tamper(join(copy, 'events.db'), `case-${caseId}`)
    narrator.step(instantOf(TAMPERED_AT), '某人', '在副本里把公开日 07-09 改成 07-08，只动一个字节')
    const { findings } = await verify(copy)
    const [finding] = findings
    if (!finding || findings.length > 1 || finding.stream !== `case-${caseId}` || finding.revision !== revision) {
      throw new DemoFault(`核验没有指出改动之处：${findings.length} 处`)
    }
    narrator.consequence(`核验发现 1 处改动（${finding.code}），第 ${finding.revision} 号事件：${finding.stream}`)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

async function verify(folder: string) {
  const found = {
    events: 0,
    streams: 0,
    findings: [] as { code: string; message: string; stream: string; revision: number }[],
  }
  for await (const message of verifyFolder(folder)) {
    if (message.kind === 'finding') found.findings.push(message.finding)
    if (message.kind === 'done') Object.assign(found, { events: message.events, streams: message.streams })
  }
  return found
}

/** Behind the system's back: makes the answer a day earlier than it was. Gives the event's revision. */
function tamper(path: string, stream: string): number {
  const database = new DatabaseSync(path)
  try {
    const row = database
      .prepare(`
        UPDATE events SET data = replace(data, '"publishedAt":"2025-07-09', '"publishedAt":"2025-07-08')
        WHERE stream = ? AND type = 'ResponsePublished' RETURNING revision`)
      .get(stream) as { revision: number } | undefined
    if (!row) throw new DemoFault('没有找到答复公开的事件')
    return row.revision
  } finally {
    database.close()
  }
}
