export { DerivedFile } from './derived-file.ts'
export type { DerivedFileOptions, FileFault } from './derived-file.ts'
