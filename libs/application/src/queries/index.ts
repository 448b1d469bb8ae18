import type { Type } from '@nestjs/common'
import type { IQueryHandler } from '@nestjs/cqrs'
import { ExplainDeadlineHandler } from './explain-deadline.ts'
import { GetCaseHandler } from './get-case.ts'
import { GetImportRunHandler } from './get-import-run.ts'
import { GetSettingsHandler } from './get-settings.ts'
import { GetWatchListHandler } from './get-watch-list.ts'
import { ListCasesHandler } from './list-cases.ts'
import { listHandlers } from './lists.ts'
import { reportHandlers } from './reports/index.ts'
import { GetStatisticsHandler } from './statistics.ts'

export const queryHandlers: Type<IQueryHandler>[] = [
  ListCasesHandler,
  GetCaseHandler,
  GetWatchListHandler,
  ...listHandlers,
  GetStatisticsHandler,
  ExplainDeadlineHandler,
  ...reportHandlers,
  GetImportRunHandler,
  GetSettingsHandler,
]
