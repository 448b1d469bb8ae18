import { routes } from '../routes/index.ts'
import { openApiDocument } from './document.ts'
import { errorsPage } from './errors-page.ts'

/** The files of docs/api that follow from the code, by path. */
export function documents(): Record<string, string> {
  return {
    'docs/api/openapi.json': `${JSON.stringify(openApiDocument(routes), null, 2)}\n`,
    'docs/api/errors.md': errorsPage(),
  }
}
