import { Inject } from '@nestjs/common'
import { Query, QueryHandler } from '@nestjs/cqrs'
import type { IQueryHandler } from '@nestjs/cqrs'
import type { Position } from '#event-store'
import { PORTS } from '../ports.ts'
import type { Ports } from '../ports.ts'
import type { RunDocument } from '../projections/intake.ts'
import { awaitToken, readerOf } from './reading.ts'
import type { Asker } from './reading.ts'

export interface GetImportRunRequest {
  run: string
  asker: Asker
  token?: Position | null
}

/** What became of one import run; null where there is none, or none that the asker may see. */
export class GetImportRun extends Query<RunDocument | null> {
  readonly request: GetImportRunRequest

  constructor(request: GetImportRunRequest) {
    super()
    this.request = request
  }
}

@QueryHandler(GetImportRun)
export class GetImportRunHandler implements IQueryHandler<GetImportRun> {
  readonly #ports: Ports

  constructor(@Inject(PORTS) ports: Ports) {
    this.#ports = ports
  }

  async execute({ request }: GetImportRun): Promise<RunDocument | null> {
    await awaitToken(this.#ports, 'intake', request.token)
    return (await this.#ports.views.get('import-runs', request.run, readerOf(request.asker))) as RunDocument | null
  }
}
