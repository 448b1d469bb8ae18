import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const EMITTED_IN_SPITE_OF_ERRORS = 2

/**
 * Builds `dist` before tests that start child processes, so that no child runs an old build. What tsc knows of the last
 * build lies within `dist` and goes with it. Types are checked by `npm run typecheck`; here they are only told of.
 */
export default async function build(): Promise<void> {
  const incrementally = ['--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo']
  try {
    await promisify(execFile)('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', ...incrementally])
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error)) throw error
    process.stderr.write(`the build that the tests run on has errors:\n${String(error.stdout)}`)
    if (error.code !== EMITTED_IN_SPITE_OF_ERRORS) throw error
  }
}
