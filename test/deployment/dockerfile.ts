import { readRoot } from './compose-file.ts'

export interface Instruction {
  name: string
  arguments: string
}

export interface Stage {
  image: string
  /** Null where it has none. */
  name: string | null
  instructions: Instruction[]
}

/** The stages of the Dockerfile, in order; the last one is the image. */
export async function readDockerfile(): Promise<Stage[]> {
  const text = (await readRoot('Dockerfile')).replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ')
  const stages: Stage[] = []
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line)!
    if (name === 'FROM') {
      const [image, , stage] = rest!.split(' ')
      stages.push({ image: image!, name: stage ?? null, instructions: [] })
    } else {
      stages.at(-1)!.instructions.push({ name: name!, arguments: rest! })
    }
  }
  return stages
}

export interface Copied {
  /** The stage it comes from; null: the folder of this repository. */
  from: string | null
  /** Paths within that, relative to the folder of the application. */
  sources: string[]
  /** Ends with a slash where it is a folder. */
  target: string
}

/** What a stage copies into itself. */
export function copiesOf({ instructions }: Stage): Copied[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ arguments: given }) => {
      const words = given.split(' ')
      const from = words[0]!.startsWith('--from=') ? words.shift()!.slice('--from='.length) : null
      const target = words.pop()!
      return { from, sources: words.map((source) => source.replace(/^\/app\//, '')), target }
    })
}

export function argumentsOf({ instructions }: Stage, name: string): string[] {
  return instructions.filter((each) => each.name === name).map(({ arguments: given }) => given)
}
