#!/usr/bin/env node
import 'reflect-metadata'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodes } from '#processes'
import { inviteToFolder, inviteToServed, sightsOf } from './invitation.ts'
import type { Sights } from './invitation.ts'
import { Narrator } from './narrator.ts'
import { checkFree, serveDemo } from './serve-demo.ts'
import { tellStory } from './story/story.ts'
import { tellCounty, tellDesks } from './tell-county.ts'
import { temporaryFolder } from './temporary-folder.ts'

const USAGE = `npm run demo [-- options]: three months of an invented county, then served on this machine

  --story      the life of one promise instead, step by step
  --no-serve   end when the three months are over
  --port N     where to serve; 3000 or, where that is taken, any
  --items N    how many messages and posts come in, 150 to 2000; 300
  --seed N     another county: 1 to 999999; 1
  --keep       keep the folder of the stores and say where it is
  --help       this`

/** From a terminal, npm passes on a Ctrl-C that has arrived already. */
const SAME_SIGNAL_MS_MAX = 1_000

interface Options {
  story: boolean
  serve: boolean
  port: number | null
  items: number
  seed: number
  keep: boolean
}

process.exitCode = await main(process.argv.slice(2))

async function main(given: string[]): Promise<number> {
  let options: Options | 'help'
  try {
    options = optionsIn(given)
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n${USAGE}\n`)
    return exitCodes.usage
  }
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`)
    return exitCodes.done
  }
  return await run(options)
}

function optionsIn(given: string[]): Options | 'help' {
  const { values } = parseArgs({
    args: given,
    allowNegative: true,
    options: {
      story: { type: 'boolean', default: false },
      serve: { type: 'boolean', default: true },
      port: { type: 'string' },
      items: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const { story, serve, keep } = values
  const port = values.port === undefined ? null : wholeNumber('--port', values.port, 0, 65_535)
  const items = wholeNumber('--items', values.items, 150, 2_000)
  return { story, serve, port, items, seed: wholeNumber('--seed', values.seed, 1, 999_999), keep }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (!(value >= min && value <= max)) throw new RangeError(`${option}: a whole number, ${min} to ${max}`)
  return value
}

/** In a folder of its own, which is gone afterwards unless it is to be kept. */
async function run(options: Options): Promise<number> {
  const narrator = new Narrator((text) => process.stdout.write(text))
  let remove = () => {}
  try {
    const folder = temporaryFolder()
    if (!options.keep) remove = folder.remove
    const leave = () => {
      remove()
      process.exit(exitCodes.fault)
    }
    // Read by something that has gone, as in `npm run demo | head`.
    process.stdout.once('error', leave)
    let done = true
    if (options.story) {
      process.once('SIGINT', leave).once('SIGTERM', leave)
      await story(folder.path, options, narrator)
    } else done = await county(folder.path, options, narrator, stoppedInOrder(leave))
    remove()
    return done ? exitCodes.done : exitCodes.fault
  } catch (error) {
    remove()
    process.stderr.write(`演示中断：${reasonOf(error)}\n`)
    return exitCodes.fault
  }
}

/** Aborted when the demo is told to stop; told again, it leaves at once. */
function stoppedInOrder(leave: () => void): AbortSignal {
  const stopping = new AbortController()
  let toldAtMs = 0
  const stop = () => {
    if (!stopping.signal.aborted) {
      toldAtMs = performance.now()
      stopping.abort()
    } else if (performance.now() - toldAtMs > SAME_SIGNAL_MS_MAX) leave()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return stopping.signal
}

/** Whether it was told to its end. */
async function county(folder: string, options: Options, narrator: Narrator, signal: AbortSignal): Promise<boolean> {
  const { items, seed, serve, port, keep } = options
  const startedMs = performance.now()
  const data = join(folder, 'data')
  if (serve && port !== null) await checkFree(port)
  const lived = await tellCounty({ folder, items, seed, signal }, narrator)
  let close = () => lived.huiying.close()
  let sights: Sights
  try {
    if (signal.aborted) return false
    narrator.chapter(`三个月走完，用时 ${secondsSince(startedMs)} 秒。今天是 11 月 20 日，星期五，桌上有：`)
    await tellDesks(lived.huiying, narrator)
    sights = await sightsOf(lived.huiying)
    if (serve) {
      const served = await serveDemo(lived, data, port)
      close = served.close
      narrator.chapter(`正在 ${served.address} 服务；时钟从 09:20 起照常走`)
      inviteToServed(narrator, served.address, data, sights)
      narrator.blank()
      narrator.say(`Ctrl-C 结束${keep ? `，数据留在 ${folder}` : '，数据随之删除（--keep 可保留）'}。`)
      if (!signal.aborted) await once(signal, 'abort')
    }
  } finally {
    await close()
  }
  if (keep) {
    narrator.chapter(`数据留在 ${folder}`)
    inviteToFolder(narrator, data, sights)
  }
  return true
}

async function story(folder: string, { keep }: Options, narrator: Narrator): Promise<void> {
  const startedMs = performance.now()
  const { data, file, number } = await tellStory(folder, narrator)
  narrator.blank()
  narrator.say(`演示完毕，用时 ${secondsSince(startedMs)} 秒。接下来可以试试：`)
  if (keep) {
    narrator.say(`数据保留在 ${folder}`)
    narrator.lines([
      `npx huiying --data ${data} case ${number} --history`,
      `npx huiying --data ${data} cases --search 高铁站`,
      `npx huiying --data ${data} verify`,
      `npx huiying --data ${data} import ${file} --channel leaders-mailbox`,
    ])
    return
  }
  narrator.lines([
    '留下数据，自己查看：',
    '  npm run demo -- --story --keep',
    '三个月的全县，并在本机服务：',
    '  npm run demo',
    '数一数别的时限：',
    '  npx huiying deadline --channel site-corrections --received 2026-09-30',
  ])
}

function secondsSince(startedMs: number): string {
  return ((performance.now() - startedMs) / 1000).toFixed(1)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.message} (${String(error.code)})` : error.message
}
