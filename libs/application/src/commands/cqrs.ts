import { CommandHandler } from '@nestjs/cqrs'
import type { ICommandHandler } from '@nestjs/cqrs'
import { Inject, Injectable } from '@nestjs/common'
import type { Type } from '@nestjs/common'
import { Commander } from './commander.ts'
import type { CommandOutcome, CommandRequest } from './request.ts'
import { commandTable } from './table.ts'

/** What is given to the command bus: one class for each row of the table, each with a handler of its own. */
export abstract class GivenCommand {
  readonly request: Omit<CommandRequest, 'command'>

  constructor(request: Omit<CommandRequest, 'command'>) {
    this.request = request
  }
}

type GivenCommandClass = new (request: Omit<CommandRequest, 'command'>) => GivenCommand

const classes = new Map<string, GivenCommandClass>()

/** One handler for each command of the table, named after it. */
export const commandHandlers: Type<ICommandHandler>[] = [...commandTable.keys()].map((name) => {
  const command = named(name, class extends GivenCommand {})
  classes.set(name, command)
  const handler = named(
    `${name}Handler`,
    class implements ICommandHandler<GivenCommand, CommandOutcome> {
      readonly #commander: Commander

      constructor(commander: Commander) {
        this.#commander = commander
      }

      execute({ request }: GivenCommand): Promise<CommandOutcome> {
        return this.#commander.execute({ ...request, command: name })
      }
    },
  )
  Injectable()(handler)
  Inject(Commander)(handler, undefined, 0)
  CommandHandler(command)(handler)
  return handler
})

/** The command of that name, to be given to the bus; null where the table has none. */
export function commandOf(request: CommandRequest): GivenCommand | null {
  const { command, ...rest } = request
  const given = classes.get(command)
  return given ? new given(rest) : null
}

function named<Class extends object>(name: string, value: Class): Class {
  return Object.defineProperty(value, 'name', { value: name })
}
