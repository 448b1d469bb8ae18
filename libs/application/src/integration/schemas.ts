import { z } from 'zod'
import { cloudEventSchema } from './cloud-event.ts'
import { TYPE_PREFIX } from './definition.ts'
import { integrationTypes } from './index.ts'

const FOLDER = 'docs/integration-events'

/** What `docs/integration-events` holds, by path: the schema of each type, and the list of them. */
export function integrationDocuments(): Record<string, string> {
  const types = [...integrationTypes.values()]
  return {
    [`${FOLDER}/README.md`]: list(),
    ...Object.fromEntries(
      types.map((type) => {
        const schema = z.toJSONSchema(cloudEventSchema(type), {
          // A field may be added; whoever reads passes over those that they do not know.
          override: ({ jsonSchema }) => {
            delete jsonSchema.additionalProperties
          },
        })
        const { $schema, ...rest } = schema
        const document = {
          $schema,
          title: `${TYPE_PREFIX}${type.name}`,
          description: `${type.zh}. ${type.en}`,
          ...rest,
        }
        return [`${FOLDER}/${type.name}.json`, `${JSON.stringify(document, null, 2)}\n`]
      }),
    ),
  }
}

function list(): string {
  const rows = [...integrationTypes.values()].map(
    ({ name, of, zh, en }) => `| [${name}](${name}.json) | ${of} | ${zh}. ${en} |`,
  )
  return `# Integration events

Made by \`npm run integration-events\`; a test fails where this differs from the code. What they are and how they come:
[integration.md](../integration.md#integration-events). Each type begins with \`${TYPE_PREFIX}\`.

| type | tells of | what it says |
| --- | --- | --- |
${rows.join('\n')}
`
}
