import { readFileSync } from 'node:fs'
import type { Line } from './load/journal.ts'

type Answer = Extract<Line, { kind: 'answered' }>

/** What loaded processes, one after the other, said before they were killed, and how they contradict themselves. */
export class Told {
  readonly accepted = new Map<string, { stream: string; ids: string[] }>()
  readonly refusals = new Map<string, number>()
  readonly faults: string[] = []
  /** Files of which the import was answered: each row is taken or kept as refused. */
  readonly filesTaken: number[] = []
  kills = 0
  killedBeforeOpen = 0
  rebuilds = 0
  answers = 0
  /** Sent again by a later process after one had died before it heard the answer. */
  repeats = 0
  readonly #begun = new Set<number>()
  readonly #ended = new Set<number>()
  readonly #unanswered = new Set<string>()

  /** Reads what one process wrote; it may have been killed within its last line. */
  read(path: string): void {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    let isOpen = false
    let ownUnanswered = new Set<string>()
    for (const text of lines) {
      const line = JSON.parse(text) as Line
      if (line.kind === 'open') isOpen = true
      else if (line.kind === 'sent') {
        if (this.#unanswered.delete(line.key)) this.repeats += 1
        ownUnanswered.add(line.key)
        const story = /^story-(\d+)-/.exec(line.key)
        if (story) this.#begun.add(Number(story[1]))
      } else if (line.kind === 'answered') {
        ownUnanswered.delete(line.key)
        this.#answered(line)
      } else if (line.kind === 'story-told') this.#ended.add(line.story)
      else if (line.kind === 'file-taken') this.#fileTaken(line)
      else if (line.kind === 'rebuilt') this.rebuilds += 1
      else if (line.kind === 'failed') this.faults.push(`a process failed by itself: ${line.code} ${line.message}`)
    }
    this.kills += 1
    if (!isOpen) this.killedBeforeOpen += 1
    for (const key of ownUnanswered) this.#unanswered.add(key)
  }

  get again(): number[] {
    return [...this.#begun].filter((story) => !this.#ended.has(story))
  }

  get nextStory(): number {
    return Math.max(0, ...this.#begun) + 1
  }

  get nextFile(): number {
    return this.filesTaken.length
  }

  summary(): string {
    const { kills, killedBeforeOpen, answers, repeats, rebuilds } = this
    return (
      `${kills} kills, ${killedBeforeOpen} of them before the folder was open; ${answers} commands answered, ` +
      `${this.accepted.size} of them accepted; ${repeats} given again after a kill took their answer; ` +
      `${this.#ended.size} stories, ${this.filesTaken.length} files, ${rebuilds} rebuilds`
    )
  }

  #answered(answer: Answer): void {
    this.answers += 1
    const before = this.accepted.get(answer.key)
    if (answer.outcome === 'accepted') {
      const { stream, ids } = answer
      if (before && (before.stream !== stream || before.ids.join() !== ids.join())) {
        this.faults.push(`${answer.key} was answered with ${before.ids.join()} and then with ${ids.join()}`)
      }
      this.accepted.set(answer.key, { stream, ids })
      return
    }
    if (before) this.faults.push(`${answer.key} was accepted and later ${answer.outcome} ${answer.code ?? ''}`)
    if (answer.code !== null) this.refusals.set(answer.code, (this.refusals.get(answer.code) ?? 0) + 1)
  }

  #fileTaken({ file }: { file: number }): void {
    if (file !== this.filesTaken.length) this.faults.push(`file ${file} was taken after ${this.filesTaken.length}`)
    this.filesTaken.push(file)
  }
}
