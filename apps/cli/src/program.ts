import { Command } from 'commander'
import { actCommand } from './commands/act.ts'
import { caseCommand } from './commands/case.ts'
import { casesCommand } from './commands/cases.ts'
import { channelKeyCommand } from './commands/channel-key.ts'
import { commitmentsCommand } from './commands/commitments.ts'
import { deadLettersCommand } from './commands/dead-letters.ts'
import { deadlineCommand } from './commands/deadline.ts'
import { feedsCommand } from './commands/feeds.ts'
import { importCommand } from './commands/import.ts'
import { importsCommand } from './commands/imports.ts'
import { migrateCommand } from './commands/migrate.ts'
import { rebuildCommand } from './commands/rebuild.ts'
import { refusedCommand } from './commands/refused.ts'
import { registerCommand } from './commands/register.ts'
import { reportCommand } from './commands/report.ts'
import { statsCommand } from './commands/stats.ts'
import { verifyCommand } from './commands/verify.ts'
import { exitCodes } from '#processes'

const DATA = 'the folder of the stores'
const JSON_OUTPUT = 'JSON on standard output, for scripts'

/** `huiying`, with all its commands. */
export function program(): Command {
  const huiying = new Command('huiying')
    .description('回应: every message a case, every promise followed until it is kept and seen to be kept.')
    .option('--data <dir>', DATA, process.env['HUIYING_DATA'] ?? './data')
    .option('--json', JSON_OUTPUT, false)
    .enablePositionalOptions()
    .helpOption('-h, --help', 'what this command does and takes')
    .addHelpText(
      'after',
      `
Exit codes: 0 done · 1 fault · 2 wrong command line · 3 refused · 4 another process holds the store ·
5 verify, rebuild --check or migrate found a difference.
Times are Asia/Shanghai unless they say otherwise.`,
    )
    .showHelpAfterError('(--help says what there is)')
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage)
    })
  const commands = [
    importCommand(),
    registerCommand(),
    casesCommand(),
    caseCommand(),
    commitmentsCommand(),
    refusedCommand(),
    importsCommand(),
    channelKeyCommand(),
    feedsCommand(),
    deadLettersCommand(),
    deadlineCommand(),
    statsCommand(),
    reportCommand(),
    actCommand(),
    rebuildCommand(),
    verifyCommand(),
    migrateCommand(),
  ]
  for (const command of commands) {
    command.option('--data <dir>', DATA)
    if (!command.options.some(({ long }) => long === '--json')) command.option('--json', JSON_OUTPUT)
    huiying.addCommand(command.copyInheritedSettings(huiying))
  }
  return huiying
}
