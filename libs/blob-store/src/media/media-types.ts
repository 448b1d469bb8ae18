/** A kind of file that a county takes, and the endings that its name may have; the first is given where it has none of them. */
export interface MediaType {
  mediaType: string
  extensions: readonly string[]
}

const office = 'application/vnd.openxmlformats-officedocument'

/**
 * What citizens and staff send as evidence, by the name that detection has for it. Everything else is refused, above all
 * what runs when it is opened (pages, drawings with scripts, programs, documents with macros). Archives are refused, too:
 * nobody sees what is in them before they are unpacked, so that whatever is refused here would come in one; a command
 * takes twenty files, each of which can be looked at. Documents of WPS are told as those of Office, whose forms they have.
 */
export const mediaTypes: Readonly<Record<string, MediaType>> = {
  pdf: { mediaType: 'application/pdf', extensions: ['pdf'] },
  ofd: { mediaType: 'application/ofd', extensions: ['ofd'] },
  doc: { mediaType: 'application/msword', extensions: ['doc', 'wps'] },
  xls: { mediaType: 'application/vnd.ms-excel', extensions: ['xls', 'et'] },
  ppt: { mediaType: 'application/vnd.ms-powerpoint', extensions: ['ppt', 'pps', 'dps'] },
  docx: { mediaType: `${office}.wordprocessingml.document`, extensions: ['docx', 'wps'] },
  xlsx: { mediaType: `${office}.spreadsheetml.sheet`, extensions: ['xlsx', 'et'] },
  pptx: { mediaType: `${office}.presentationml.presentation`, extensions: ['pptx', 'dps'] },
  txt: { mediaType: 'text/plain', extensions: ['txt', 'csv'] },
  jpg: { mediaType: 'image/jpeg', extensions: ['jpg', 'jpeg', 'jfif'] },
  png: { mediaType: 'image/png', extensions: ['png'] },
  apng: { mediaType: 'image/png', extensions: ['png'] },
  gif: { mediaType: 'image/gif', extensions: ['gif'] },
  webp: { mediaType: 'image/webp', extensions: ['webp'] },
  heic: { mediaType: 'image/heic', extensions: ['heic', 'heif'] },
  mp4: { mediaType: 'video/mp4', extensions: ['mp4'] },
  mov: { mediaType: 'video/quicktime', extensions: ['mov'] },
  mp3: { mediaType: 'audio/mpeg', extensions: ['mp3'] },
  m4a: { mediaType: 'audio/mp4', extensions: ['m4a'] },
  wav: { mediaType: 'audio/wav', extensions: ['wav'] },
  amr: { mediaType: 'audio/amr', extensions: ['amr'] },
}

const byMediaType = new Map(Object.values(mediaTypes).map(({ mediaType, extensions }) => [mediaType, extensions]))

/** The endings, without dot, of names of files of a type; none where it is not taken. */
export function extensionsOf(mediaType: string): readonly string[] {
  return byMediaType.get(mediaType) ?? []
}
