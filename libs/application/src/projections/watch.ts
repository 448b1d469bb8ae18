import { watchEventFormats } from '#domain'
import type { WatchEvent } from '#domain'
import type { CollectionDefinition, ReadDocument } from '#read-store'
import type { Recorded } from '../recorded.ts'
import type { Projection } from './projection.ts'
import { departmentToken, WHOLE_COUNTY } from './visibility.ts'

type DataOf<Type extends WatchEvent['type']> = Extract<WatchEvent, { type: Type }>['data']
type Sections<Type extends WatchEvent['type']> = Omit<DataOf<Type>, 'department' | 'date' | 'from' | 'to'>

/** 日监测、周提醒: what a department was told on a day, as references. */
export type WatchDocument = ReadDocument & {
  id: string
  department: string
  date: string
  list: ({ drawnAt: string } & Sections<'WatchListDrawn'>) | null
  /** With the list of the week's first working day; `to`: the Sunday. */
  week: ({ givenAt: string; to: string } & Sections<'WeeklyReminderGiven'>) | null
  visibleTo: string[]
}

const lists: CollectionDefinition = {
  name: 'watch-lists',
  projection: 'watch',
  fields: { visibleTo: 'set', department: 'text', date: 'text' },
  lists: [
    { where: [], sort: 'date' },
    { where: ['department'], sort: 'date' },
  ],
}

export const watch: Projection = {
  name: 'watch',
  version: 1,
  collections: [lists],
  handles: new Set(Object.keys(watchEventFormats)),
  async apply(recorded, session) {
    const { type, data, metadata } = recorded as unknown as Recorded<WatchEvent>
    const at = metadata.occurredAt
    const { department } = data
    const date = type === 'WatchListDrawn' ? data.date : data.from
    const id = recorded.stream.slice('watch-'.length)
    await session.update<WatchDocument>('watch-lists', id, (document) => {
      const before: WatchDocument = document ?? {
        id,
        department,
        date,
        list: null,
        week: null,
        visibleTo: [WHOLE_COUNTY, departmentToken(department)],
      }
      if (type === 'WatchListDrawn') {
        const { department: _department, date: _date, ...sections } = data
        return { ...before, list: { drawnAt: at, ...sections } }
      }
      const { department: _department, from: _from, ...week } = data
      return { ...before, week: { givenAt: at, ...week } }
    })
  },
}
