#!/usr/bin/env node
import 'reflect-metadata'
import { parseArgs } from 'node:util'
import { exitCodes } from '../exit-codes.ts'
import { demo, temporaryFolder } from './demo.ts'
import { Narrator } from './narrator.ts'

const USAGE = `npm run demo [-- --keep]
  --keep   keep the folder of the stores and say where it is
  --help   this`

process.exitCode = await run(process.argv.slice(2))

async function run(given: string[]): Promise<number> {
  let options: { keep?: boolean; help?: boolean }
  try {
    options = parseArgs({ args: given, options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n${USAGE}\n`)
    return exitCodes.usage
  }
  if (options.help) {
    process.stdout.write(`${USAGE}\n`)
    return exitCodes.done
  }
  return await tell(options.keep ?? false)
}

async function tell(keep: boolean): Promise<number> {
  const narrator = new Narrator((text) => process.stdout.write(text))
  const startedMs = performance.now()
  let remove = () => {}
  try {
    const folder = temporaryFolder()
    remove = folder.remove
    // Interrupted, or read by something that has gone, as in `npm run demo | head`.
    const stop = () => {
      remove()
      process.exit(exitCodes.fault)
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    process.stdout.once('error', stop)
    const { data, file, number } = await demo(folder.path, narrator)
    narrator.blank()
    narrator.say(`演示完毕，用时 ${((performance.now() - startedMs) / 1000).toFixed(1)} 秒。接下来可以试试：`)
    if (keep) {
      narrator.say(`数据保留在 ${folder.path}`)
      narrator.lines([
        `npx huiying --data ${data} case ${number} --history`,
        `npx huiying --data ${data} cases --search 高铁站`,
        `npx huiying --data ${data} verify`,
        `npx huiying --data ${data} import ${file} --channel leaders-mailbox`,
      ])
      return exitCodes.done
    }
    remove()
    narrator.lines([
      '留下数据，自己查看：',
      '  npm run demo -- --keep',
      '试导入自己的留言（CSV 或 JSON Lines）：',
      '  npx huiying import 文件 --channel leaders-mailbox --dry-run',
      '数一数别的时限：',
      '  npx huiying deadline --channel site-corrections --received 2026-09-30',
    ])
    return exitCodes.done
  } catch (error) {
    remove()
    process.stderr.write(`演示中断：${reasonOf(error)}\n`)
    return exitCodes.fault
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.message} (${String(error.code)})` : error.message
}
