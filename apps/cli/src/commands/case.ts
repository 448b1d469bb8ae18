import { Command } from 'commander'
import { GetCase, instantAt, systemClock } from '#application'
import type { CaseAnswer } from '#application'
import { exitCodes } from '#processes'
import type { Output } from '../output.ts'
import { onStore, Refusal } from '../session.ts'
import { instantOf, local } from '../times.ts'
import {
  commitmentWords,
  deadlineWord,
  fulfilmentWords,
  publicationWords,
  purposeWords,
  responseKindWords,
  responseStateWords,
  statusWords,
} from '../words.ts'

interface Options {
  history: boolean
  at?: string
  asOf?: string
}

export function caseCommand(): Command {
  return new Command('case')
    .description('show one case: now, or as it was')
    .argument('<number>', 'its number 受理编号, or its id')
    .option('--history', 'every event, in order', false)
    .option('--at <time>', 'what was recorded by then: who knew what')
    .option('--as-of <time>', 'what had happened by then, whenever it was recorded')
    .action(
      onStore<[string], Options>(async ({ huiying, output }, number, { history, at, asOf }) => {
        if (at !== undefined && asOf !== undefined) throw new Refusal('INVALID_QUERY', '--at 与 --as-of 只能用一个')
        const moment = {
          at: at === undefined ? null : instantOf(at, true),
          asOf: asOf === undefined ? null : instantOf(asOf, true),
        }
        const answer = await huiying.query(new GetCase({ number, asker: 'operator', history, ...moment }))
        output.data(answer)
        print(output, answer, moment.at ?? moment.asOf ?? instantAt(systemClock.now()))
        return exitCodes.done
      }),
    )
}

function print(output: Output, { case: of, detail, items, commitments, history }: CaseAnswer, moment: string): void {
  output.line(`${of.number}  ${of.title}`)
  output.line(
    `${statusWords[of.status] ?? of.status} · 收件 ${local(of.receivedAt)}${of.lead ? ` · 主办 ${of.lead}` : ''}`,
  )
  for (const deadline of detail.deadlines) {
    const { purpose, due, state, doneAt } = deadline as Record<string, string | null>
    output.line(
      `时限 ${purposeWords[purpose ?? ''] ?? purpose}：${local(due ?? null)} ${deadlineWord(state ?? '', due ?? '', moment)}${doneAt ? `（${local(doneAt)}）` : ''}`,
    )
  }
  for (const item of items) {
    output.line()
    output.line(`— 来件 ${item.author ?? '匿名'} ${local(item.receivedAt)}`)
    output.line(item.content)
  }
  for (const response of detail.responses) {
    const { kind, state, text, publishedAt, department, departmentNamed } = response as Record<string, string | null>
    const said = [
      responseKindWords[kind ?? ''] ?? '答复',
      responseStateWords[state ?? ''] ?? state ?? '',
      department ?? departmentNamed ?? '',
      local(publishedAt ?? null),
    ]
    output.line()
    output.line(`— ${said.filter((word) => word !== '').join(' ')}`)
    if (text) output.line(text)
  }
  for (const commitment of commitments) {
    const { status, fulfilment, publication } = commitment
    output.line()
    output.line(`— 承诺 ${commitment.due} ${commitment.quote}`)
    output.line(
      `  ${commitmentWords[status]} · 落实 ${fulfilmentWords[fulfilment]} · 公开 ${publicationWords[publication]}`,
    )
  }
  if (!history) return
  output.line()
  for (const { revision, type, metadata } of history) {
    const { actor } = metadata
    const who = 'policy' in actor ? `系统 ${actor.policy}` : `${actor.person} ${actor.department} ${actor.role}`
    output.line(`${String(revision).padStart(4)}  ${local(metadata.occurredAt)}  ${type}  ${who}`)
  }
}
