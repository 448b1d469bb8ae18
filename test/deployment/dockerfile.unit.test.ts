import { readdir, stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readRoot } from './compose-file.ts'
import { argumentsOf, copiesOf, readDockerfile } from './dockerfile.ts'

const stages = await readDockerfile()
const image = stages.at(-1)!
const root = new URL('../../', import.meta.url)

test('what builds does not lie in the image: it takes from the stages before it what runs, and nothing else', () => {
  expect(stages.map(({ name }) => name)).toEqual(['build', 'dependencies', null])
  expect(copiesOf(image).filter(({ from }) => from !== null)).toEqual([
    { from: 'dependencies', sources: ['node_modules'], target: './node_modules' },
    { from: 'build', sources: ['dist'], target: './dist' },
  ])
})

test('every stage runs on the Node that package.json brings for development', async () => {
  const { dependencies } = JSON.parse(await readRoot('package.json')) as { dependencies: Record<string, string> }
  for (const { image } of stages) expect(image).toBe(`node:${dependencies['node']}-bookworm-slim`)
})

test('packages come from the lock file, without install scripts; those of the image without the tools', () => {
  const [build, dependencies] = stages.map((stage) => argumentsOf(stage, 'RUN'))
  expect(build).toEqual(['npm ci --ignore-scripts', 'npm run build'])
  expect(dependencies).toEqual(['npm ci --ignore-scripts --omit=dev'])
})

test('it runs as somebody who is not root, named by number, and owns nothing but the folders of its volumes', () => {
  expect(argumentsOf(image, 'USER')).toEqual(['10001:10001'])
  expect(image.instructions.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(
    image.instructions.findLastIndex(({ name }) => name === 'COPY' || name === 'RUN'),
  )
  expect(argumentsOf(image, 'COPY').join(' ')).not.toMatch(/--chown|--chmod/)
  expect(argumentsOf(image, 'RUN').join(' ')).toMatch(/--owner=10001 --group=10001 --mode=0700 \/data \/keys$/)
})

test('SIGTERM reaches Node itself', () => {
  expect(argumentsOf(image, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  expect(argumentsOf(image, 'ENTRYPOINT')).toEqual(['[]'])
  const [command] = argumentsOf(image, 'CMD')
  expect(JSON.parse(command!)).toEqual(['node', 'dist/apps/gateway/src/main.js'])
})

test('what lies beside sources and is read at run time lies in the image, where the sources expect it', async () => {
  const beside: string[] = []
  for (const group of ['apps', 'libs']) {
    for (const part of await readdir(new URL(group, root))) {
      for (const name of await readdir(new URL(`${group}/${part}`, root))) {
        if (name !== 'src' && name !== 'test') beside.push(`${group}/${part}/${name}`)
      }
    }
  }
  expect(beside).not.toEqual([])
  const copied = copiesOf(image).filter(({ from }) => from === null)
  for (const path of beside) expect(copied).toContainEqual({ from: null, sources: [path], target: `./${path}` })
})

test('everything that it copies exists, and .dockerignore lets it through and nothing else', async () => {
  const sources = stages
    .flatMap((stage) => copiesOf(stage))
    .filter(({ from }) => from === null)
    .flatMap(({ sources }) => sources)
  for (const source of sources) await expect(stat(new URL(source, root)), source).resolves.toBeDefined()

  const ignore = (await readRoot('.dockerignore')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(ignore[0]).toBe('*')
  const allowed = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(allowed.toSorted()).toEqual([...new Set(sources.map((source) => source.split('/')[0]!))].toSorted())
  expect(ignore.filter((line) => !line.startsWith('!'))).toEqual(['*', '**/node_modules', '**/test'])
})
