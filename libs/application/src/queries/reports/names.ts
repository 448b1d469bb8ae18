import type { Settings } from '#domain'
import { NONE } from '../../projections/casework/tally.ts'

/** What the county calls its departments and channels. */
export interface Names {
  /** Of an id of ours; what an import calls by a name keeps it. */
  department: (id: string | null) => string
  channel: (id: string | null) => string
  /** Everything under which a department, given by its id or its name, may stand in a read model. */
  aliases: (department: string) => ReadonlySet<string>
}

export function namesOf({ departments, channels }: Settings): Names {
  return {
    department: (id) => (id === null || id === NONE ? '未明确单位' : (departments.get(id)?.name ?? id)),
    channel: (id) => (id === null || id === NONE ? '未注明渠道' : (channels.get(id)?.name ?? id)),
    aliases: (department) => {
      const ours = [...departments.values()].filter(({ id, name }) => id === department || name === department)
      return new Set([department, ...ours.flatMap(({ id, name }) => [id, name])])
    },
  }
}
