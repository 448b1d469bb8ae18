import { errors } from '#domain'
import type { ErrorTable } from '#domain'
import { httpErrors } from '../http/http-errors.ts'

/** The one error table as a page for people: docs/api/errors.md. */
export function errorsPage(): string {
  return `# Errors

Written by \`npm run openapi\` from the error tables in the code; a test fails where they differ. Every problem (RFC 9457) has
one of these codes, always with the same status. \`detail\` says what exactly; \`errors\` names the fields that do not fit.

A stale \`If-Match\` is \`VERSION_CONFLICT\` with 409 and not 412: the same refusal is given without the header when somebody
else was faster again and again, and a code has one status.

## Of HTTP

${table(httpErrors)}
## Of commands and queries

${table(errors)}`
}

function table(codes: ErrorTable): string {
  const rows = Object.entries(codes)
    .sort(([a, { status: x }], [b, { status: y }]) => x - y || (a < b ? -1 : 1))
    .map(([code, { status, zh, en }]) => `| \`${code}\` | ${status} | ${zh} | ${en} |`)
  return ['| code | status | 说明 | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}
